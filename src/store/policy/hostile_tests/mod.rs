//! People whom policies bind, and whatever they say to get past them: each
//! answer is compared with that of a file which holds nothing but what they may see.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::{Asker, Layer, Policy, keep_policy};
use crate::base::Time;
use crate::store::{Budget, Db, Error, Key, Lane, Mutation, Schema, Transaction, mutate, types};

mod bound_tests;
mod reads;
mod writes;

use reads::{LEGAL, READS};
use writes::WRITES;

/// A row of `orders`, in full.
#[derive(Clone, Debug, PartialEq)]
struct Order {
    id: i64,
    region: String,
    owner: String,
    amount: i64,
    secret: String,
}

/// A condition, said to the engine and to this test.
struct Rule {
    rows: &'static str,
    lets: fn(&Order) -> bool,
}

/// Everybody here asks as this person.
fn ada() -> Asker {
    let known = [
        ("user.region", "north"),
        ("user.email", "ada@x.test"),
        ("user.role", "user"),
        ("user.regions", "north, west"),
    ];
    Asker {
        known: known
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        marks: vec!["role:user".to_owned(), "group:east".to_owned()],
    }
}

const RULES: &[Rule] = &[
    Rule {
        rows: "region = ctx('user.region')",
        lets: |row| row.region == "north",
    },
    Rule {
        rows: "region = ctx('user.region') or ctx('user.role') = 'manager' -- a remark",
        lets: |row| row.region == "north",
    },
    Rule {
        rows: "owner = ctx('user.email') and amount < 500",
        lets: |row| row.owner == "ada@x.test" && row.amount < 500,
    },
    Rule {
        rows: "ctx_has('user.groups', region)",
        lets: |row| row.region == "east",
    },
    Rule {
        rows: "ctx_has('user.regions', region) and amount is not null",
        lets: |row| row.region == "north" || row.region == "west",
    },
    Rule {
        rows: "ctx('user.nothing') = region",
        lets: |_| false,
    },
    Rule {
        rows: "ctx('user.role') = 'user'",
        lets: |_| true,
    },
];

/// The mask of `secret`, and what it makes of a value.
struct Mask {
    shown: &'static str,
    as_shown: fn(&Order) -> Option<String>,
}

const MASKS: &[Option<Mask>] = &[
    None,
    Some(Mask {
        shown: "case when ctx('user.role') = 'manager' then secret end",
        as_shown: |_| None,
    }),
    Some(Mask {
        shown: "substr(secret, 1, 1) || '…'",
        as_shown: |row| Some(format!("{}…", &row.secret[..1])),
    }),
];

/// Rows full of ties, the same ones for the same seed.
fn orders(seed: u64) -> Vec<Order> {
    let mut state = seed.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3);
    let mut dice = |sides: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from((state >> 33) % sides).unwrap()
    };
    let regions = ["north", "east", "west", "south"];
    let owners = ["ada@x.test", "bob@x.test", "eve@x.test"];
    let row = |id| Order {
        id,
        region: regions[dice(4)].to_owned(),
        owner: owners[dice(3)].to_owned(),
        amount: i64::try_from(dice(1000)).unwrap(),
        secret: format!("{}{id}", ["s", "t", "u"][dice(3)]),
    };
    (1..=60).map(row).collect()
}

struct File {
    _folder: tempfile::TempDir,
    db: Db,
}

const TABLES: &str = "
    create table orders (id integer primary key, region text, owner text, amount integer, secret text) strict;
    create index orders_by_region on orders (region);
    create index orders_by_amount on orders (amount);
    create table items (id integer primary key, order_id integer, note text) strict;
    create table notes (id integer primary key, text text) strict;
    create view every_order as select id, region, owner, amount, secret from orders;
    create trigger items_copy after insert on items when new.note = 'copy' begin
      insert into notes (text) select secret from orders;
    end;
    create trigger notes_sweep after delete on notes begin delete from orders; end;
    insert into items (order_id, note) select value, 'n' || value from json_each('[1,2,3,4,5,6,7,8,9,10,11,12]');
    insert into _table (name, title, key, created)
      values ('orders', 'Orders', 'id', 0), ('items', 'Items', 'id', 0), ('notes', 'Notes', 'id', 0);";

