create table people_group (
    id text primary key,
    workspace text not null references workspace (id),
    name text not null,
    created integer not null,
    unique (workspace, name)
) strict, without rowid;

create table people_group_member (
    people_group text not null references people_group (id),
    user text not null references user (id),
    added integer not null,
    primary key (people_group, user)
) strict, without rowid;

create index people_group_member_user on people_group_member (user);

-- What a workspace says of a member: `user.region` in apps and policies.
create table attribute (
    workspace text not null references workspace (id),
    user text not null references user (id),
    name text not null,
    value text not null,
    primary key (workspace, user, name)
) strict, without rowid;

-- Who may do what with an app, besides what its file says. `subject` is the id
-- of a group or of a user, as `kind` says.
create table app_share (
    workspace text not null,
    app text not null,
    act text not null check (act in ('open', 'edit', 'publish')),
    kind text not null check (kind in ('group', 'person')),
    subject text not null,
    added integer not null,
    primary key (workspace, app, act, kind, subject),
    foreign key (workspace, app) references app (workspace, id)
) strict, without rowid;

create index app_share_subject on app_share (subject);

-- Who has saved the draft since a version was published last: none of them is
-- the second pair of eyes.
create table draft_author (
    workspace text not null,
    app text not null,
    user text not null,
    primary key (workspace, app, user),
    foreign key (workspace, app) references app (workspace, id)
) strict, without rowid;

-- A workspace in which no app is published by its author alone.
create table four_eyes (
    workspace text primary key references workspace (id),
    since integer not null
) strict, without rowid;

create table publish_request (
    id text primary key,
    workspace text not null,
    app text not null,
    -- Which state of the draft is meant.
    draft_at integer not null,
    note text not null,
    at integer not null,
    by text not null,
    by_name text not null,
    verdict text check (verdict in ('approved', 'refused', 'withdrawn')),
    reason text,
    decided integer,
    decided_by_name text,
    -- The version it became.
    version integer,
    foreign key (workspace, app) references app (workspace, id)
) strict, without rowid;

create unique index publish_request_open on publish_request (workspace, app) where verdict is null;
create index publish_request_app on publish_request (workspace, app, at);
