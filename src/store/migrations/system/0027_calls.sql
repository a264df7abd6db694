-- What a survey shows the machines it asks, under the name its text has for it: sealed.
create table survey_call_secret (
    workspace text not null,
    survey text not null,
    name text not null,
    secret blob not null,
    set_at integer not null,
    set_by text not null,
    primary key (workspace, survey, name),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;

-- The authority of those machines, as PEM; empty or no row: those this machine trusts.
create table survey_call_trust (
    workspace text not null,
    survey text not null,
    ca text not null,
    set_at integer not null,
    set_by text not null,
    primary key (workspace, survey),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;
