-- How often another machine was asked for respondents, by block and how that went. Whose
-- calls they were is not in it; what was answered lies among the answers.
create table call_count (
    block text not null,
    went text not null,
    times integer not null,
    last integer not null,
    primary key (block, went)
) strict, without rowid;
