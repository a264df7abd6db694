//! People whom policies bind, and whatever they say to get past them: each
//! answer is compared with that of a file which holds nothing but what they may see.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::{Asker, Layer, Policy, add, keep_policy, look};
use crate::base::Time;
use crate::store::{Budget, Db, Error, Key, Lane, Mutation, Schema, Transaction, mutate, types};

#[path = "hostile_statements.rs"]
mod statements;

use statements::{LEGAL, READS, WRITES};

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
        known: known.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
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
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
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
    File { _folder: folder, db }
}

/// The whole file, bound for Ada; and one that holds what she may see, unbound.
struct Pair {
    whole: File,
    bound: Db,
    twin: File,
}

async fn pair(seed: u64, rule: &Rule, mask: Option<&Mask>) -> Pair {
    let all = orders(seed);
    let full: Vec<_> = all.iter().map(|row| (row.clone(), Some(row.secret.clone()))).collect();
    let seen = all.iter().filter(|row| (rule.lets)(row));
    let seen = seen.map(|row| {
        let secret = mask.map_or_else(|| Some(row.secret.clone()), |mask| (mask.as_shown)(row));
        (row.clone(), secret)
    });
    let (whole, twin) = (file(&full).await, file(&seen.collect::<Vec<_>>()).await);
    bind(&whole.db, layer(rule, mask), &[]).await;
    let bound = whole.db.for_person(ada());
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
    db.check_policy("orders".to_owned(), layer.clone()).await.unwrap();
    let free = free.iter().map(|mark| (*mark).to_owned()).collect();
    let policy = Policy { table: "orders".to_owned(), layer, free };
    db.write(move |tx| keep_policy(tx, &policy, Time(0))).await.unwrap();
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
            let cells = (0..width).map(|at| row.get::<_, types::Value>(at).map(|cell| format!("{cell:?}")));
            found.push(cells.collect::<Result<Vec<_>, _>>()?.join("|"));
        }
        found.sort();
        Ok(found)
    })
    .await
}