async fn file(rows: &[(Order, Option<String>)]) -> File {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("w.db"), Key::random().unwrap());
    let db = Db::open(&path, &key, Schema::Workspace, Arc::new(Notify::new())).unwrap();
    let rows = rows.to_vec();
    db.write(move |tx| {
        tx.execute_batch(TABLES)?;
        for (row, secret) in &rows {
            tx.execute(
                "insert into orders (id, region, owner, amount, secret) values (?1, ?2, ?3, ?4, ?5)",
                (row.id, &row.region, &row.owner, row.amount, secret),
            )?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    File {
        _folder: folder,
        db,
    }
}

/// The whole file, bound for Ada; and one that holds what she may see, unbound.
struct Pair {
    whole: File,
    bound: Db,
    twin: File,
}

async fn pair(seed: u64, rule: &Rule, mask: Option<&Mask>) -> Pair {
    let all = orders(seed);
    let full: Vec<_> = all
        .iter()
        .map(|row| (row.clone(), Some(row.secret.clone())))
        .collect();
    let through = all.iter().filter(|row| (rule.lets)(row));
    let shown = through.map(|row| {
        let secret = mask.map_or_else(|| Some(row.secret.clone()), |mask| (mask.as_shown)(row));
        (row.clone(), secret)
    });
    let (whole, twin) = (file(&full).await, file(&shown.collect::<Vec<_>>()).await);
    bind(&whole.db, layer(rule, mask), &[]).await;
    let bound = whole.db.for_person(Arc::new(ada()));
    Pair { whole, bound, twin }
}

fn layer(rule: &Rule, mask: Option<&Mask>) -> Layer {
    let mask = mask.map(|mask| ("secret".to_owned(), mask.shown.to_owned()));
    Layer {
        rows: Some(rule.rows.to_owned()),
        mask: mask.into_iter().collect(),
    }
}

async fn bind(db: &Db, layer: Layer, free: &[&str]) {
    db.check_policy("orders".to_owned(), layer.clone())
        .await
        .unwrap();
    let free = free.iter().map(|mark| (*mark).to_owned()).collect();
    let policy = Policy {
        table: "orders".to_owned(),
        layer,
        free,
    };
    db.write(move |tx| keep_policy(tx, &policy, Time(0)))
        .await
        .unwrap();
    db.policies_changed();
}

type Answer = Result<Vec<String>, Error>;

/// The rows a statement gives, in no order.
async fn ask(db: &Db, sql: &str) -> Answer {
    let sql = sql.to_owned();
    let budget = Budget::of(Duration::from_secs(20));
    db.ask(Lane::Desk, budget, move |guarded| {
        let mut statement = guarded.prepare(&sql)?;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|error| guarded.explain(error))? {
            let cells = (0..width).map(|at| {
                row.get::<_, types::Value>(at)
                    .map(|cell| format!("{cell:?}"))
            });
            found.push(cells.collect::<Result<Vec<_>, _>>()?.join("|"));
        }
        found.sort();
        Ok(found)
    })
    .await
}

#[tokio::test]
async fn what_is_asked_under_a_policy_is_answered_as_if_nothing_else_were_there() {
    assert!(
        READS.len() + WRITES.len() >= 200,
        "{} and {}",
        READS.len(),
        WRITES.len()
    );
    for (number, rule) in RULES.iter().enumerate() {
        for (other, mask) in MASKS.iter().enumerate() {
            let seed = u64::try_from(number * MASKS.len() + other).unwrap();
            let pair = pair(seed, rule, mask.as_ref()).await;
            for sql in READS {
                let Ok(found) = ask(&pair.bound, sql).await else {
                    continue;
                };
                let wanted = ask(&pair.twin.db, &sql.replace("temp", "main")).await;
                assert_eq!(found, wanted.unwrap(), "{sql}\nunder {}", rule.rows);
            }
            for sql in LEGAL {
                let found = ask(&pair.bound, sql).await;
                let wanted = ask(&pair.twin.db, &sql.replace("temp.", "main."))
                    .await
                    .unwrap();
                assert_eq!(found.unwrap(), wanted, "{sql}\nunder {}", rule.rows);
            }
        }
    }
}

/// Every row as it lies in the file.
fn lying(tx: &Transaction<'_>) -> Vec<Order> {
    let mut all = tx
        .prepare("select id, region, owner, amount, secret from main.orders order by id")
        .unwrap();
    let rows = all.query_map([], |row| {
        Ok(Order {
            id: row.get(0)?,
            region: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            owner: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
            amount: row.get::<_, Option<i64>>(3)?.unwrap_or_default(),
            secret: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn texts(tx: &Transaction<'_>) -> Vec<String> {
    let sql = "select coalesce(text, '') from main.notes union all select coalesce(note, '') from main.items";
    let mut all = tx.prepare(sql).unwrap();
    let rows = all.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Runs a statement, looks at what became of the rows, and undoes it. Gives
/// whether it was let through.
async fn write(pair: &Pair, sql: &'static str, (rule, mask): (&'static Rule, bool)) -> bool {
    let done = pair.bound.write(move |tx| {
        let before = lying(tx);
        let notes = texts(tx);
        let done = mutate(tx, &Mutation { sql, values: &[] });
        let after = lying(tx);
        let temporary: i64 = tx
            .query_row("select count(*) from sqlite_temp_schema", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(temporary, 0, "{sql} left views");
        if done.is_err() {
            assert_eq!(before, after, "{sql} was refused and stands");
        }
        for row in &before {
            let same = after.iter().find(|one| one.id == row.id);
            if !(rule.lets)(row) {
                assert_eq!(
                    same,
                    Some(row),
                    "{sql} reached a row outside\nunder {}",
                    rule.rows
                );
            }
            if let (true, Some(same)) = (mask, same) {
                assert_eq!(same.secret, row.secret, "{sql} wrote what is masked");
            }
        }
        for row in after.iter().filter(|row| !before.contains(row)) {
            assert!((rule.lets)(row), "{sql} left {row:?}\nunder {}", rule.rows);
        }
        let hidden: Vec<_> = before
            .iter()
            .filter(|row| mask || !(rule.lets)(row))
            .collect();
        for text in texts(tx).into_iter().filter(|text| !notes.contains(text)) {
            assert!(
                hidden.iter().all(|row| !text.contains(&row.secret)),
                "{sql} took {text} away"
            );
        }
        // What was done is undone, for the next one.
        Err::<(), _>(done.err().unwrap_or(Error::NotFound))
    });
    matches!(done.await, Err(Error::NotFound))
}

#[tokio::test]
async fn nothing_is_written_outside_a_policy() {
    let mut let_through = 0;
    for (number, rule) in RULES.iter().enumerate() {
        for (other, mask) in MASKS.iter().enumerate() {
            let seed = u64::try_from(100 + number * MASKS.len() + other).unwrap();
            let pair = pair(seed, rule, mask.as_ref()).await;
            for sql in WRITES {
                let_through += usize::from(write(&pair, sql, (rule, mask.is_some())).await);
            }
        }
    }
    // The statements are hostile, not broken: many run, on what they may reach.
    assert!(let_through > 400, "{let_through}");
}
