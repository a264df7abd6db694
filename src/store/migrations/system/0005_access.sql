-- A closed workspace lets nobody in and keeps everything.
alter table workspace add column closed integer;
-- Whether somebody else has to agree before an operator comes in.
alter table workspace add column second_person integer not null default 0;

-- Who was invited has not joined yet; who is disabled stays on the list.
alter table membership add column joined integer;
-- How whoever invited them wrote their name: what is shown until they join.
alter table membership add column called text not null default '';
alter table membership add column disabled integer;
-- When they were last here, and when and from where they last came in.
alter table membership add column seen integer;
alter table membership add column entered integer;
alter table membership add column address text not null default '';
alter table membership add column agent text not null default '';

update membership set joined = created
where exists (
    select 1 from user where user.id = membership.user and user.password is not null
) or exists (select 1 from session where session.user = membership.user);

create index membership_user on membership (user);

alter table user add column entered integer;
alter table user add column address text not null default '';
alter table user add column agent text not null default '';

-- An operator may be signed in without being in any workspace.
create table session_next (
    hash blob primary key,
    user text not null references user (id),
    workspace text references workspace (id),
    created integer not null,
    seen integer not null,
    expires integer not null,
    address text not null,
    agent text not null
) strict, without rowid;

insert into session_next (hash, user, workspace, created, seen, expires, address, agent)
select hash, user, workspace, created, seen, expires, address, agent from session;

drop table session;

alter table session_next rename to session;

create index session_user on session (user);

-- The workspace an invitation lets its owner join. Opens no session by itself.
create table invitation (
    hash blob primary key,
    workspace text not null references workspace (id),
    user text not null references user (id),
    expires integer not null
) strict, without rowid;

create index invitation_user on invitation (user);

insert into invitation (hash, workspace, user, expires)
select link.hash, membership.workspace, link.user, link.expires
from link join membership on membership.user = link.user and membership.joined is null
where link.purpose = 'join';

-- An admin's word that operators may come in for support, until then.
create table support_offer (
    id text primary key,
    workspace text not null references workspace (id),
    role text not null,
    note text not null,
    made integer not null,
    made_by text not null references user (id),
    ends integer not null,
    ended integer
) strict, without rowid;

create index support_offer_workspace on support_offer (workspace);

-- An operator's time in a workspace: asked for, agreed to, over.
create table access_grant (
    id text primary key,
    workspace text not null references workspace (id),
    user text not null references user (id),
    role text not null,
    reason text not null,
    asked integer not null,
    lasts integer not null,
    offer text references support_offer (id),
    starts integer,
    ends integer,
    agreed_by text references user (id),
    ended integer,
    ended_by text references user (id)
) strict, without rowid;

create unique index access_grant_open on access_grant (workspace, user) where ended is null;

-- Who opened which app on which day (days since 1970, UTC).
create table app_opening (
    workspace text not null references workspace (id),
    user text not null references user (id),
    app text not null,
    day integer not null,
    primary key (workspace, user, app, day)
) strict, without rowid;

-- How often somebody's name came with a wrong password, by day.
create table refusal (
    user text not null references user (id),
    day integer not null,
    count integer not null,
    primary key (user, day)
) strict, without rowid;
