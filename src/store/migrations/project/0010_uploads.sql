-- A file a respondent sent with a page. It is an answer's when an answer of its question has
-- its name; until then it waits for whoever has to put their page right.
create table upload (
    id integer primary key,
    respondent integer not null references respondent (id) on delete cascade,
    block text not null,
    turn integer not null,
    name text not null,
    -- What its first bytes say.
    sort text not null check (sort in ('image', 'pdf', 'text', 'other')),
    bytes integer not null,
    is_whole integer not null default 0,
    is_kept integer not null default 0,
    at integer not null
) strict;

create unique index upload_name on upload (respondent, block, turn, name);

create index upload_waiting on upload (at) where is_kept = 0;

-- The bytes, in the order they came.
create table upload_piece (
    upload integer not null references upload (id) on delete cascade,
    piece integer not null,
    body blob not null
) strict;

create unique index upload_piece_of on upload_piece (upload, piece);
