-- What the operator decided about the edges of the instance: one row at the most.
create table edge (
    one integer primary key check (one = 1),
    strict text not null check (strict in ('silent', 'host', 'subdomains', 'withdrawn')),
    changed integer not null,
    changed_by text not null
) strict;

-- Which apps a key reads and from which networks, as lists with commas between;
-- null is all of them.
alter table api_key add column apps text;
alter table api_key add column networks text;
alter table api_key add column expires integer not null default 0;
alter table api_key add column used_address text;

-- Keys made before keys ended have a year from then.
update api_key set expires = created + 365 * 86400000;
