create table journal (
    id integer primary key,
    at integer not null,
    actor text,
    actor_name text not null,
    via text not null,
    address text not null,
    action text not null,
    object text not null,
    detail text not null
) strict;
