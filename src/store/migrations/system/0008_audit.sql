-- What a record says since form 2; a line of form 1 keeps the hash it has.
alter table journal add column version integer not null default 1;
alter table journal add column actor_kind text not null default '';
alter table journal add column email text not null default '';
alter table journal add column "grant" text not null default '';
alter table journal add column workspace text not null default '';
alter table journal add column proxies text not null default '';
alter table journal add column device text not null default '';
alter table journal add column browser text not null default '';
alter table journal add column system text not null default '';
alter table journal add column session text not null default '';
alter table journal add column method text not null default '';
alter table journal add column request text not null default '';
alter table journal add column kind text not null default '';
alter table journal add column object_id text not null default '';
alter table journal add column result text not null default 'ok';
alter table journal add column reason text not null default '';
alter table journal add column row_count integer;
alter table journal add column diff text not null default 'null';

alter table chain add column version integer not null default 1;
alter table chain add column actor_kind text not null default '';
alter table chain add column email text not null default '';
alter table chain add column "grant" text not null default '';
alter table chain add column workspace text not null default '';
alter table chain add column proxies text not null default '';
alter table chain add column device text not null default '';
alter table chain add column browser text not null default '';
alter table chain add column system text not null default '';
alter table chain add column session text not null default '';
alter table chain add column method text not null default '';
alter table chain add column request text not null default '';
alter table chain add column kind text not null default '';
alter table chain add column object_id text not null default '';
alter table chain add column result text not null default 'ok';
alter table chain add column reason text not null default '';
alter table chain add column row_count integer;
alter table chain add column diff text not null default 'null';

-- One workspace's records, newest first, without a look at another's.
create index chain_workspace on chain (workspace, seq);

-- How far each file's journal is in the chain; outlives the links themselves.
create table chain_carried (
    file text primary key,
    line integer not null
) strict, without rowid;

insert into chain_carried (file, line) select file, max(line) from chain group by file;

-- The chain's head as it was at a moment, signed: what is cut off after it shows.
create table chain_checkpoint (
    seq integer primary key,
    at integer not null,
    hash blob not null,
    signature blob not null
) strict;

-- Links that were taken out of the chain into a sealed file.
create table chain_segment (
    first integer primary key,
    last integer not null unique,
    first_at integer not null,
    last_at integer not null,
    before blob not null,
    hash blob not null,
    file text not null unique,
    bytes integer not null,
    digest blob not null,
    sealed integer not null
) strict;

create table audit_setting (
    name text primary key,
    value text not null
) strict, without rowid;

-- A filter somebody gave a name to.
create table audit_view (
    workspace text not null references workspace (id),
    user text not null references user (id),
    name text not null,
    query text not null,
    primary key (workspace, user, name)
) strict, without rowid;

-- Where records are sent, and up to which one they were taken.
create table audit_forward (
    name text primary key,
    target text not null,
    seq integer not null,
    sent integer,
    fault text
) strict, without rowid;
