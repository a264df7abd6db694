-- What an operator said about usage reports. No row: nobody was asked yet.
create table telemetry (
    one integer primary key check (one = 1),
    -- A random name, there only while reports are agreed to.
    instance text,
    decided integer not null,
    decided_by text not null
) strict;

-- Every report that left or set out to, with the very bytes. Without an answer
-- it is not known whether it arrived.
create table telemetry_sent (
    id integer primary key,
    at integer not null,
    way text not null check (way in ('sent', 'file')),
    endpoint text not null,
    body text not null,
    sha256 text not null,
    status integer,
    answer text
) strict;

-- What opens the page of figures for a program; only its hash.
create table metrics_token (
    one integer primary key check (one = 1),
    hash blob not null,
    made integer not null,
    made_by text not null
) strict;

-- When the server was started last.
create table run (
    one integer primary key check (one = 1),
    started integer not null
) strict;

-- The program of each version as it was first started: the same version with
-- another content was changed by somebody.
create table program (
    version text primary key,
    sha256 text not null,
    seen integer not null
) strict, without rowid;
