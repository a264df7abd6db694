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
