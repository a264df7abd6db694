-- Which database elsewhere an app asks under a name of its `uses`, where that was chosen.
-- No reference to the database: one that is let go is missed, not unsaid.
create table app_source (
    workspace text not null,
    app text not null,
    uses text not null,
    source text not null,
    primary key (workspace, app, uses),
    foreign key (workspace, app) references app (workspace, id)
) strict, without rowid;

-- The password of the account that changes rows, sealed like that of the one that reads.
alter table source add column writer blob;
