//! Open pages of an app that hear what others change, for as long as they may.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use onsight::apps::{self, Apps, Author, Import};
use onsight::base::Time;
use onsight::data::Data;
use onsight::people::{self, Email};
use onsight::running::LASTING;
use onsight::store::Error;
use onsight::web::Role;
use tokio::time::timeout;

use crate::support::{TestSite, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";
const AT: &str = "/apps/desk/follow/home";

fn text(access: &str) -> String {
    format!(
        r#"format = 1
id = "desk"
title = "Desk"
{access}
[uses.main]
kind = "sqlite"
needs = ["read", "write"]
[query.list]
use = "main"
kind = "read"
sql = "select id, name from orders order by id"
[query.sums]
use = "main"
kind = "read"
sql = "select count(*) as n from items"
[query.add]
use = "main"
kind = "write"
sql = "insert into orders (name, amount) values (:name, 1)"
[query.add.param]
name = {{ from = "form.name", type = "text", max = 80 }}
[page.home]
title = "Home"
path = "/"
live = true
[page.home.widget.rows]
type = "report"
at = [1, 1, 12]
query = "list"
[page.home.widget.count]
type = "report"
at = [2, 1, 12]
query = "sums"
[page.home.widget.form]
type = "form"
at = [3, 1, 12]
submit = "add"
[page.still]
title = "Still"
path = "/still"
"#
    )
}

struct Stage {
    site: TestSite,
    ada: Visitor,
    bob: Visitor,
}

impl Stage {
    async fn new() -> Stage {
        Stage::with("").await
    }

    /// Where the app's file says so.
    async fn with(access: &str) -> Stage {
        let (site, ada) = TestSite::new().await;
        let workspace = people::first_workspace(site.site()).await.unwrap();
        site.table(
            workspace,
            "orders",
            "id,name,amount\n1,First,1\n2,Second,2\n",
        )
        .await;
        site.table(workspace, "items", "id,name\n1,Bolt\n").await;
        let bob = site.member("bob@example.org", Role::User).await;
        let stage = Stage { site, ada, bob };
        stage.publish(access).await;
        stage
    }

    async fn publish(&self, access: &str) {
        let site = self.site.site();
        let workspace = people::first_workspace(site).await.unwrap();
        let apps = Apps::new(Data::new(site.clone()));
        let wanted = Import {
            text: text(access),
            id: None,
            publish: true,
        };
        apps::import(&apps, &Author::command_line(workspace), wanted)
            .await
            .unwrap();
    }

    /// What Ada sends with the app's form.
    async fn add(&self, number: u32) {
        let once = format!("019aa00000007000800000000000{number:04x}");
        let form = format!("_page=home&_widget=form&_at=&_once={once}&name=New");
        let sent = self.ada.post("/apps/desk/run/add", &form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }

    async fn write(&self, sql: &'static str) {
        let workspace = people::first_workspace(self.site.site()).await.unwrap();
        let db = self.site.site().files.open(&workspace.to_string()).unwrap();
        db.write(move |tx| Ok::<_, Error>(tx.execute_batch(sql)?))
            .await
            .unwrap();
    }
}

/// A line that stands, from the place that the page showed.
struct Line {
    body: Body,
    since: String,
}

impl Line {
    async fn open(visitor: &Visitor) -> Line {
        let page = visitor.get("/apps/desk").await;
        let at = format!("data-follow=\"{AT}\"");
        assert!(page.text.contains(&at), "{}", page.text);
        let since = page.between("data-since=\"", "\"").to_owned();
        Line::since(visitor, since).await
    }

    async fn since(visitor: &Visitor, since: String) -> Line {
        let path = format!("{AT}?since={since}");
        let answer = visitor.ask("GET", &path, FORM, Body::empty()).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let mut line = Line {
            body: answer.into_body(),
            since,
        };
        let here = format!("event: here\nid: {}\ndata:\n\n", line.since);
        assert_eq!(line.next().await, Some(here));
        line
    }

    /// The next event; `None` at the end, broken off or not.
    async fn next(&mut self) -> Option<String> {
        let frame = timeout(Duration::from_secs(20), self.body.frame()).await;
        let frame = frame.expect("something is said, or it ends")?;
        let bytes = frame.ok()?.into_data().unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// The widgets that are said to have changed.
    async fn changed(&mut self) -> Vec<String> {
        let event = self.next().await.unwrap();
        let (head, data) = event.trim_end().split_once("\ndata: ").expect(&event);
        let place = head.strip_prefix("event: changed\nid: ").expect(&event);
        place.clone_into(&mut self.since);
        data.split(' ').map(str::to_owned).collect()
    }

    async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_millis(100), self.body.frame())
            .await
            .is_err()
    }

    async fn ends(mut self) {
        while let Some(event) = self.next().await {
            assert_eq!(event, "event: end\ndata:\n\n");
        }
    }
}

#[tokio::test]
async fn what_one_person_changes_the_other_one_hears_and_no_row_of_it() {
    let stage = Stage::new().await;
    let mut line = Line::open(&stage.bob).await;
    let mut own = Line::open(&stage.ada).await;

    stage.add(1).await;

    assert_eq!(line.changed().await, ["rows"]);
    assert_eq!(own.changed().await, ["rows"]);
    assert!(line.is_silent().await, "told once");
    let seen = stage.bob.get("/apps/desk").await;
    assert!(seen.text.contains(">New<"), "{}", seen.text);
}

#[tokio::test]
async fn every_way_to_change_a_table_is_heard() {
    let stage = Stage::new().await;
    let mut line = Line::open(&stage.bob).await;

    let grid = stage.ada.post("/data/items/rows/new", "v.name=Nut").await;
    assert_eq!(grid.status, 303, "{}", grid.text);
    assert_eq!(line.changed().await, ["count"]);
    stage.write("delete from orders").await;
    assert_eq!(line.changed().await, ["rows"]);
    let workspace = people::first_workspace(stage.site.site()).await.unwrap();
    stage
        .site
        .table(workspace, "more", "id,name\n1,Other\n")
        .await;
    let mut heard = line.changed().await;
    heard.sort();
    assert_eq!(heard, ["count", "rows"], "a new table may be any table");
}

#[tokio::test]
async fn what_came_while_nobody_listened_is_told_at_once() {
    let stage = Stage::new().await;
    let page = stage.bob.get("/apps/desk").await;
    let since = page.between("data-since=\"", "\"").to_owned();
    stage.add(1).await;
    stage.write("delete from items").await;

    let mut late = Line::since(&stage.bob, since).await;
    let mut heard = late.changed().await;
    heard.sort();

    assert_eq!(heard, ["count", "rows"], "together");
    let mut on = Line::since(&stage.bob, late.since.clone()).await;
    assert!(on.is_silent().await);
    // A place of another run of the server.
    let mut strange = Line::since(&stage.bob, "1".to_owned()).await;
    assert_eq!(strange.changed().await, ["rows", "count"]);
}

#[tokio::test]
async fn only_the_widgets_that_are_asked_for_are_drawn() {
    let stage = Stage::new().await;
    let mut page = stage.bob.clone();
    page.headers = vec![("onsight-part", "1"), ("onsight-only", "count nothing")];

    let part = page.get("/apps/desk").await;

    assert!(part.text.contains("id=\"w-count\""), "{}", part.text);
    assert!(!part.text.contains("id=\"w-rows\""));
    page.headers.remove(0);
    let whole = page.get("/apps/desk").await;
    assert!(whole.text.contains("id=\"w-rows\"") && whole.text.contains("<html"));
}

#[tokio::test]
async fn who_may_not_open_the_page_hears_nothing() {
    let stage = Stage::new().await;
    let eve = stage.site.found("Southgate", "eve@example.org").await;

    let still = stage.bob.get("/apps/desk/follow/still").await;
    let absent = stage.bob.get("/apps/desk/follow/nothing").await;
    assert_eq!(still.status, 404);
    assert_eq!(absent.status, 404);
    assert!(
        !stage
            .bob
            .get("/apps/desk/p/still")
            .await
            .text
            .contains("data-follow")
    );
    let elsewhere = eve.get(AT).await;
    assert_eq!(elsewhere.status, 404);
    let stranger = stage.site.stranger().get(AT).await;
    assert!(stranger.location().starts_with("/sign-in"));
    let closed = Stage::with("[access]\nopen = [\"role:admin\"]").await;
    assert_eq!(closed.bob.get(AT).await.status, 404);
    Line::open(&closed.ada).await;
}

#[tokio::test]
async fn a_line_ends_with_its_session_and_others_stand() {
    let stage = Stage::new().await;
    let other = stage.site.again("bob@example.org", &stage.bob).await;
    let line = Line::open(&stage.bob).await;
    let mut kept = Line::open(&other).await;

    stage.bob.post("/sign-out", "").await;
    people::patrol(&stage.site.people).await.unwrap();

    line.ends().await;
    stage.add(1).await;
    assert_eq!(kept.changed().await, ["rows"]);
}

#[tokio::test]
async fn a_line_ends_when_its_reader_is_shut_out() {
    let stage = Stage::new().await;
    let line = Line::open(&stage.bob).await;

    let email = Email::parse("bob@example.org").unwrap();
    people::disable(stage.site.site(), &email).await.unwrap();
    people::patrol(&stage.site.people).await.unwrap();

    line.ends().await;
}

#[tokio::test]
async fn an_open_page_keeps_no_session_from_locking_and_is_over_then() {
    let stage = Stage::new().await;
    let mut page = stage.bob.clone();
    page.headers = vec![("onsight-follow", "1")];
    let line = Line::open(&page).await;
    for _ in 0..16 {
        stage.site.site().clock.advance(Time::MINUTE);
        // What a page asks by itself, each minute until it is locked.
        page.get("/apps/desk").await;
    }

    people::patrol(&stage.site.people).await.unwrap();

    line.ends().await;
    let locked = stage.bob.get("/apps").await;
    assert!(locked.location().starts_with("/locked"), "{}", locked.text);
}

#[tokio::test]
async fn somebody_at_work_is_noted_although_their_page_follows() {
    let stage = Stage::new().await;
    let mut page = stage.bob.clone();
    page.headers = vec![("onsight-follow", "1")];
    for _ in 0..16 {
        stage.site.site().clock.advance(2 * Time::MINUTE);
        page.get("/apps/desk").await;
        assert_eq!(stage.bob.get("/apps").await.status, 200);
        // When somebody was seen is written down beside the answer.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn who_loses_access_hears_of_no_change_any_more() {
    let stage = Stage::new().await;
    let mut line = Line::open(&stage.bob).await;
    stage.add(1).await;
    assert_eq!(line.changed().await, ["rows"]);
    let members = stage.ada.get("/members").await;
    let row = members.text.split("<tr>").find(|row| row.contains("bob@"));
    let id = row.unwrap().split("/members/").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let role = format!("/members/{id}/role");
    assert_eq!(stage.ada.post(&role, "role=auditor").await.status, 303);
    // A standing is believed for two seconds.
    tokio::time::sleep(Duration::from_millis(2_100)).await;

    stage.add(2).await;

    line.ends().await;
}

#[tokio::test]
async fn so_many_pages_of_one_person_follow_and_the_next_is_told_why_not() {
    let stage = Stage::new().await;
    let mut lines = Vec::new();
    for _ in 0..40 {
        lines.push(Line::open(&stage.bob).await);
    }

    let refused = stage.bob.get(AT).await;

    assert_eq!(refused.status, 409);
    assert!(
        refused
            .text
            .contains("40 of your pages follow changes already"),
        "{}",
        refused.text
    );
    Line::open(&stage.ada).await;
    lines.pop();
    Line::open(&stage.bob).await;
}

#[tokio::test]
async fn a_server_that_stops_waits_for_nobody_and_takes_nobody_in() {
    let stage = Stage::new().await;
    let line = Line::open(&stage.bob).await;

    stage.site.site().drain();
    assert_eq!(stage.bob.get(AT).await.status, 503);
    stage.site.site().running.stop(LASTING);

    line.ends().await;
}

#[tokio::test]
async fn a_line_goes_on_when_the_file_has_another_key() {
    let stage = Stage::new().await;
    let mut line = Line::open(&stage.bob).await;
    let workspace = people::first_workspace(stage.site.site()).await.unwrap();

    stage
        .site
        .site()
        .rotate_file(&workspace.to_string())
        .await
        .unwrap();
    stage.add(1).await;

    assert_eq!(line.changed().await, ["rows"]);
}
