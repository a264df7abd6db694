//! Stories of people who use an app, told through its routes.

mod choices;
mod follow;
mod forms;
mod lines;
mod rules;
mod widgets;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::apps::Apps;
use crate::base::{Clock, Time};
use crate::config::{Config, Said};
use crate::data::Data;
use crate::journal::Via;
use crate::site::Site;
use crate::store::Error;
use crate::web::{Door, Person, Role, Standing, UserId, Viewer, Whereabouts, WorkspaceId};

const SAMPLE: &str = include_str!("../widgets/sample.toml");
const NOON: Time = Time(1_795_262_400_000);
const ONCE: &str = "019aa0000000700080000000000000ab";

struct Desk {
    apps: Apps,
    person: Person,
    _folder: tempfile::TempDir,
}

struct Told {
    status: u16,
    text: String,
    to: String,
    /// What the browser is told about the page.
    headers: axum::http::HeaderMap,
}

impl Desk {
    async fn new() -> Desk {
        Desk::showing(&[]).await
    }

    /// Where an operator allowed these origins.
    async fn showing(origins: &[&str]) -> Desk {
        Desk::of(SAMPLE.to_owned(), origins).await
    }

    /// With an app of that text.
    async fn of(text: String, origins: &[&str]) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let said = Said {
            data: Some(folder.path().join("data")),
            shown: Some(origins.iter().map(|&origin| origin.to_owned()).collect()),
            ..Said::default()
        };
        let site = Site::open(Config::of(&[said]).unwrap(), Clock::set_to(NOON)).unwrap();
        let workspace = WorkspaceId::new(NOON);
        site.system
            .write(move |tx| {
                tx.execute("insert into workspace (id, name, created) values (?1, 'W', 0)", [workspace])?;
                tx.execute("insert into app (workspace, id, title, draft, draft_at, draft_by, version, created) values (?1, 'sample', 'Sample', '', 0, '', 1, 0)", [workspace])?;
                tx.execute("insert into app_version (workspace, app, version, text, note, at, by) values (?1, 'sample', 1, ?2, '', 0, '')", (workspace, text))?;
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        let db = site.files.open(&workspace.to_string()).unwrap();
        db.write(|tx| {
            tx.execute_batch(
                "create table orders (id integer primary key, name text not null unique, amount real, day text, status text) strict;
                 insert into orders (name, amount, day, status) values ('<b>Ada</b>', 10.5, '2026-11-01', 'new'), ('Bob', 20, '2026-11-02', 'paid'), ('=1+1', null, '2026-11-03', 'new')",
            )?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        let person = Person {
            id: UserId::new(NOON),
            name: "Ada".into(),
            email: "ada@example.com".into(),
            role: Role::User,
            operator: false,
            workspace,
            workspace_name: "W".into(),
            via: Via::Web,
            groups: Vec::new(),
            attributes: BTreeMap::new(),
            whereabouts: Whereabouts::default(),
        };
        Desk {
            apps: Apps::new(Data::new(site)),
            person,
            _folder: folder,
        }
    }

    async fn ask(&self, mut request: Request<Body>) -> Told {
        let person = Person {
            email: self.person.email.clone(),
            name: self.person.name.clone(),
            workspace_name: String::new(),
            via: if request.uri().path().starts_with("/api") {
                Via::Api
            } else {
                Via::Web
            },
            groups: self.person.groups.clone(),
            attributes: self.person.attributes.clone(),
            whereabouts: self.person.whereabouts.clone(),
            ..self.person
        };
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        request.extensions_mut().insert(Viewer {
            standing: Standing::default(),
            person: Arc::new(person),
            address,
            door: Door::Only,
            seen: Arc::default(),
            toast: None,
        });
        let router = super::routes().with(self.apps.clone()).router;
        let answer: Response<Body> = router.oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let to = answer
            .headers()
            .get("location")
            .map(|to| to.to_str().unwrap().to_owned());
        let headers = answer.headers().clone();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Told {
            status,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            to: to.unwrap_or_default(),
            headers,
        }
    }

    async fn get(&self, path: &str) -> Told {
        self.ask(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    async fn post(&self, path: &str, body: &str) -> Told {
        self.ask(
            Request::post(path)
                .body(Body::from(body.to_owned()))
                .unwrap(),
        )
        .await
    }

    /// The same as a page that is open asks it: for the widgets alone.
    async fn part(&self, path: &str, body: Option<&str>) -> Told {
        let request = match body {
            Some(_) => Request::post(path),
            None => Request::get(path),
        };
        let body = Body::from(body.unwrap_or_default().to_owned());
        self.ask(request.header("onsight-part", "1").body(body).unwrap())
            .await
    }

    async fn write(&self, sql: &'static str) {
        let workspace = self.person.workspace.to_string();
        let db = self.apps.site().files.open(&workspace).unwrap();
        db.write(move |tx| Ok::<_, Error>(tx.execute_batch(sql)?))
            .await
            .unwrap();
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let db = self
            .apps
            .site()
            .files
            .open(&self.person.workspace.to_string())
            .unwrap();
        db.read(move |conn| Ok::<i64, Error>(conn.query_row(sql, [], |row| row.get(0))?))
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_page_shows_its_widgets_and_no_cell_leaves_its_place() {
    let desk = Desk::new().await;

    let page = desk.get("/apps/sample?sort=name").await;

    assert_eq!(page.status, 200, "{}", page.text);
    for part in [
        "&lt;b&gt;Ada&lt;/b&gt;",
        "<strong>there</strong>",
        "aria-sort=\"ascending\"",
        "<nav class=\"tabs\"",
        "class=\"filters\"",
        "This could not be loaded",
        "data-confirm=\"Close all?\"",
        "card stat",
        "href=\"/apps/sample/p/edit?id=1\"",
        "hx-get=\"/apps/sample/part/home/list/count?sort=name\"",
    ] {
        assert!(page.text.contains(part), "{part}\n{}", page.text);
    }
    assert!(!page.text.contains("<b>Ada") && !page.text.contains("alert(1)"));
    assert!(!page.text.contains("onsight-chart"), "another tab's");
    assert!(
        !page.text.contains("nowhere"),
        "the engine's words are for builders"
    );

    let sums = desk.get("/apps/sample?parts=2").await;
    assert!(
        sums.text
            .contains("<onsight-chart data-mark=\"bar\" data-x=\"status\" data-y=\"amount\">"),
        "{}",
        sums.text
    );
    assert_eq!(desk.get("/apps/sample?sort=id").await.status, 200);
    assert_eq!(desk.get("/apps/sample/p/nothing").await.status, 404);
}

#[tokio::test]
async fn totals_counts_and_files_are_the_whole_result() {
    let desk = Desk::new().await;

    let count = desk.get("/apps/sample/part/home/list/count").await;
    let totals = desk
        .get("/apps/sample/part/home/list/totals?status=new")
        .await;
    let csv = desk
        .get("/apps/sample/export/home/list/csv?sort=name")
        .await;
    let xlsx = desk.get("/apps/sample/export/home/list/xlsx").await;

    assert_eq!(count.text, " of 3");
    assert!(totals.text.contains("10.50 EUR"), "{}", totals.text);
    assert_eq!(
        csv.text,
        "Name,Amount,Day,Status\r\n<b>Ada</b>,10.5,2026-11-01,new\r\n'=1+1,,2026-11-03,new\r\nBob,20,2026-11-02,paid\r\n"
    );
    assert!(xlsx.text.starts_with("PK"));
    assert_eq!(
        desk.number(
            "select count(*) from journal where action = 'rows.exported' and object like 'sample/%'
             and json_extract(detail, '$.format') in ('csv', 'xlsx')"
        )
        .await,
        2
    );
    assert_eq!(
        desk.get("/apps/sample/export/home/list/pdf").await.status,
        404
    );
}

#[tokio::test]
async fn a_form_keeps_what_was_typed_until_it_is_right() {
    let desk = Desk::new().await;
    let start = format!("_page=edit&_widget=form&_at=&_once={ONCE}");

    let again = desk
        .post(
            "/apps/sample/run/add",
            &format!("{start}&name=%3CB&amount=1.234"),
        )
        .await;

    assert_eq!(again.status, 422);
    assert!(
        again.text.contains("value=\"&#60;B\"") || again.text.contains("value=\"&lt;B\""),
        "{}",
        again.text
    );
    assert!(
        again
            .text
            .contains("must have at most 2 digits after the point"),
        "{}",
        again.text
    );
    assert!(again.text.contains(ONCE));
    let taken = desk
        .post(
            "/apps/sample/run/add",
            &format!("{start}&name=Bob&amount=1"),
        )
        .await;
    assert_eq!(taken.status, 422);
    assert!(
        taken.text.contains("another entry has that value already"),
        "{}",
        taken.text
    );
    assert_eq!(desk.number("select count(*) from orders").await, 3);
}

#[tokio::test]
async fn sending_twice_does_it_once_with_one_line_in_the_journal() {
    let desk = Desk::new().await;
    let body = format!("_page=edit&_widget=form&_at=&_once={ONCE}&name=Cyd&amount=1.5");

    let first = desk.post("/apps/sample/run/add", &body).await;
    let second = desk.post("/apps/sample/run/add", &body).await;

    assert_eq!(
        (first.status, first.to.as_str()),
        (303, "/apps/sample"),
        "{}",
        first.text
    );
    assert_eq!((second.status, second.to.as_str()), (303, "/apps/sample"));
    assert_eq!(
        desk.number("select count(*) from orders where name = 'Cyd' and day = '2026-11-21'")
            .await,
        1
    );
    assert_eq!(
        desk.number(
            "select count(*) from journal where action = 'order.create' and object = 'sample/add'"
        )
        .await,
        1
    );
    let bare = desk
        .post(
            "/apps/sample/run/add",
            "_page=edit&_widget=form&name=Dan&amount=1",
        )
        .await;
    assert_eq!(bare.status, 422, "without a token nothing is done");
}

#[tokio::test]
async fn a_write_that_changes_more_than_expected_is_undone() {
    let desk = Desk::new().await;
    let body = format!("_page=home&_widget=closing&_at=&_once={ONCE}");

    let refused = desk.post("/apps/sample/run/close", &body).await;

    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(
        desk.number("select count(*) from orders where status = 'new'")
            .await,
        2
    );
    assert_eq!(desk.number("select count(*) from journal").await, 0);
    let foreign = desk.post("/apps/sample/run/add", &body).await;
    assert_eq!(foreign.status, 404, "only what the widget names");
}

#[tokio::test]
async fn programs_read_rows_page_by_page() {
    let desk = Desk::new().await;

    let first = desk
        .get("/api/v1/apps/sample/queries/list?sort=-name")
        .await;
    let next: serde_json::Value = serde_json::from_str(&first.text).unwrap();
    let second = desk.get(next["next"].as_str().unwrap()).await;

    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(next["rows"][0]["name"], "Bob");
    insta::assert_snapshot!(second.text, @r#"{"rows":[{"id":1,"name":"<b>Ada</b>","amount":10.5,"day":"2026-11-01","status":"new"}],"next":null,"previous":"/api/v1/apps/sample/queries/list?sort=-name&before=%5B3%2C%22t%3Cb%3EAda%3C%2Fb%3E%22%2C1%5D"}"#);
    assert_eq!(
        desk.get("/api/v1/apps/sample/queries/add").await.status,
        404
    );
    assert_eq!(
        desk.get("/api/v1/apps/sample/queries/list?status=odd")
            .await
            .status,
        422
    );
}
