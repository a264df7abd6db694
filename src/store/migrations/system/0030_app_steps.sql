-- The drafts of an app before and after the one there is. `side` 0: for undoing; 1: undone,
-- for redoing; 2: kept between two words that one person typed, so that what two people
-- change at once can be joined. `what` says what was done after it, `by` who did it.
create table app_step (
    workspace text not null,
    app text not null,
    number integer not null,
    side integer not null check (side in (0, 1, 2)),
    text text not null,
    at integer not null,
    what text not null,
    by text not null,
    primary key (workspace, app, number),
    foreign key (workspace, app) references app (workspace, id)
) strict, without rowid;
