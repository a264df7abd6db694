-- Further keys of a link that was made for one person: each letter brings a fresh one,
-- and all of them open it, because an older letter may be the one that is read.
create table survey_link_key (
    key_hash blob primary key,
    workspace text not null,
    survey text not null,
    link text not null,
    foreign key (workspace, survey, link)
        references survey_link (workspace, survey, id) on delete cascade
) strict, without rowid;

create index survey_link_key_of on survey_link_key (workspace, survey, link);

-- What a survey writes to those it invites, as JSON: texts by language, and how often
-- it reminds. Whom it writes to lies in the file of its answers.
create table survey_letters (
    workspace text not null,
    survey text not null,
    settings text not null,
    changed integer not null,
    changed_by text not null,
    primary key (workspace, survey),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

-- Rounds of letters that somebody confirmed. `said` is what they say, as it was then.
create table survey_round (
    workspace text not null,
    survey text not null,
    id text not null,
    kind text not null check (kind in ('invitation', 'reminder')),
    said text not null,
    due integer not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'begun', 'over', 'stopped')),
    -- How many letters it has, once it began; why it did not go on.
    letters integer not null default 0,
    why text not null default '',
    made integer not null,
    made_by text not null,
    primary key (workspace, survey, id),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

create index survey_round_open on survey_round (due) where state in ('waiting', 'begun');

-- How many letters of surveys were handed over, by minute: no more leave in an hour than
-- the server for mail takes.
create table letter_minute (
    minute integer primary key,
    letters integer not null
) strict;
