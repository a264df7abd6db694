-- A record is one text, a JSON array, and sealed as it is: who changes something waits for one
-- column and not for twenty-six. Its first place is the line's number, which the file gives; the
-- others are in the order of the view.
create table _journal (
    id integer primary key,
    at integer not null,
    record text not null
) strict;

insert into _journal (id, at, record)
select id, at, json_array(0,
    version, at, actor_kind, coalesce(actor, ''), actor_name, email, "grant", workspace, via, address, proxies,
    device, browser, system, session, method, request, action, kind, object_id, object, result,
    reason, row_count, detail, diff)
from journal;

drop table journal;

-- For people who look; the program reads the lines as they are.
create view journal as
select id,
    record ->> 1 as version, record ->> 2 as at, record ->> 3 as actor_kind, nullif(record ->> 4, '') as actor,
    record ->> 5 as actor_name, record ->> 6 as email, record ->> 7 as "grant",
    record ->> 8 as workspace, record ->> 9 as via, record ->> 10 as address,
    record ->> 11 as proxies, record ->> 12 as device, record ->> 13 as browser,
    record ->> 14 as system, record ->> 15 as session, record ->> 16 as method,
    record ->> 17 as request, record ->> 18 as action, record ->> 19 as kind,
    record ->> 20 as object_id, record ->> 21 as object, record ->> 22 as result,
    record ->> 23 as reason, record ->> 24 as row_count, record ->> 25 as detail,
    record ->> 26 as diff
from _journal;
