-- What was decided about keeping a survey's answers, and what its rule did. A
-- hold stops the rule until it is released.
create table survey_keeping (
    workspace text not null,
    survey text not null,
    hold text,
    held_at integer,
    held_by text not null default '',
    -- What the rule does or did last.
    done text not null default ''
        check (done in ('', 'deleting', 'deleted', 'anonymising', 'anonymised')),
    done_at integer,
    -- How urgently somebody was reminded before: 0, 1, 2.
    reminded integer not null default 0,
    primary key (workspace, survey),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

-- Respondents whose answers were erased. The hash knows one again in an older
-- backup; survey and number are emptied when nothing of them is left.
create table survey_erasure (
    id text primary key,
    workspace text not null,
    survey text not null,
    respondent integer,
    hash text not null,
    at integer not null,
    done integer
) strict, without rowid;

create index survey_erasure_open on survey_erasure (at) where done is null;
