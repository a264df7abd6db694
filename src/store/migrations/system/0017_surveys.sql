-- A survey and its fieldwork. Its answers lie in a file of their own:
-- workspaces/<workspace>/projects/<id>.db.
create table survey (
    workspace text not null references workspace (id),
    id text not null,
    slug text not null unique,
    title text not null,
    draft text not null,
    draft_at integer not null,
    draft_by text not null,
    version integer,
    state text not null default 'draft' check (state in ('draft', 'live', 'closed')),
    agreement text not null default '',
    contact text not null default '',
    starts integer,
    ends integer,
    closed_at integer,
    created integer not null,
    primary key (workspace, id)
) strict, without rowid;

-- What respondents answer: never changed. They stay with the version they began.
create table survey_version (
    workspace text not null,
    survey text not null,
    version integer not null,
    text text not null,
    note text not null,
    at integer not null,
    by text not null,
    primary key (workspace, survey, version),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

-- A way in: open to everybody, or for one person or one time. The key stands in
-- the address and is kept as its hash. `exits` is JSON: addresses by outcome,
-- before those of the definition.
create table survey_link (
    workspace text not null,
    survey text not null,
    id text not null,
    kind text not null check (kind in ('open', 'personal', 'single')),
    name text not null,
    key_hash blob unique,
    entry text not null default '{}',
    exits text not null default '{}',
    opened integer not null default 1,
    created integer not null,
    created_by text not null,
    primary key (workspace, survey, id),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

-- What signs the links of a supplier.
create table survey_key (
    workspace text not null references workspace (id),
    name text not null,
    secret blob not null,
    created integer not null,
    created_by text not null,
    primary key (workspace, name)
) strict, without rowid;
