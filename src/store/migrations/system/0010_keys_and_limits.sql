-- Changes of keys: asked for, done. `what` is "instance" or the name of a file.
create table key_change (
    id integer primary key,
    what text not null,
    asked integer not null,
    asked_by text not null,
    done integer,
    fault text
) strict;

create index key_change_open on key_change (what, done);

-- What a file may use, where it differs from what is usual.
create table file_limit (
    file text not null,
    name text not null,
    value integer not null,
    primary key (file, name)
) strict, without rowid;
