-- A picture the survey shows, by the name its text says.
create table asset (
    name text primary key,
    hash text not null references asset_content (hash),
    at integer not null,
    by text not null
) strict, without rowid;

-- The bytes, once for each content. What a published version shows stays when another
-- picture gets its name.
create table asset_content (
    -- SHA-256, in hexadecimal.
    hash text primary key,
    form text not null check (form in ('png', 'jpeg', 'webp')),
    width integer not null,
    height integer not null,
    bytes integer not null,
    body blob not null
) strict;

create index asset_of on asset (hash);
