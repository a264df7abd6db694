create database shop;
create role reader login password 'pg-PASSWORT-kanarie';
create role lonely login password 'pg-PASSWORT-kanarie';
\connect shop
create type mood as enum ('fine', 'so-so');
create domain cents as bigint check (value >= 0);
create table item (id bigint primary key, name text not null, price numeric(30, 10), sold timestamptz);
insert into item values
    (1, 'Apfel', 1.10, '2026-11-21 20:18:08.5+01'),
    (2, 'Birne', 12345678901234567890.0123456789, null),
    (3, 'ROW-KANARIE-PG', 3, null);
create table kinds (
    small smallint, big bigint, exact numeric(30, 10), ratio double precision, narrow real,
    yes boolean, words text, padded char(4), day date, clock time, span interval,
    local timestamp, moment timestamptz, id uuid, plain json, packed jsonb, bytes bytea,
    list int[], names text[], feels mood, worth cents, cash money, host inet);
insert into kinds values
    (-32768, 9223372036854775807, 12345678901234567890.0123456789, 0.1, 0.1,
     true, 'größe', 'ab', '2026-11-21', '19:18:08.25', '1 day 02:03:04',
     '2026-11-21 19:18:08.000001', '2026-11-21 20:18:08+01', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
     '{"a": 1}', '{"b":  2.50}', '\x00ff', '{1,null,3}', '{"a,b","c\"d"}', 'so-so', 250,
     12.34, '10.0.0.1');
insert into kinds default values;
create table "Odd name" ("Über" int);
create function writes() returns int language sql as $$ insert into item values (9, 'x') returning 1 $$;
grant usage on schema public to reader;
grant select on all tables in schema public to reader, lonely;
grant insert on item to reader;
create role writer login password 'pg-PASSWORT-kanarie';
create table job (
    id bigint generated always as identity primary key, title text not null, code text unique,
    hours numeric(8, 2), due date, at timestamptz, done boolean not null default false,
    constraint positive check (hours >= 0));
grant select on job to reader;
grant usage on schema public to writer;
grant select, insert, update, delete on job to writer;
create table ledger (id int primary key, owner text not null, amount numeric(8, 2), note text);
insert into ledger values
    (1, 'uma@example.org', 10, 'hers'), (2, 'ada@example.org', 20, 'KANARIE-LEDGER-PG'),
    (3, 'ada@example.org', 30, 'KANARIE-LEDGER-PG');
create view ledger_all as select * from ledger;
create function ledger_told() returns setof ledger language sql as $$ select * from ledger $$;
create role modest login password 'pg-PASSWORT-kanarie';
alter role owner password 'pg-PASSWORT-kanarie';
create table parcel (id int primary key, owner text not null, note text, price numeric(8, 2));
insert into parcel values (1, 'uma@example.org', 'hers', 1), (2, 'ada@example.org', 'KANARIE-PARCEL', 7);
grant select on parcel to modest;
grant select, insert, update, delete on parcel to writer;
create table late (note text);
insert into late values ('a table');
grant select on late to modest;
grant usage on schema public to modest;
grant select on ledger, ledger_all to modest;
grant select on ledger to reader;
