//! Statements that reach for what is not theirs, and those that must run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::base::Time;
use crate::data::tables::{NewTable, TableColumn, TableName, sql};
use crate::data::{Caps, Catalog, ColumnType, Question, Rows, Value, fetch};
use crate::store::{Budget, Db, Error, Key, Lane, Schema};

struct Desk {
    _folder: tempfile::TempDir,
    db: Db,
    catalog: Arc<Catalog>,
}

async fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(
        &folder.path().join("w.db"),
        &Key::random().unwrap(),
        Schema::Workspace,
        Arc::new(Notify::new()),
    )
    .unwrap();
    let column = |name: &str, kind| TableColumn {
        name: name.to_owned(),
        title: name.to_owned(),
        kind,
    };
    let columns = vec![
        column("name", ColumnType::Text),
        column("day", ColumnType::Date),
        column("amount", ColumnType::Number),
    ];
    let name = TableName::parse("orders").unwrap();
    let new = NewTable::new(name, "Orders", None, columns).unwrap();
    db.write(move |tx| {
        sql::register(tx, &new, Time(0))?;
        sql::create(tx, "orders", &new)?;
        let table = sql::tables(tx)?.remove(0);
        for number in 0..100_i32 {
            let values = [
                ("name".to_owned(), Value::Text(format!("name {number}"))),
                ("day".to_owned(), Value::Text("2026-11-21".to_owned())),
                ("amount".to_owned(), Value::Real(f64::from(number) / 4.0)),
            ];
            sql::insert(tx, &table, &values)?;
        }
        Ok::<_, crate::data::tables::Error>(())
    })
    .await
    .unwrap();
    let catalog = Arc::new(Catalog::new(db.read(sql::tables).await.unwrap()));
    Desk {
        _folder: folder,
        db,
        catalog,
    }
}

impl Desk {
    async fn run(&self, sql: &str, time: Duration) -> Result<Rows, Error> {
        let question = Question {
            sql: sql.to_owned(),
            values: Vec::new(),
        };
        let catalog = Arc::clone(&self.catalog);
        self.db
            .ask(Lane::Desk, Budget::of(time), move |guarded| {
                fetch(guarded, &catalog, &question, Caps::PAGE)
            })
            .await
    }
}

const HOSTILE: &[&str] = &[
    "attach database '/tmp/x' as x",
    "detach database main",
    "vacuum",
    "vacuum into '/tmp/stolen.db'",
    "pragma key",
    "pragma writable_schema = on",
    "pragma query_only = off",
    "pragma table_info(orders)",
    "pragma hard_heap_limit = 0",
    "select load_extension('/tmp/x.so')",
    "select readfile('/etc/passwd')",
    "select writefile('/tmp/x', 'x')",
    "select fts3_tokenizer('x')",
    "select sqlite_compileoption_get(1)",
    "select sqlite_version()",
    "select randomblob(1000000)",
    "select zeroblob(1000000000)",
    "select * from journal",
    "select count(*) from journal",
    "select * from JOURNAL",
    "select * from main.journal",
    "select * from \"journal\"",
    "select * from _table",
    "select count(*) from _column",
    "select * from orders where exists (select 1 from _table)",
    "select (select max(detail) from journal) from orders",
    "with x as (select * from journal) select * from x",
    "with x(action) as (values ('table.made')) select * from x natural join journal",
    "with x(name) as (values ('orders')) select name from x join _table using (name)",
    "with x(type) as (values ('table')) select * from x natural left join sqlite_schema",
    "select * from sqlite_schema",
    "select * from sqlite_master",
    "select * from sqlite_temp_schema",
    "select * from sqlite_dbpage",
    "select * from sqlite_stat1",
    "select * from pragma_table_info('orders')",
    "select * from pragma_table_list",
    "select * from pragma_database_list",
    "select * from pragma_function_list()",
    "select * from dbstat",
    "select 1; select 2",
    "select 1; drop table orders",
    "delete from orders",
    "delete from orders returning *",
    "insert into orders (name) values ('x')",
    "update orders set name = 'x'",
    "with x as (select 1) delete from orders",
    "replace into orders (name) values ('x') returning 1",
    "drop table orders",
    "create table x (y)",
    "create temp table x as select 1",
    "create view x as select 1",
    "create trigger t after insert on orders begin select 1; end",
    "create virtual table x using fts5(y)",
    "alter table orders rename to x",
    "reindex",
    "analyze",
    "begin",
    "commit",
    "savepoint x",
    "explain select 1",
    "explain query plan select 1",
    "",
    "-- nothing",
];

#[tokio::test]
async fn what_reaches_past_the_workspace_is_refused() {
    let desk = desk().await;
    for hostile in HOSTILE {
        let refused = desk.run(hostile, Duration::from_secs(2)).await;
        let error = refused.err().unwrap_or_else(|| panic!("{hostile} ran"));
        let is_told = matches!(error, Error::Denied(_) | Error::BadSql { .. });
        assert!(is_told, "{hostile}: {error:?}");
        assert!(error.to_string().len() > 8, "{hostile}: {error}");
    }
    let rows = desk.run("select count(*) from orders", Duration::from_secs(2));
    assert_eq!(
        rows.await.unwrap().get(0, 0),
        crate::data::Cell::Integer(100)
    );
}