#[tokio::test]
async fn what_is_asked_under_a_policy_is_answered_as_if_nothing_else_were_there() {
    assert!(READS.len() + WRITES.len() >= 200, "{} and {}", READS.len(), WRITES.len());
    for (number, rule) in RULES.iter().enumerate() {
        for (other, mask) in MASKS.iter().enumerate() {
            let seed = u64::try_from(number * MASKS.len() + other).unwrap();
            let pair = pair(seed, rule, mask.as_ref()).await;
            for sql in READS {
                let Ok(found) = ask(&pair.bound, sql).await else { continue };
                let wanted = ask(&pair.twin.db, &sql.replace("temp", "main")).await;
                assert_eq!(found, wanted.unwrap(), "{sql}\nunder {}", rule.rows);
            }
            for sql in LEGAL {
                let found = ask(&pair.bound, sql).await;
                let wanted = ask(&pair.twin.db, &sql.replace("temp.", "main.")).await.unwrap();
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
        let temporary: i64 =
            tx.query_row("select count(*) from sqlite_temp_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(temporary, 0, "{sql} left views");
        if done.is_err() {
            assert_eq!(before, after, "{sql} was refused and stands");
        }
        for row in &before {
            let same = after.iter().find(|one| one.id == row.id);
            if !(rule.lets)(row) {
                assert_eq!(same, Some(row), "{sql} reached a row outside\nunder {}", rule.rows);
            }
            if let (true, Some(same)) = (mask, same) {
                assert_eq!(same.secret, row.secret, "{sql} wrote what is masked");
            }
        }
        for row in after.iter().filter(|row| !before.contains(row)) {
            assert!((rule.lets)(row), "{sql} left {row:?}\nunder {}", rule.rows);
        }
        let hidden: Vec<_> = before.iter().filter(|row| mask || !(rule.lets)(row)).collect();
        for text in texts(tx).into_iter().filter(|text| !notes.contains(text)) {
            assert!(hidden.iter().all(|row| !text.contains(&row.secret)), "{sql} took {text} away");
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

#[tokio::test]
async fn one_persons_connection_never_answers_another() {
    let all = orders(7);
    let full: Vec<_> = all.iter().map(|row| (row.clone(), Some(row.secret.clone()))).collect();
    let file = file(&full).await;
    bind(&file.db, layer(&RULES[0], None), &["role:admin"]).await;
    let person = |region: &str, role: &str| {
        let mut asker = ada();
        asker.known.insert("user.region".to_owned(), region.to_owned());
        asker.marks = vec![format!("role:{role}")];
        file.db.for_person(asker)
    };
    let sql = "select distinct region from orders where amount >= 0";
    for round in 0..40 {
        let region = ["north", "east", "west"][round % 3];
        let found = ask(&person(region, "user"), sql).await.unwrap();
        assert_eq!(found, [format!("Text({region:?})")]);
        assert_eq!(ask(&person(region, "admin"), sql).await.unwrap().len(), 4);
        assert_eq!(ask(&file.db, sql).await.unwrap().len(), 4);
    }
    // Many at a time, on the same few connections.
    let many = (0..60).map(|number| {
        let region = ["north", "east", "west", "south"][number % 4];
        let db = person(region, "user");
        tokio::spawn(async move { (region, ask(&db, sql).await.unwrap()) })
    });
    for one in many.collect::<Vec<_>>() {
        let (region, found) = one.await.unwrap();
        assert_eq!(found, [format!("Text({region:?})")]);
    }
}

#[tokio::test]
async fn a_policy_holds_from_the_next_question_on() {
    let pair = pair(3, &RULES[6], None).await;
    let sql = "select count(*) from orders";
    assert_eq!(ask(&pair.bound, sql).await.unwrap(), ["Integer(60)"]);

    bind(&pair.whole.db, layer(&RULES[5], None), &[]).await;
    assert_eq!(ask(&pair.bound, sql).await.unwrap(), ["Integer(0)"]);

    // A column that comes later is seen, under the same policy.
    bind(&pair.whole.db, layer(&RULES[6], None), &[]).await;
    let more = "alter table orders add column more text";
    pair.whole.db.write(move |tx| Ok::<_, Error>(tx.execute_batch(more)?)).await.unwrap();
    assert_eq!(ask(&pair.bound, "select count(*) from orders where more is null").await.unwrap(), ["Integer(60)"]);
}

#[tokio::test]
async fn an_app_sees_no_more_than_the_tables_own_policy_lets_through() {
    let mask = MASKS[1].as_ref();
    let pair = pair(11, &RULES[0], mask).await;
    let within = |rows: Option<&str>, shown: &str| {
        let layer = Layer {
            rows: rows.map(str::to_owned),
            mask: vec![("owner".to_owned(), shown.to_owned())],
        };
        pair.bound.within(vec![("Orders".to_owned(), layer)].into())
    };
    // An app's expression cannot show what the table's policy hides.
    let leaky = within(None, "secret");
    assert_eq!(ask(&leaky, "select count(owner) from orders").await.unwrap(), ["Integer(0)"]);
    let probing = within(Some("secret is not null"), "'x'");
    assert_eq!(ask(&probing, "select count(*) from orders").await.unwrap(), ["Integer(0)"]);
    // It narrows further, and never widens.
    let wide = within(Some("1"), "'x'");
    let found = ask(&wide, "select distinct region, owner from orders").await.unwrap();
    assert_eq!(found, ["Text(\"north\")|Text(\"x\")"]);
    let through = within(Some("1) union all select id, region, owner, amount, secret from main.orders where (1"), "'x'");
    assert!(ask(&through, "select id from orders").await.is_err());
}

#[tokio::test]
async fn a_policy_reads_its_own_table_and_who_asks_and_nothing_else() {
    let file = file(&[]).await;
    let check = |rows: &str, mask: &[(&str, &str)]| {
        let layer = Layer {
            rows: (!rows.is_empty()).then(|| rows.to_owned()),
            mask: mask.iter().map(|(column, shown)| ((*column).to_owned(), (*shown).to_owned())).collect(),
        };
        file.db.check_policy("orders".to_owned(), layer)
    };
    for refused in [
        "id in (select order_id from items)",
        "exists (select 1)",
        "1) union select (2",
        "1) or exists (select 1 from items where (1",
        "1 limit 1",
        "1) limit (5",
        "1) group by (1",
        "1), (2",
        "1; delete from orders",
        "1 /*",
        ":me = owner",
        "?1 = owner",
        "nowhere = 1",
        "items.note = 'x'",
        "count(*) > 1",
        "row_number() over () = 1",
        "load_extension('x')",
        "readfile('/etc/passwd') = ''",
        "region = ",
        "   ",
    ] {
        let error = check(refused, &[]).await.expect_err(refused);
        assert!(error.to_string().starts_with("the condition"), "{refused}: {error}");
        if refused.trim().is_empty() || refused.starts_with("1) or") { continue }
        assert!(check("", &[("secret", refused)]).await.is_err(), "{refused}");
    }
    for (fine, mask) in [
        ("region = ctx('user.region')", ("secret", "null")),
        ("lower(region) = lower(ctx('user.region')) -- remark", ("Secret", "substr(secret, -2)")),
        ("date('now') > '2020-01-01'", ("amount", "amount / 100 * 100 /* rounded */")),
    ] {
        check(fine, &[mask]).await.unwrap();
    }
    assert!(check("", &[]).await.is_err());
    assert!(check("1", &[("id", "1")]).await.is_err());
    assert!(check("1", &[("nothing", "1")]).await.is_err());
}

#[tokio::test]
async fn an_index_serves_under_a_policy() {
    let pair = pair(5, &RULES[0], MASKS[1].as_ref()).await;
    let plan = |sql: &'static str| {
        let budget = Budget::of(Duration::from_secs(5));
        pair.bound.ask(Lane::Desk, budget, move |guarded| Ok::<_, Error>(guarded.plan(sql)?.join("\n")))
    };
    let by_amount = plan("select id, secret from orders where amount = :a").await.unwrap();
    assert!(by_amount.contains("orders USING INDEX orders_by_"), "{by_amount}");
    let by_key = plan("select region from orders where id = :a").await.unwrap();
    assert!(by_key.contains("orders USING INTEGER PRIMARY KEY (rowid=?)"), "{by_key}");
    let by_policy = plan("select id from orders").await.unwrap();
    assert!(by_policy.contains("USING") && by_policy.contains("orders_by_region (region=?)"), "{by_policy}");
    for odd in ["select * from orders limit 3", "select a.id from orders a left join orders b on a.id = b.amount"] {
        assert!(!plan(odd).await.unwrap().contains("_rls_"), "{odd}");
    }
}

#[tokio::test]
async fn a_name_with_its_database_is_refused_and_the_reason_said() {
    let pair = pair(5, &RULES[0], None).await;
    let error = ask(&pair.bound, "select id from main.orders").await.unwrap_err();
    assert!(error.to_string().contains("write its name without main."), "{error}");
    let written = pair.bound.write(|tx| mutate(tx, &Mutation { sql: "delete from main.orders", values: &[] }));
    let error = written.await.unwrap_err();
    assert!(error.to_string().contains("write its name without main."), "{error}");
}

#[tokio::test]
async fn rows_are_added_and_looked_at_as_the_person_may() {
    let pair = pair(9, &RULES[0], MASKS[1].as_ref()).await;
    let insert = |sql: &'static str| {
        pair.bound.write(move |tx| add(tx, &Mutation { sql, values: &[] }))
    };
    let key = insert("insert into orders (region, secret) values ('north', 'mine')").await.unwrap();
    assert_eq!(key, 61);
    let refused = insert("insert into orders (region) values ('south')").await.unwrap_err();
    assert!(matches!(refused, Error::Outside(_)), "{refused}");
    let seen = pair.bound.write(move |tx| {
        let sql = "select region, secret from orders where id = :id";
        look(tx, &Mutation { sql, values: &[(":id", &61)] })
    });
    let seen = seen.await.unwrap().unwrap();
    assert_eq!(seen, [types::Value::Text("north".to_owned()), types::Value::Null]);
    // Our own work goes on, on the tables themselves.
    let ours = pair.whole.db.write(|tx| {
        Ok::<usize, Error>(tx.execute("insert into orders (region) values ('south')", [])?)
    });
    assert_eq!(ours.await.unwrap(), 1);
}
