-- When a closed workspace is destroyed, unless it is opened before; null for
-- those closed before there was such a day.
alter table workspace add column purge integer;

-- What is on its way out. The name of what is gone is emptied; the hash stays,
-- which tells nothing to who does not know what it was.
create table ending (
    id text primary key,
    kind text not null,
    workspace text not null,
    object text not null,
    title text not null,
    hash text not null,
    -- The ending it goes with.
    parent text,
    -- Cleared: out of the files' rows, and not yet out of their pages.
    state text not null check (state in ('going', 'returning', 'cleared', 'gone')),
    asked integer not null,
    asked_by text not null,
    asked_by_name text not null,
    due integer not null,
    -- Later than this it is late.
    late integer not null,
    tries integer not null default 0,
    fault text,
    -- What went, as JSON: words and numbers.
    counts text not null default '{}',
    ended integer
) strict, without rowid;

create unique index ending_once on ending (hash) where state in ('going', 'returning');
create index ending_due on ending (state, due);
create index ending_workspace on ending (workspace, asked);

-- Rows taken out of their tables, to be put back or destroyed.
create table ending_kept (
    ending text not null,
    place text not null,
    position integer not null,
    row text not null,
    primary key (ending, place, position)
) strict, without rowid;

-- What was destroyed here: read again after every restore.
create table tombstone (
    id text primary key,
    kind text not null,
    workspace text not null,
    at integer not null,
    hash text not null
) strict, without rowid;

create table certificate (
    ending text primary key,
    workspace text not null,
    record text not null,
    digest blob not null,
    signature blob not null
) strict, without rowid;

create index certificate_workspace on certificate (workspace);

create table ending_setting (
    name text primary key,
    value text not null
) strict, without rowid;

-- What the clock said when it was last believed, and how long the machine had
-- been up then, in which of its runs.
create table clock_mark (
    one integer primary key check (one = 1),
    wall integer not null,
    up integer not null,
    run text not null
) strict;

-- Archives of all that a workspace has, and who asked for them.
create table data_return (
    id text primary key,
    workspace text not null,
    asked integer not null,
    asked_by text not null,
    asked_by_name text not null,
    sealed text not null check (sealed in ('passphrase', 'recipient')),
    state text not null check (state in ('making', 'ready', 'failed', 'expired')),
    fault text,
    entries integer not null default 0,
    bytes integer not null default 0,
    digest blob,
    made integer,
    expires integer,
    -- The link opens it once.
    link blob unique,
    link_ends integer,
    taken integer,
    taken_from text not null default ''
) strict, without rowid;

create index data_return_workspace on data_return (workspace, asked);
