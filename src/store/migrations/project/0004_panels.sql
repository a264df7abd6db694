-- Who somebody is, is said by a supplier: two may have the same number for two people.
alter table entry add column source text not null default '';

drop index entry_once;

create unique index entry_once on entry (source, name, value) where is_unique = 1;

-- The hash of what was signed in the link they came by: it lets in one.
alter table respondent add column signed blob;

create unique index respondent_signed on respondent (signed) where signed is not null;

-- Who was turned away at the door, counted: nothing else is kept of them.
create table refusal (
    link text not null,
    source text not null,
    reason text not null,
    times integer not null,
    last integer not null,
    primary key (link, source, reason)
) strict, without rowid;

-- What a supplier's server is told when somebody ended. The address goes when it is over.
create table postback (
    id integer primary key,
    respondent integer not null references respondent (id) on delete cascade,
    link text not null,
    outcome text not null,
    address text not null,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    tries integer not null default 0,
    made integer not null,
    next integer not null,
    ended integer,
    fault text not null default ''
) strict;

create index postback_due on postback (next) where state = 'waiting';

create index postback_of on postback (respondent);
