-- What tells who somebody is lies sealed under a second key. A sealed answer is bytes in the
-- place of its value; beside other values there is a column for them, and the value is empty.
alter table entry add column sealed blob;

-- A keyed hash of a sealed value by which somebody is found again.
alter table entry add column mark blob;

drop index entry_once;

create unique index entry_once on entry (source, name, value) where is_unique = 1 and sealed is null;

create unique index entry_mark_once on entry (source, name, mark)
    where is_unique = 1 and sealed is not null;

-- An address with such a value in it.
alter table respondent add column exit_sealed blob;

alter table postback add column sealed blob;

-- The name of a file; a word that says nothing stands in the place of the name.
alter table upload add column sealed blob;

-- Under which names everything is sealed in this file.
create table sealed_name (
    kind text not null check (kind in ('answer', 'entry', 'file')),
    name text not null,
    -- Nothing is left in freed pages and logs of what lay here unsealed.
    is_clean integer not null default 0,
    primary key (kind, name)
) strict, without rowid;
