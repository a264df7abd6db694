-- Which database a saved query asks; empty: the workspace's own.
alter table query add column source text not null default '';
