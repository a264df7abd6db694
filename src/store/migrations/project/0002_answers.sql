-- One who answers. The token in their address is kept as its hash.
create table respondent (
    id integer primary key,
    token_hash blob not null unique,
    link text not null default '',
    version integer not null,
    lang text not null,
    seed integer not null,
    is_test integer not null default 0,
    -- Where they are: page and turn.
    page text not null default '',
    turn integer not null default 0,
    outcome text,
    -- The way out they took, when the definition names it.
    way_out text not null default '',
    exit_to text,
    started integer not null,
    seen integer not null,
    ended integer,
    device text not null default ''
) strict;

create index respondent_outcome on respondent (outcome, ended);

create index respondent_link on respondent (link) where link <> '';

-- What came with a respondent. A value that is to be unique is unique in the file.
create table entry (
    respondent integer not null references respondent (id) on delete cascade,
    name text not null,
    value text not null,
    is_unique integer not null default 0,
    primary key (respondent, name)
) strict, without rowid;

create unique index entry_once on entry (name, value) where is_unique = 1;

-- One answer under the key of its variable; turn 0 is outside of loops. No row:
-- not asked. A row without a value: asked and not answered.
create table answer (
    respondent integer not null references respondent (id) on delete cascade,
    variable text not null,
    turn integer not null,
    value any,
    page text not null,
    -- The page or the question is not on their way any more.
    off_path integer not null default 0,
    at integer not null,
    primary key (respondent, variable, turn)
) strict, without rowid;

-- A page that was sent. The nonce makes sending it twice sending it once.
create table page_visit (
    respondent integer not null references respondent (id) on delete cascade,
    nonce text not null,
    page text not null,
    turn integer not null,
    -- As the browser says, in milliseconds; null when it does not.
    spent integer,
    at integer not null,
    -- The order things were shown in, where chance had a hand in it.
    shown text not null default '{}',
    primary key (respondent, nonce)
) strict, without rowid;

-- A place in a quota: held until the time is up, or for good.
create table quota_place (
    quota text not null,
    respondent integer not null references respondent (id) on delete cascade,
    until integer,
    primary key (quota, respondent)
) strict, without rowid;

create index quota_place_of on quota_place (respondent);

-- How often each item of a least-filled block was given; a test counts for nothing.
create table allotment (
    block text not null,
    respondent integer not null references respondent (id) on delete cascade,
    code integer not null,
    primary key (block, respondent)
) strict, without rowid;
