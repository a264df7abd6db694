-- What leaves a survey, whither and when, as JSON; what it signs in with there is sealed
-- for that account. `slot` is the newest moment of its schedule that was seen to.
create table survey_delivery (
    workspace text not null,
    survey text not null,
    id text not null,
    settings text not null,
    secret blob,
    is_on integer not null,
    -- Why it stopped by itself.
    stopped text not null default '',
    slot integer,
    changed integer not null,
    -- Whose right it leans on, and their name then.
    by_user text not null,
    by_name text not null,
    primary key (workspace, survey, id),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

create index survey_delivery_on on survey_delivery (workspace, survey) where is_on = 1;

-- Who got what: a line for each, which stays as long as the survey. `said` is the settings
-- as they were then.
create table survey_delivered (
    workspace text not null,
    survey text not null,
    id text not null,
    delivery text not null,
    said text not null,
    asked integer not null,
    by_user text not null,
    by_name text not null,
    -- The moment of the schedule it was made for; null: somebody asked.
    slot integer,
    state text not null check (
        state in ('waiting', 'made', 'there', 'delivered', 'over', 'failed', 'withdrawn')
    ),
    why text not null default '',
    tries integer not null default 0,
    next integer,
    -- The file: its name, how many responses, what is new when this is another, and the key
    -- it is sealed with as long as it lies here.
    file text not null default '',
    responses integer,
    mark text not null default '',
    bytes integer,
    digest blob,
    file_key blob,
    ended integer,
    -- The link opens it once.
    link blob unique,
    expires integer,
    taken integer,
    taken_from text not null default '',
    primary key (workspace, survey, id),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

create index survey_delivered_open on survey_delivered (next)
where state in ('waiting', 'made', 'there');
