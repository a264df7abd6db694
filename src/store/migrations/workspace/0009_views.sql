-- How somebody looks at a page of an app: words of its address with their values, as
-- `a=1&b=2`. `made` says when the app was made: another one of its id has none of these.
create table _view (
    id text primary key,
    app text not null,
    made integer not null,
    page text not null,
    owner text not null,
    name text not null,
    query text not null,
    is_shared integer not null default 0 check (is_shared in (0, 1)),
    changed integer not null,
    unique (app, made, page, owner, name)
) strict, without rowid;

-- The view that a page opens with, for one person.
create table _view_first (
    app text not null,
    made integer not null,
    page text not null,
    person text not null,
    view text not null references _view (id),
    primary key (app, made, page, person)
) strict, without rowid;

create index _view_first_of on _view_first (view);
