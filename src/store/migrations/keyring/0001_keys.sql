-- A key per file, and the private keys of the certificates. The file itself is
-- encrypted with the instance key.
create table secret (
    name text primary key,
    value blob not null
) strict, without rowid;
