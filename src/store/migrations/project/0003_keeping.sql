-- What counts on when a respondent was erased: places taken for good, and how
-- often an item was given to those who were complete. Nobody can be told from these.
create table erased_place (
    quota text primary key,
    places integer not null
) strict, without rowid;

create table erased_allotment (
    block text not null,
    code integer not null,
    given integer not null,
    primary key (block, code)
) strict, without rowid;

-- Nothing of them tells whose the answers are any more.
alter table respondent add column anonymised integer not null default 0;

-- The highest number of those who were erased: nobody gets it again.
create table erased_last (
    one integer primary key check (one = 1),
    respondent integer not null
) strict;

-- In an anonymous survey: links for one person that let somebody in. Nothing says whom.
create table link_used (
    link text primary key
) strict, without rowid;

-- In an anonymous survey: addresses whose way ended, and how. Nothing joins them
-- to the answers; they show the last page again.
create table parted (
    token_hash blob primary key,
    version integer not null,
    lang text not null,
    is_test integer not null,
    outcome text not null,
    way_out text not null,
    exit_to text
) strict, without rowid;
