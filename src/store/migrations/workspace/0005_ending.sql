-- Rows taken out of their tables, to be put back or destroyed.
create table _ending_kept (
    ending text not null,
    place text not null,
    position integer not null,
    row text not null,
    primary key (ending, place, position)
) strict, without rowid;
