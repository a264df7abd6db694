-- Where mail leaves by: one row at the most. The password is sealed for the
-- destination it was given for.
create table mail_server (
    one integer primary key check (one = 1),
    settings text not null,
    password blob,
    changed integer not null,
    -- The last letter that left, and what went wrong with the last that did not.
    sent integer,
    fault text
) strict;

-- Letters: a row for each recipient. What a letter says is sealed, and gone
-- as soon as it left or nobody wants it any more.
create table letter (
    id text primary key,
    kind text not null,
    address text not null,
    name text not null,
    -- Whom it is for, as far as they have an account, and in which workspace.
    user text references user (id) on delete cascade,
    workspace text references workspace (id) on delete cascade,
    subject text not null,
    body blob,
    state text not null check (state in ('waiting', 'sent', 'failed', 'discarded')),
    tries integer not null default 0,
    made integer not null,
    next integer not null,
    ended integer,
    fault text not null default ''
) strict, without rowid;

create index letter_waiting on letter (next) where state = 'waiting';
create index letter_made on letter (made);
create index letter_user on letter (user);

-- What needs somebody's attention.
create table alert (
    id text primary key,
    key text not null,
    severity integer not null check (severity between 1 and 3),
    title text not null,
    text text not null,
    workspace text references workspace (id) on delete cascade,
    state text not null check (state in ('open', 'acknowledged', 'false_alarm', 'settled')),
    count integer not null default 1,
    first integer not null,
    last integer not null,
    assignee text references user (id) on delete set null,
    note text not null default '',
    ended integer,
    -- When people were last told, and of which severity.
    told integer,
    told_severity integer not null default 0
) strict, without rowid;

-- One that is not over for each key.
create unique index alert_once on alert (key) where state in ('open', 'acknowledged');
create index alert_key on alert (key, last);
create index alert_last on alert (last);
create index alert_workspace on alert (workspace, last);
create index alert_state on alert (state, workspace);

-- Where alerts are sent, from which severity on. The secret signs what goes to
-- a webhook, and is sealed.
create table alert_target (
    id text primary key,
    kind text not null check (kind in ('mail', 'webhook')),
    place text not null,
    severity integer not null check (severity between 1 and 3),
    ca text not null default '',
    secret blob,
    made integer not null,
    sent integer,
    fault text,
    unique (kind, place)
) strict, without rowid;

-- What is on its way to a webhook.
create table alert_message (
    id text primary key,
    target text not null references alert_target (id) on delete cascade,
    alert text references alert (id) on delete cascade,
    body text not null,
    tries integer not null default 0,
    made integer not null,
    next integer not null
) strict, without rowid;

create index alert_message_next on alert_message (next);

-- Up to which record of the chain the rules have read.
create table alert_read (
    one integer primary key check (one = 1),
    seq integer not null
) strict;

-- What was seen before, such as the networks a key is used from.
create table alert_known (
    what text not null,
    value text not null,
    seen integer not null,
    primary key (what, value)
) strict, without rowid;
