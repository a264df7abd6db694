-- Whom the survey writes to: the link that was made for them, and where. It goes with
-- whoever came by the link.
create table invitee (
    link text primary key,
    address text not null,
    name text not null,
    lang text not null,
    made integer not null,
    -- Since when they want no more letters.
    stopped integer
) strict, without rowid;

create unique index invitee_address on invitee (lower(address));

-- Rounds whose letters lie below: each is taken in once.
create table letter_round (
    round text primary key,
    kind text not null,
    letters integer not null
) strict, without rowid;

-- One letter for each round and person. The key is that of the link in this letter; it
-- goes when the letter is over.
create table invitee_letter (
    round text not null references letter_round (round),
    link text not null references invitee (link) on delete cascade,
    state text not null default 'waiting'
        check (state in ('waiting', 'sent', 'refused', 'given_up', 'dropped')),
    key text not null default '',
    tries integer not null default 0,
    -- When it was tried first.
    first integer,
    next integer not null,
    ended integer,
    fault text not null default '',
    primary key (round, link)
) strict, without rowid;

create index invitee_letter_due on invitee_letter (round, next) where state = 'waiting';
create index invitee_letter_of on invitee_letter (link);
