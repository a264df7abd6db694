-- Databases on other machines that queries ask: where they are, as JSON, and the password
-- that was typed for that place, sealed for it. `revision` tells connections that were
-- opened before a change from those that come after.
create table source (
    workspace text not null,
    id text not null,
    name text not null,
    kind text not null,
    settings text not null,
    password blob,
    revision integer not null,
    changed integer not null,
    changed_by text not null,
    primary key (workspace, id),
    unique (workspace, name),
    foreign key (workspace) references workspace (id)
) strict, without rowid;
