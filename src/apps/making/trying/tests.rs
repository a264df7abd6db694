//! Claims about the tests of apps: what they see, and that nothing of them stays.

use super::*;
use crate::base::{Clock, Time};
use crate::config::{Config, Said};
use crate::data::Data;
use crate::site::Site;
use crate::web::WorkspaceId;

const APP: &str = r#"
format = 1
id = "desk"
title = "Desk"

[uses.main]
kind = "sqlite"
needs = ["read", "write"]

[policy.own]
on = "main.orders"
rows = "region = ctx('user.region') or ctx_has('user.groups', 'all')"

[query.list]
use = "main"
kind = "read"
sql = "select id, name from orders where (:q is null or name = :q) and (:few is null or id in (:few)); -- all"
param.q = { from = "url.q", type = "text", null = true }
param.few = { from = "url.few", type = "list<int>", null = true }

[query.mine]
use = "main"
kind = "read"
sql = "select :who as who, :group as region"
param.who = { from = "user.id", type = "text" }
param.group = { from = "user.region", type = "text", null = true }

[query.add]
use = "main"
kind = "write"
expect = 1
sql = "insert into orders (name, region) values (:name, :region)"
param.name = { from = "form.name", type = "text", max = 5 }
param.region = { from = "form.region", type = "text" }

[query.rename]
use = "main"
kind = "write"
expect = 1
sql = "update orders set name = :name where id = :id"
param.name = { from = "form.name", type = "text" }
param.id = { from = "row.id", type = "int" }

[query.endless]
use = "main"
kind = "write"
sql = "insert into orders (name, region) with recursive n (i) as (select 1 union all select i + 1 from n) select i, 'north' from n"

[page.home]
title = "Home"
path = "/"
"#;

