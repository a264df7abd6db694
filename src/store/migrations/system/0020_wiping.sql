-- Answers went one by one, each on its day; what they leave in pages and logs is not
-- overwritten yet.
alter table survey_keeping add column wiping integer not null default 0;
