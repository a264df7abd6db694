-- Whom a survey tells of what happens: an address, the events it wants as a JSON array of
-- names, and what its messages are signed with, sealed. The secret before goes on signing
-- beside the new one until `old_until`. `why` says why it was turned off by itself.
create table survey_hook (
    workspace text not null,
    survey text not null,
    id text not null,
    name text not null,
    address text not null,
    events text not null,
    has_answers integer not null,
    is_on integer not null,
    why text not null default '',
    -- The authority of its server, as PEM; empty: those this machine trusts.
    ca text not null default '',
    secret blob not null,
    old_secret blob,
    old_until integer,
    made integer not null,
    made_by text not null,
    primary key (workspace, survey, id),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

-- Messages about the survey itself, and about respondents who are not there any more.
-- Those about respondents lie beside the answers, in a table of the same name. `at` is
-- when it happened, `since` when it was tried first or sent again by hand; what else is
-- said of it is `detail`, as JSON.
create table hook_message (
    id text primary key,
    workspace text not null,
    survey text not null,
    hook text not null,
    event text not null,
    detail text not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'sent', 'failed', 'stopped')),
    tries integer not null default 0,
    at integer not null,
    since integer not null,
    next integer not null,
    ended integer,
    fault text not null default '',
    foreign key (workspace, survey, hook)
        references survey_hook (workspace, survey, id) on delete cascade
) strict, without rowid;

create index hook_message_due on hook_message (hook, next) where state = 'waiting';

create index hook_message_at on hook_message (hook, at);

create index hook_message_of on hook_message (workspace, survey, hook);
