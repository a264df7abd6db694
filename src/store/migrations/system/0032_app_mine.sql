-- What an app is to one person: whether it stands first in their list, and when they
-- opened it last. Nothing else is kept of how they use it here.
create table app_mine (
    workspace text not null references workspace (id),
    user text not null references user (id),
    app text not null,
    is_starred integer not null default 0 check (is_starred in (0, 1)),
    opened integer,
    primary key (workspace, user, app)
) strict, without rowid;
