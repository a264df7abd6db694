-- What addresses of the survey's webhooks are told of respondents: see the table of the
-- same name in the accounts database. It goes with the respondent.
create table hook_message (
    id text primary key,
    respondent integer not null references respondent (id) on delete cascade,
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
    fault text not null default ''
) strict, without rowid;

create index hook_message_due on hook_message (hook, next) where state = 'waiting';

create index hook_message_of on hook_message (respondent);

create index hook_message_at on hook_message (hook, at);
