-- How sure we are of who somebody is.

-- The seed is sealed; a step once accepted is never accepted again.
create table totp (
    user text primary key references user (id),
    seed blob not null,
    step integer not null,
    created integer not null
) strict, without rowid;

create table recovery_code (
    hash blob primary key,
    user text not null references user (id),
    used integer
) strict, without rowid;

create index recovery_code_user on recovery_code (user);

-- Good on the host it was made for; the key is public.
create table passkey (
    id text primary key,
    user text not null references user (id),
    credential blob not null unique,
    host text not null,
    name text not null,
    key text not null,
    created integer not null,
    used integer
) strict, without rowid;

create index passkey_user on passkey (user);

-- Knows the password and still owes the second factor. Opens nothing.
create table half_session (
    hash blob primary key,
    user text not null references user (id),
    method text not null,
    expires integer not null
) strict, without rowid;

alter table session add column method text not null default 'password';
-- When its owner last proved who they are.
alter table session add column proven integer not null default 0;

-- The latest sign-ins of a user, for them to recognise.
create table sign_in (
    id integer primary key,
    user text not null references user (id),
    at integer not null,
    address text not null,
    agent text not null,
    method text not null
) strict;

create index sign_in_user on sign_in (user, at);

-- Minutes until a session locks, hours until it ends.
create table sign_in_rule (
    workspace text primary key references workspace (id),
    idle integer not null check (idle between 5 and 60),
    longest integer not null check (longest between 1 and 24)
) strict, without rowid;

-- Roles that must have a second factor, besides admins and operators.
create table factor_rule (
    workspace text not null references workspace (id),
    role text not null,
    primary key (workspace, role)
) strict, without rowid;