struct Desk {
    apps: Apps,
    author: Author,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let said = Said {
            data: Some(folder.path().join("data")),
            ..Said::default()
        };
        let clock = Clock::set_to(Time(1_795_262_400_000));
        let site = Site::open(Config::of(&[said]).unwrap(), clock).unwrap();
        let workspace = WorkspaceId::new(Time(1_795_262_400_000));
        let db = site.files.open(&workspace.to_string()).unwrap();
        db.write(|tx| {
            tx.execute_batch(
                "create table orders (id integer primary key, name text not null unique, region text) strict;
                 insert into orders (name, region) values ('Ada', 'north'), ('Bob', 'north'), ('Cyd', 'south')",
            )?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        Desk {
            apps: Apps::new(Data::new(site)),
            author: Author::command_line(workspace),
            _folder: folder,
        }
    }

    /// What comes of the tests when these stand at the end of the file: the name of each,
    /// and what came instead.
    async fn run(&self, tests: &str) -> Vec<(String, Option<String>)> {
        let text = format!("{APP}\n{tests}");
        let app = App::parse(&text, &crate::apps::widgets::Known).unwrap();
        let refused = app
            .problems
            .iter()
            .find(|problem| problem.level > Level::Note);
        assert!(refused.is_none(), "{refused:?}");
        let bench = Bench::new(&self.apps, &self.author, &app).await.unwrap();
        let outcomes = bench.all().await.into_iter();
        outcomes.map(|one| (one.name, one.instead)).collect()
    }

    /// What came instead of what the only test expects.
    async fn one(&self, test: &str) -> Option<String> {
        let mut all = self.run(&format!("[test.it]\n{test}")).await;
        assert_eq!(all.len(), 1);
        all.remove(0).1
    }

    async fn names(&self) -> String {
        let files = &self.apps.site().files;
        let db = files.open(&self.author.workspace.to_string()).unwrap();
        let names = db.read(|conn| {
            let sql = "select group_concat(name, ' ') from (select name from orders order by id)";
            Ok::<_, StoreError>(conn.query_row(sql, [], |row| row.get::<_, String>(0))?)
        });
        names.await.unwrap()
    }
}

#[tokio::test]
async fn a_test_sees_the_rows_of_its_person() {
    let desk = Desk::new().await;
    let found = desk
        .run(
            r#"
[test.north]
as = { region = "north" }
run = "list"
expect = "select count(*) = 2 from result"
[test.of_all]
as = { groups = "some, all" }
run = "list"
expect = "(select count(*) from result) = 3;"
[test.nobody]
as = { id = "u" }
run = "list"
with = { q = "Ada" }
expect = "select not exists (select 1 from result) -- none"
[test.few]
as = { groups = "all" }
run = "list"
with = { few = [1, 3] }
expect = "select group_concat(name, '') = 'AdaCyd' from result"
[test.who]
as = { id = "u7", region = "east" }
run = "mine"
expect = "select who = 'u7' and region = 'east' from result"
"#,
        )
        .await;

    let failed: Vec<_> = found
        .iter()
        .filter(|(_, instead)| instead.is_some())
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(found.len(), 5);
}

#[tokio::test]
async fn one_that_fails_says_what_came_instead() {
    let desk = Desk::new().await;
    let said = desk
        .one("as = { region = 'south' }\nrun = 'list'\nexpect = 'select count(*) = 3 from result'")
        .await;
    assert_eq!(
        said.unwrap(),
        "`expect` gave 0 instead of 1; the query gave 1 row"
    );
    let said = desk
        .one("as = { region = 'south' }\nrun = 'list'\nexpect = 'select name from result'")
        .await;
    assert_eq!(
        said.unwrap(),
        "`expect` gave the text “Cyd” instead of 1; the query gave 1 row"
    );
    let said = desk
        .one("as = { id = '' }\nrun = 'mine'\nexpect = 'select 1'")
        .await;
    assert!(said.unwrap().starts_with("`who` needs your id"));
    let said = desk
        .one("as = {}\nrun = 'list'\nexpect = 'select colour from result'")
        .await;
    let said = said.unwrap();
    assert!(said.contains("no such column: colour"), "{said}");
}

#[tokio::test]
async fn a_change_is_seen_by_its_test_and_by_nobody_else() {
    let desk = Desk::new().await;
    let found = desk
        .run(
            r#"
[test.adds]
as = { region = "north" }
run = "add"
with = { name = "Dan", region = "north" }
expect = "select rows = 1 and (select count(*) from orders) = 3 from result"
[test.again]
as = { region = "north" }
run = "add"
with = { name = "Dan", region = "north" }
expect = "select rows = 1 from result"
"#,
        )
        .await;

    assert!(
        found.iter().all(|(_, instead)| instead.is_none()),
        "{found:?}"
    );
    assert_eq!(desk.names().await, "Ada Bob Cyd");
}

#[tokio::test]
async fn what_is_refused_is_a_result_where_the_test_asks_for_it() {
    let desk = Desk::new().await;
    let found = desk
        .run(
            r#"
[test.taken]
as = { region = "north" }
run = "add"
with = { name = "Ada", region = "north" }
expect = "select error like 'name: another entry%' and rows = 0 from result"
[test.outside]
as = { region = "north" }
run = "add"
with = { name = "Dan", region = "south" }
expect = "select error like '%policy%' from result"
[test.too_long]
as = { region = "north" }
run = "add"
with = { name = "Longer", region = "north" }
expect = "select error like '`name` %' and (select count(*) from orders) = 2 from result"
[test.others]
as = { region = "north" }
run = "rename"
with = { id = 3, name = "Eve" }
expect = "select error is not null from result"
"#,
        )
        .await;
    assert!(
        found.iter().all(|(_, instead)| instead.is_none()),
        "{found:?}"
    );

    let said = desk
        .one("as = { region = 'north' }\nrun = 'rename'\nwith = { id = 3, name = 'Eve' }\nexpect = 'select 1'")
        .await;
    let said = said.unwrap();
    assert!(
        said.starts_with("the change was refused: this would have changed none"),
        "{said}"
    );
    assert_eq!(desk.names().await, "Ada Bob Cyd");
}

#[tokio::test]
async fn a_test_reads_and_writes_nothing_but_tables_of_people() {
    let desk = Desk::new().await;
    for expect in [
        "select count(*) from _table",
        "select count(*) from sqlite_schema",
        "select ctx('user.region') is null",
        "1) from result; delete from orders where (1",
    ] {
        for query in [
            "run = 'list'",
            "run = 'add'\nwith = { name = 'Dan', region = 'north' }",
        ] {
            let text = format!(
                "{APP}\n[test.it]\nas = {{ region = 'north' }}\n{query}\nexpect = \"{expect}\"\n"
            );
            let Ok(app) = App::parse(&text, &crate::apps::widgets::Known) else {
                continue;
            };
            let bench = Bench::new(&desk.apps, &desk.author, &app).await.unwrap();
            let outcome = bench.all().await.remove(0);
            assert!(!outcome.is_passed(), "{expect} {query}");
        }
    }
    assert_eq!(desk.names().await, "Ada Bob Cyd");
}

#[tokio::test]
async fn one_that_does_not_end_is_stopped() {
    let desk = Desk::new().await;
    let said = desk
        .one("as = { region = 'north' }\nrun = 'endless'\nexpect = 'select 1'")
        .await;
    assert!(said.is_some());
    assert_eq!(desk.names().await, "Ada Bob Cyd");
    let next = desk
        .one("as = { region = 'north' }\nrun = 'list'\nexpect = 'select 1'")
        .await;
    assert_eq!(next, None);
}
