-- How many places of a quota are had, kept by the engine itself: nobody who comes counts them.
create table quota_count (
    quota text primary key,
    places integer not null
) strict, without rowid;

insert into quota_count (quota, places)
select quota, count(*) from quota_place group by quota;

create trigger quota_place_had after insert on quota_place begin
    insert into quota_count (quota, places) values (new.quota, 1)
    on conflict (quota) do update set places = places + 1;
end;

create trigger quota_place_given_back after delete on quota_place begin
    update quota_count set places = places - 1 where quota = old.quota;
end;

-- Whose time is up is found without looking at all of them.
create index quota_place_until on quota_place (until) where until is not null;
