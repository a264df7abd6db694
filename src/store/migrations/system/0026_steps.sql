-- The drafts of a survey before and after the one there is, for undoing and redoing:
-- `ahead` were undone. `what` says what was done after the one and before the other.
create table survey_step (
    workspace text not null,
    survey text not null,
    number integer not null,
    ahead integer not null check (ahead in (0, 1)),
    text text not null,
    what text not null,
    primary key (workspace, survey, number),
    foreign key (workspace, survey) references survey (workspace, id)
) strict, without rowid;
