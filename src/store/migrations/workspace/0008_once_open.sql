-- A form whose query went to a database elsewhere, and of which it is not known yet
-- whether it took effect there.
alter table _once add column is_open integer not null default 0;
