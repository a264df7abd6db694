create table app (
    workspace text not null references workspace (id),
    id text not null,
    title text not null,
    draft text not null,
    draft_at integer not null,
    draft_by text not null,
    version integer,
    created integer not null,
    primary key (workspace, id)
) strict, without rowid;

create table app_version (
    workspace text not null,
    app text not null,
    version integer not null,
    text text not null,
    note text not null,
    at integer not null,
    by text not null,
    primary key (workspace, app, version),
    foreign key (workspace, app) references app (workspace, id)
) strict, without rowid;

create table query (
    workspace text not null references workspace (id),
    name text not null,
    sql text not null,
    params text not null,
    changed integer not null,
    changed_by text not null,
    primary key (workspace, name)
) strict, without rowid;

-- A file on its way in; its bytes lie sealed beside the workspace's data. What
-- was found in it, decided about it and made of it is JSON.
create table upload (
    id text primary key,
    workspace text not null references workspace (id),
    user text not null,
    name text not null,
    bytes integer not null,
    key blob not null,
    stage text not null,
    wanted text,
    seen text,
    draft text,
    problems text,
    report text,
    fault text,
    created integer not null
) strict, without rowid;

create index upload_by_workspace on upload (workspace, created);
