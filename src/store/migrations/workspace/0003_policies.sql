-- Which rows and columns of a table are let through, to everybody but those
-- named as free. Written beside the rows it governs, so that it goes with them.
create table _policy (
    "table" text primary key references _table (name) on update cascade on delete cascade,
    "rows" text,
    -- A list of [column, expression].
    mask text not null,
    -- A list of marks, such as role:admin or group:sales.
    free text not null,
    changed integer not null
) strict, without rowid;
