-- What the tables people made are called and hold. The tables themselves stand
-- beside these, under their own names.
create table _table (
    name text primary key,
    title text not null,
    key text not null,
    created integer not null
) strict, without rowid;

create table _column (
    "table" text not null references _table (name) on update cascade on delete cascade,
    position integer not null,
    name text not null,
    title text not null,
    type text not null,
    primary key ("table", name)
) strict, without rowid;

-- Answers already given to a write, so that sending it twice does it once.
create table _once (
    key text primary key,
    at integer not null
) strict, without rowid;

create index _once_at on _once (at);
