-- Where people may prove who they are besides here. What a kind needs to know
-- is JSON; its secret is sealed for the destination it was given for.
create table sign_in_method (
    id text primary key,
    name text not null unique,
    is_on integer not null default 0,
    makes_accounts integer not null,
    links_by_email integer not null,
    settings text not null,
    secret blob,
    created integer not null,
    changed integer not null
) strict, without rowid;

-- What a group over there means in a workspace here; '*' is everybody.
create table placement (
    id text primary key,
    method text not null references sign_in_method (id) on delete cascade,
    theirs text not null,
    workspace text not null references workspace (id),
    role text not null,
    people_group text references people_group (id) on delete cascade
) strict, without rowid;

create unique index placement_once
on placement (method, theirs, workspace, role, coalesce(people_group, ''));

-- Who somebody is over there. Never an e-mail address: those change hands.
create table identity (
    method text not null references sign_in_method (id) on delete cascade,
    subject text not null,
    user text not null references user (id),
    created integer not null,
    seen integer not null,
    primary key (method, subject)
) strict, without rowid;

create index identity_user on identity (user);

-- What a method gave, it may take; what was given by hand it leaves alone.
create table given_membership (
    method text not null references sign_in_method (id) on delete cascade,
    workspace text not null references workspace (id),
    user text not null references user (id),
    primary key (method, workspace, user)
) strict, without rowid;

create table given_group (
    method text not null references sign_in_method (id) on delete cascade,
    people_group text not null references people_group (id) on delete cascade,
    user text not null references user (id),
    primary key (method, people_group, user)
) strict, without rowid;
