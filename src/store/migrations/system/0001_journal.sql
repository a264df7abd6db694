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

-- Every file's journal, in one order, each line sealing the one before.
create table chain (
    seq integer primary key,
    file text not null,
    line integer not null,
    at integer not null,
    actor text,
    actor_name text not null,
    via text not null,
    address text not null,
    action text not null,
    object text not null,
    detail text not null,
    hash blob not null,
    unique (file, line)
) strict;

create index chain_at on chain (at);
