create table workspace (
    id text primary key,
    name text not null,
    created integer not null
) strict, without rowid;

create table user (
    id text primary key,
    email text not null unique,
    name text not null,
    password text,
    operator integer not null default 0,
    disabled integer,
    created integer not null
) strict, without rowid;

create table membership (
    workspace text not null references workspace (id),
    user text not null references user (id),
    role text not null,
    created integer not null,
    primary key (workspace, user)
) strict, without rowid;

create table session (
    hash blob primary key,
    user text not null references user (id),
    workspace text not null references workspace (id),
    created integer not null,
    seen integer not null,
    expires integer not null,
    address text not null,
    agent text not null
) strict, without rowid;

create index session_user on session (user);

-- One-time links: an invitation, a new password, the demo's sign-in.
create table link (
    hash blob primary key,
    user text not null references user (id),
    purpose text not null,
    expires integer not null
) strict, without rowid;

create table api_key (
    id text primary key,
    workspace text not null references workspace (id),
    name text not null,
    prefix text not null,
    hash blob not null unique,
    created integer not null,
    created_by text not null references user (id),
    used integer,
    revoked integer
) strict, without rowid;

-- One row at the most: that is what makes the first administrator the only first.
create table setup (
    one integer primary key check (one = 1),
    code blob,
    expires integer,
    done integer
) strict;
