create database shop;
create user reader@'127.0.0.1' identified by 'my-PASSWORT-kanarie' require ssl;
create user plain@'127.0.0.1' identified by 'my-PASSWORT-kanarie';
create user lonely@'127.0.0.1' identified by 'my-PASSWORT-kanarie' require ssl;
create user owner@'127.0.0.1' identified by 'owner';
grant all on *.* to owner@'127.0.0.1';
use shop;
create table item (id bigint primary key, name varchar(60) not null, price decimal(30, 10), sold timestamp null);
set time_zone = '+01:00';
insert into item values
    (1, 'Apfel', 1.10, '2026-11-21 20:18:08'),
    (2, 'Birne', 12345678901234567890.0123456789, null),
    (3, 'ROW-KANARIE-MY', 3, null);
create table kinds (
    small smallint, big bigint, huge bigint unsigned, exact decimal(30, 10), ratio double,
    narrow float, yes bool, words varchar(20), padded char(4), day date, clock time(2),
    local datetime(6), moment timestamp null, years year, bits bit(12), plain json,
    feels enum('fine', 'so-so'), several set('a', 'b', 'c'), bytes blob, fixed binary(2));
insert into kinds values
    (-32768, 9223372036854775807, 18446744073709551615, 12345678901234567890.0123456789, 0.1,
     0.1, true, 'größe', 'ab', '2026-11-21', '-100:18:08.25',
     '2026-11-21 19:18:08.000001', '2026-11-21 20:18:08', 2026, b'101000000001', '{"a": 1}',
     'so-so', 'a,c', x'00ff', x'00ff');
insert into kinds () values ();
create table `Odd name` (`Über` int);
grant select, insert on shop.* to reader@'127.0.0.1';
grant select on shop.* to plain@'127.0.0.1';
grant select on shop.* to lonely@'127.0.0.1';
create user writer@'127.0.0.1' identified by 'my-PASSWORT-kanarie' require ssl;
create table job (
    id bigint auto_increment primary key, title varchar(60) not null, code varchar(20) unique,
    hours decimal(8, 2), due date, at timestamp null, done bool not null default false,
    constraint positive check (hours >= 0));
grant select, insert, update, delete on shop.job to writer@'127.0.0.1';
create table ledger (id int primary key, owner varchar(60) not null, amount decimal(8, 2), note varchar(60));
insert into ledger values
    (1, 'uma@example.org', 10, 'hers'), (2, 'ada@example.org', 20, 'KANARIE-LEDGER-MY'),
    (3, 'ada@example.org', 30, 'KANARIE-LEDGER-MY');
create view ledger_all as select * from ledger;
create user modest@'127.0.0.1' identified by 'my-PASSWORT-kanarie' require ssl;
grant select, show view on shop.ledger to modest@'127.0.0.1';
create table parcel (id int primary key, owner varchar(60) not null, note varchar(60), price decimal(8, 2));
insert into parcel values (1, 'uma@example.org', 'hers', 1), (2, 'ada@example.org', 'KANARIE-PARCEL', 7);
grant select on shop.parcel to modest@'127.0.0.1';
grant select, insert, update, delete on shop.parcel to writer@'127.0.0.1';
create table late (note varchar(60));
insert into late values ('a table');
grant select, show view on shop.late to modest@'127.0.0.1';
grant select, show view on shop.ledger_all to modest@'127.0.0.1';
