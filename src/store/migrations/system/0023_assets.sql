-- What a version shows: its pictures by name, each with the hash of its content, as JSON.
alter table survey_version add column assets text not null default '{}';
