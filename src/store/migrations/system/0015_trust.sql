-- What is found when the instance is held against its promises: how each check
-- stands now, since when, and how it stood before.
create table finding (
    name text primary key,
    level text not null check (level in ('green', 'amber', 'red', 'unknown')),
    said text not null,
    since integer not null
) strict, without rowid;

create table finding_change (
    id integer primary key,
    name text not null,
    level text not null,
    said text not null,
    at integer not null
) strict;

create index finding_change_at on finding_change (at);

-- What is looked at once a day because it takes long: the whole chain, every
-- route. The history of it is in the chain.
create table long_look (
    name text primary key,
    at integer not null,
    is_fine integer not null,
    said text not null
) strict, without rowid;

-- A review of the logs of a period that somebody answered for. The digest is
-- JSON, as it was on the page they signed.
create table log_review (
    id text primary key,
    first integer not null,
    last integer not null,
    digest text not null,
    notes text not null,
    signed integer not null,
    signed_by text not null references user (id),
    signed_name text not null
) strict, without rowid;

create index log_review_last on log_review (last);

-- What the operator says about where this runs.
create table hosting_fact (
    id text primary key,
    kind text not null check (kind in ('site', 'provider', 'certificate', 'contract', 'other')),
    name text not null,
    number text not null,
    ends integer,
    link text not null,
    note text not null,
    changed integer not null,
    changed_by text not null
) strict, without rowid;

-- The wall clock left the path that the machine's own count foretold.
create table clock_jump (
    id integer primary key,
    at integer not null,
    milliseconds integer not null
) strict;
