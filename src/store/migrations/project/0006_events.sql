-- A page that was open, and up to which number what it noted is kept.
create table event_visit (
    respondent integer not null references respondent (id) on delete cascade,
    -- The nonce of the page.
    visit text not null,
    page text not null,
    turn integer not null,
    acked integer not null,
    primary key (respondent, visit)
) strict, without rowid;

-- What an open page noted: numbered by the page, without gaps.
create table event (
    -- Given once and never again: programs read on from it.
    id integer primary key,
    respondent integer not null,
    visit text not null,
    seq integer not null,
    -- Milliseconds since the page was shown, as the browser says.
    ms integer not null,
    kind text not null,
    question text not null default '',
    -- What a block says of itself, as JSON.
    data text not null default '',
    at integer not null,
    foreign key (respondent, visit) references event_visit (respondent, visit) on delete cascade
) strict;

-- The last number of an event, also of one that was erased.
create table event_last (
    one integer primary key check (one = 1),
    event integer not null
) strict;

create unique index event_once on event (respondent, visit, seq);
