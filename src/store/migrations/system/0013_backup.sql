-- When points are made and how long they stay: one row at the most.
create table backup_plan (
    one integer primary key check (one = 1),
    every integer not null,
    nightly integer not null,
    zone text not null,
    nights integer not null,
    test_days integer not null,
    is_on integer not null,
    waits text,
    changed integer not null
) strict;

create table backup_destination (
    id text primary key,
    name text not null unique,
    address text not null,
    pin text not null,
    required integer not null,
    created integer not null,
    used integer,
    fault text
) strict, without rowid;

-- Who can open what is backed up: public keys of age.
create table backup_recipient (
    recipient text primary key,
    name text not null,
    added integer not null,
    added_by text not null
) strict, without rowid;

create table backup_point (
    id text primary key,
    began integer not null,
    ended integer,
    slot integer,
    reason text not null,
    base text,
    state text not null,
    fault text,
    bytes integer not null default 0,
    stored integer not null default 0
) strict, without rowid;

create index backup_point_began on backup_point (began);

-- A verified copy of a point at a destination.
create table backup_copy (
    point text not null references backup_point (id) on delete cascade,
    destination text not null references backup_destination (id) on delete cascade,
    verified integer not null,
    primary key (point, destination)
) strict, without rowid;

create table backup_hold (
    id text primary key,
    reason text not null,
    point text,
    opened integer not null,
    opened_by text not null,
    review integer not null,
    released integer,
    released_by text
) strict, without rowid;

-- What was destroyed; a line here is never changed.
create table backup_destroyed (
    id integer primary key,
    at integer not null,
    point text not null,
    made integer not null,
    destination text not null,
    why text not null,
    files integer not null
) strict;

create table backup_test (
    id integer primary key,
    at integer not null,
    point text not null,
    destination text not null,
    took integer not null,
    fault text,
    report text not null,
    signature blob not null
) strict;

-- When something was last told or looked at that is not to be every minute.
create table backup_told (
    what text primary key,
    at integer not null
) strict, without rowid;
