//! Claims about every template, and about what is left where one cannot be made.

use super::actions::{make, make_as};
use super::*;
use crate::apps::format::QueryKind;
use crate::apps::making::Author;
use crate::apps::{Apps, Error};
use crate::base::{Clock, Time};
use crate::config::{Config, Said};
use crate::data::Data;
use crate::people::{self, Email, NewUser};
use crate::site::Site;
use crate::store::{Connection, Db};
use crate::web::Role;

const NOON: Time = Time(1_795_262_400_000);

struct Bench {
    apps: Apps,
    author: Author,
    db: Db,
    _folder: tempfile::TempDir,
}

async fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let said = Said {
        data: Some(folder.path().join("data")),
        ..Said::default()
    };
    let site = Site::open(Config::of(&[said]).unwrap(), Clock::set_to(NOON)).unwrap();
    let new = NewUser {
        email: Email::parse("ada@example.org").unwrap(),
        name: "Ada".to_owned(),
        role: Role::Admin,
        operator: true,
    };
    let workspace = people::welcome(&site, new, "Desk", None).await.unwrap();
    Bench {
        db: site.files.open(&workspace.to_string()).unwrap(),
        author: Author::command_line(workspace),
        apps: Apps::new(Data::new(site)),
        _folder: folder,
    }
}

impl Bench {
    async fn tables(&self) -> Vec<String> {
        let catalog = self
            .apps
            .data
            .catalog(self.author.workspace, &self.db)
            .await;
        let catalog = catalog.unwrap();
        catalog
            .tables
            .iter()
            .map(|table| table.name.clone())
            .collect()
    }

    /// The actions that the workspace's file and the accounts database recorded, by `like`.
    async fn recorded(&self, like: &'static str) -> i64 {
        let count = move |conn: &Connection| {
            let sql = format!("select count(*) from journal where action like '{like}'");
            Ok::<_, crate::store::Error>(conn.query_row(&sql, [], |row| row.get::<_, i64>(0))?)
        };
        let own = self.db.read(count).await.unwrap();
        own + self.apps.site().system.read(count).await.unwrap()
    }
}

#[test]
fn every_template_reads_and_nothing_is_said_against_it() {
    for template in ALL {
        let named = template.named("made", &[], NOON);
        let named = named.unwrap_or_else(|error| panic!("{}: {error:?}", template.name));

        let problems = &named.app.problems;
        assert!(problems.is_empty(), "{}: {problems:?}", template.name);
        for table in &named.tables {
            let place = format!("{{{}}}", table.new.name.as_str());
            assert!(template.app.contains(&place), "{} {place}", template.name);
            assert!(!table.rows.is_empty(), "{} {place}", template.name);
            for reference in &table.references {
                let mut all = named.tables.iter();
                assert!(
                    all.any(|to| to.new.name.as_str() == reference.to),
                    "{reference:?}"
                );
            }
        }
        assert!(!named.text.contains("{id}") && !named.text.contains("{title}"));
    }
}

#[tokio::test]
async fn the_statements_of_every_template_run_beside_another_of_its_kind() {
    let bench = bench().await;
    for template in ALL {
        for number in 1..=2 {
            let what = (*template, true);
            let made = make(&bench.apps, &bench.db, &bench.author, what)
                .await
                .unwrap();
            let used = bench.apps.published(bench.author.workspace, &made.id).await;
            let app = &used.unwrap().app;
            let end = if number == 1 { "" } else { " 2" };
            assert_eq!(app.title, format!("{}{end}", template.title));
            for query in &app.queries {
                let (sql, kind) = (query.sql.clone(), query.kind);
                let is_read = bench
                    .db
                    .read(move |conn| {
                        let prepared = conn.prepare(&sql).map_err(crate::store::Error::from);
                        Ok::<_, crate::store::Error>(prepared?.readonly())
                    })
                    .await;
                let name = &query.name;
                let is_read = is_read.unwrap_or_else(|error| panic!("{}/{name}: {error}", made.id));
                assert_eq!(is_read, kind == QueryKind::Read, "{name}");
            }
        }
    }
    let tables = bench.tables().await;
    assert!(tables.contains(&"issues_2".to_owned()), "{tables:?}");
    // Two of them have customers: the other gets names of its own for all of its tables.
    assert!(tables.contains(&"vehicles_3".to_owned()), "{tables:?}");
    assert!(tables.contains(&"customers_4".to_owned()), "{tables:?}");
}

#[tokio::test]
async fn without_its_rows_a_template_is_as_whole() {
    let bench = bench().await;
    let what = (ALL[0], false);

    make(&bench.apps, &bench.db, &bench.author, what)
        .await
        .unwrap();

    let rows = bench.db.read(|conn| {
        let count = conn.query_row("select count(*) from issues", [], |row| {
            row.get::<_, i64>(0)
        });
        Ok::<_, crate::store::Error>(count?)
    });
    assert_eq!(rows.await.unwrap(), 0);
    assert_eq!(bench.recorded("table.made").await, 3);
    assert_eq!(bench.recorded("app.%").await, 2);
}

#[tokio::test]
async fn an_app_that_cannot_be_kept_leaves_no_table_behind() {
    let bench = bench().await;
    let what = (ALL[0], true);
    let first = make(&bench.apps, &bench.db, &bench.author, what)
        .await
        .unwrap();
    let before = bench.tables().await;

    // Somebody else took the id in between.
    let refused = make_as(&bench.apps, &bench.db, &bench.author, what, &first.id).await;

    assert!(matches!(refused, Err(Error::Exists(_))), "{refused:?}");
    assert_eq!(bench.tables().await, before);
    assert_eq!(bench.recorded("table.unmade").await, 3);
    let again = make(&bench.apps, &bench.db, &bench.author, what)
        .await
        .unwrap();
    assert_eq!(again.id, "issue-tracker-2");
}
