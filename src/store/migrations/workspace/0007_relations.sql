-- The table whose rows the values of a column name by their key. A word and no
-- foreign key: the values may say otherwise, and the table may be gone for a while.
alter table _column add column refers text;