#[tokio::test]
async fn what_takes_too_much_is_stopped_in_its_budget() {
    let desk = desk().await;
    let joins = (0..20).map(|at| format!("orders o{at}"));
    let joins = joins.collect::<Vec<_>>().join(", ");
    for bomb in [
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n order by -i",
        "with recursive n(s) as (select 'x' union all select s || s from n) select length(s) from n",
        "with recursive n(i) as (values(1) union select i * 1.0000001 + 1 from n) select max(i) from n",
        &format!("select count(*) from {joins}"),
        &format!("select sum(o1.amount) from {joins} where o1.name || o19.name = 'x'"),
        &format!("select group_concat(o1.name) from {joins}"),
        "select printf('%.*c', 2000000000, 'x')",
        "select hex(printf('%.*c', 8000000, 'x'))",
        "select count(*) from orders a, orders b, orders c, orders d where replace(a.name || b.name || c.name || d.name, 'n', 'mm') like '%x%x%x%'",
    ] {
        let began = Instant::now();
        let stopped = desk.run(bomb, Duration::from_millis(300)).await;
        let error = stopped.err().unwrap_or_else(|| panic!("{bomb} ran"));
        let is_told = matches!(
            error,
            Error::TooSlow | Error::TooMuch(_) | Error::NoMemory | Error::BadSql { .. }
        );
        assert!(is_told, "{bomb}: {error:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "{bomb}");
    }
}

#[tokio::test]
async fn a_bomb_leaves_pages_and_writes_alone() {
    let desk = Arc::new(desk().await);
    let bomb =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    let bombs: Vec<_> = (0..4)
        .map(|_| {
            let desk = Arc::clone(&desk);
            tokio::spawn(async move { desk.run(bomb, Duration::from_secs(1)).await.err() })
        })
        .collect();
    let catalog = Arc::clone(&desk.catalog);
    let page = desk.db.ask(
        Lane::Page,
        Budget::of(Duration::from_secs(1)),
        move |guarded| {
            let question = Question {
                sql: "select count(*) from orders".to_owned(),
                values: Vec::new(),
            };
            fetch(guarded, &catalog, &question, Caps::PAGE)
        },
    );
    assert_eq!(page.await.unwrap().len(), 1);
    let table = desk.catalog.tables[0].clone();
    let written = desk.db.write(move |tx| sql::insert(tx, &table, &[])).await;
    assert_eq!(written.unwrap(), 101);
    for bomb in bombs {
        assert!(matches!(bomb.await.unwrap(), Some(Error::TooSlow)));
    }
}

#[tokio::test]
async fn what_only_reads_runs() {
    let desk = desk().await;
    for legal in [
        "select * from orders",
        "SELECT o.name FROM main.orders AS o;",
        "select 1",
        "values (1, 2), (3, 4)",
        "with journal_lines as (select 1 as x) select count(*) from journal_lines",
        "with x as (select * from orders) select count(*) from x",
        "with tables as (select name from orders) select * from tables limit 3",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select * from n",
        "select name, row_number() over (order by amount desc) from orders",
        "select sum(amount) over (partition by day order by id rows 3 preceding) from orders",
        "select lag(amount, 1, 0) over w, lead(amount) over w from orders window w as (order by id)",
        "select value from json_each('[1,2,3]')",
        "select j.key, j.value from orders, json_each('{\"a\": 1}') as j limit 5",
        "select * from json_tree('{\"a\": [1, 2]}')",
        "select json_group_array(name), json_extract('{\"a\": 1}', '$.a'), '{\"a\": 1}' ->> 'a' from orders",
        "select date('now'), datetime(day, '+1 day'), strftime('%Y-%m', day), unixepoch(day) from orders",
        "select current_date, current_time, current_timestamp",
        "select julianday(day) - julianday('2026-01-01') from orders",
        "select name from orders union select day from orders",
        "select name from orders union all select 'x' except select 'y' intersect select name from orders",
        "select count(distinct name), avg(amount), total(amount), group_concat(name, '; ') from orders",
        "select day, count(*) filter (where amount > 5) from orders group by day having count(*) > 1",
        "select case when amount > 5 then 'much' else 'little' end from orders",
        "select cast(amount as integer), round(amount, 1), abs(amount) from orders",
        "select a.name from orders a left join orders b on a.id = b.id + 1 where b.id is null",
        "select a.name from orders a full outer join orders b using (id)",
        "select name from orders where name like 'name 1%' and name glob 'n*'",
        "select upper(name), substr(name, 1, 3), instr(name, 'a'), printf('%05d', id) from orders",
        "select iif(amount > 1, 'a', 'b'), coalesce(null, 1), nullif(1, 1), ifnull(null, 2) from orders",
        "select exists (select 1 from orders), (select max(id) from orders)",
        "select name from orders where id in (select id from orders where amount between 1 and 5)",
        "select random() from orders",
        "select string_agg(name, ', ') from orders",
    ] {
        let ran = desk.run(legal, Duration::from_secs(5)).await;
        assert!(ran.is_ok(), "{legal}: {:?}", ran.err());
    }
}
