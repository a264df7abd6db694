create database shop;
create role reader login password 'pg-PASSWORT-kanarie';
create role writer login password 'pg-PASSWORT-kanarie';
\connect shop
create table orders (
    id bigint generated always as identity primary key, customer text not null,
    status text not null default 'new', amount numeric(10, 2) not null,
    ordered date not null, sent_at timestamptz,
    constraint positive check (amount > 0));
insert into orders (customer, status, amount, ordered) values
    ('Harbour café', 'sent', 120.50, '2026-09-03'),
    ('Mill & Sons', 'new', 48.00, '2026-09-17'),
    ('Quay 7', 'new', 310.00, '2026-10-01');
grant usage on schema public to reader, writer;
grant select on orders to reader;
grant select, insert, update on orders to writer;
