-- A supplier of respondents, as a workspace knows it. What both sides sign with is
-- sealed; `entry_name` and `exit_name` are what the signature is called, where it is
-- not called as usual.
create table survey_supplier (
    workspace text not null references workspace (id),
    name text not null,
    kind text not null,
    secret blob,
    way text not null default '',
    entry_name text not null default '',
    exit_name text not null default '',
    -- The authority of its server, as PEM; empty: those this machine trusts.
    ca text not null default '',
    created integer not null,
    created_by text not null,
    primary key (workspace, name)
) strict, without rowid;

-- Secrets lay here without a seal. No released version had any.
drop table survey_key;

-- Whose respondents come by the link, the number that opens it (`?list=2`), and by
-- outcome what is called from here when somebody ended, as JSON.
alter table survey_link add column supplier text not null default '';
alter table survey_link add column list integer;
alter table survey_link add column postbacks text not null default '{}';

create unique index survey_link_list on survey_link (workspace, survey, list)
where list is not null;
