//! Break-glass: how an operator comes into a workspace, what is written down of
//! it, and how it ends.

use axum::body::Body;
use http_body_util::BodyExt;
use onsight::base::Time;
use onsight::people;
use onsight::store::Error;
use onsight::web::WorkspaceId;

use crate::support::{Answer, TestSite, Visitor};

const REASON: &str = "reason=ticket+4711%3A+totals+are+wrong&hours=1";

struct House {
    site: TestSite,
    ada: Visitor,
    op: Visitor,
    workspace: WorkspaceId,
}

impl House {
    async fn new() -> House {
        let (site, ada) = TestSite::new().await;
        let op = site.operator(&ada, "op@example.org").await;
        let workspace = site.furnish().await;
        House {
            site,
            ada,
            op,
            workspace,
        }
    }

    async fn ask(&self, role: &str) -> Answer {
        let path = format!("/workspaces/{}/break-glass", self.workspace);
        self.op.post(&path, &format!("role={role}&{REASON}")).await
    }

    async fn go(&self) -> Answer {
        let form = format!("workspace={}", self.workspace);
        self.op.post("/workspace/switch", &form).await
    }

    /// What the workspace's own file tells of reads: mark, object, rows.
    async fn reads(&self) -> Vec<(String, String, i64)> {
        let db = self
            .site
            .site()
            .files
            .open(&self.workspace.to_string())
            .unwrap();
        db.read(|conn| {
            let mut list = conn.prepare(
                "select \"grant\", object, row_count from journal where action = 'rows.read' order by id",
            )?;
            let lines = list.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok::<_, Error>(lines.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap()
    }
}

fn stay_in(page: &Answer, base: &str) -> String {
    page.between(&format!("{base}/"), "/").to_owned()
}

#[tokio::test]
async fn a_stay_without_a_reason_or_an_end_is_none() {
    let house = House::new().await;
    let path = format!("/workspaces/{}/break-glass", house.workspace);
    let short = house
        .op
        .post(&path, "role=builder&reason=because&hours=1")
        .await;
    assert_eq!(short.status, 422);
    assert!(short.text.contains("because"), "what was typed stays");
    let long = house
        .op
        .post(&path, "role=builder&reason=ticket+4711+totals&hours=9")
        .await;
    assert_eq!(long.status, 422);
    assert_eq!(house.go().await.status, 404);
}

#[tokio::test]
async fn an_operator_comes_in_for_a_reason_and_a_while_and_all_reads_are_written_down() {
    let house = House::new().await;
    assert_eq!(house.op.get("/data/penguins").await.status, 403);
    assert_eq!(
        house.go().await.status,
        404,
        "nobody goes where nothing is open"
    );

    let asked = house.ask("builder").await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    assert_eq!(house.go().await.status, 303);

    let page = house.op.get("/data/penguins").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Adelie"));
    assert!(page.text.contains("You are a visitor"));
    let reads = house.reads().await;
    let (mark, what, rows) = reads.last().unwrap();
    assert_eq!(mark.len(), 32);
    assert_eq!(what, "/data/penguins");
    assert!(*rows > 10, "{rows}");
    assert_eq!(house.op.get("/members").await.status, 403, "a builder");
    let export = house.op.get("/data/penguins/export.csv").await;
    assert_eq!(export.status, 200);
    let (_, what, rows) = house.reads().await.pop().unwrap();
    assert_eq!((&*what, rows), ("/data/penguins/export.csv", 344));

    let before = house.reads().await.len();
    assert!(
        house
            .ada
            .get("/data/penguins")
            .await
            .text
            .contains("Adelie")
    );
    assert_eq!(
        house.reads().await.len(),
        before,
        "a member's reads are their own"
    );

    house.site.site().clock.advance(Time::HOUR);
    assert_eq!(house.op.get("/data/penguins").await.status, 303, "locked");
    let password = "password=correct+horse+battery+staple&then=%2F&kept=";
    assert_eq!(house.op.post("/locked", password).await.status, 303);
    assert_eq!(
        house.op.get("/data/penguins").await.status,
        403,
        "over by itself"
    );
    assert_eq!(house.op.get("/workspaces").await.status, 200);
    assert_eq!(
        house.ask("user").await.status,
        303,
        "and may be asked for again"
    );
}

#[tokio::test]
async fn the_admins_see_who_is_in_and_can_end_it() {
    let house = House::new().await;
    assert!(
        !house
            .ada
            .get("/apps")
            .await
            .text
            .contains("An operator is in")
    );
    house.ask("user").await;
    house.go().await;
    assert_eq!(house.op.get("/apps/penguins").await.status, 200);
    assert_eq!(house.ask("user").await.status, 409, "one at a time");

    assert!(
        house
            .ada
            .get("/apps")
            .await
            .text
            .contains("An operator is in")
    );
    let page = house.ada.get("/members/break-glass").await;
    assert!(page.text.contains("ticket 4711"));
    let stay = stay_in(&page, "/members/break-glass/stays");
    let ended = house
        .ada
        .post(&format!("/members/break-glass/stays/{stay}/end"), "")
        .await;

    assert_eq!(ended.status, 303, "{}", ended.text);
    assert_eq!(house.op.get("/apps/penguins").await.status, 403);
    assert!(
        !house
            .ada
            .get("/apps")
            .await
            .text
            .contains("An operator is in")
    );
    house.site.site().carry().await.unwrap();
    let audit = house.ada.get("/audit").await;
    for action in ["grant.begun", "grant.ended"] {
        assert!(audit.text.contains(action), "{action}");
    }
}

#[tokio::test]
async fn a_second_person_agrees_where_the_workspace_wants_one() {
    let house = House::new().await;
    let other = house.site.operator(&house.ada, "op2@example.org").await;
    let set = house
        .ada
        .post("/members/break-glass/second", "second=on")
        .await;
    assert_eq!(set.status, 303);

    assert_eq!(
        house.ask("admin").await.location(),
        "/workspaces/break-glass"
    );
    assert_eq!(house.go().await.status, 404, "nobody agreed yet");
    let page = house.op.get("/workspaces/break-glass").await;
    let stay = stay_in(&page, "\"/workspaces/break-glass");
    let agree = format!("/workspaces/break-glass/{stay}/agree");
    assert_eq!(
        house.op.post(&agree, "").await.status,
        409,
        "not to one's own"
    );
    assert_eq!(other.post(&agree, "").await.status, 303);
    assert_eq!(other.post(&agree, "").await.status, 409, "once");

    assert_eq!(house.go().await.status, 303);
    assert_eq!(house.op.get("/members").await.status, 200);
    let own = "email=op%40example.org&name=Op&role=admin";
    let stays = house.op.post("/members", own).await;
    assert_eq!(
        stays.status, 409,
        "a visitor does not become a member: {}",
        stays.text
    );
    let relaxed = house.op.post("/members/break-glass/second", "").await;
    assert_eq!(relaxed.status, 409, "a visitor does not change the rule");
    let offered = house
        .op
        .post("/members/break-glass/offers", "role=admin&hours=72&note=")
        .await;
    assert_eq!(offered.status, 409);
}

#[tokio::test]
async fn what_an_admin_offered_needs_nobody_else_and_ends_with_the_offer() {
    let house = House::new().await;
    house
        .ada
        .post("/members/break-glass/second", "second=on")
        .await;
    let offered = house
        .ada
        .post(
            "/members/break-glass/offers",
            "role=builder&hours=4&note=slow+report",
        )
        .await;
    assert_eq!(offered.status, 303, "{}", offered.text);

    assert_eq!(
        house.ask("admin").await.location(),
        "/workspaces/break-glass",
        "more than offered"
    );
    let page = house.op.get("/workspaces/break-glass").await;
    let stay = stay_in(&page, "\"/workspaces/break-glass");
    house
        .op
        .post(&format!("/workspaces/break-glass/{stay}/end"), "")
        .await;
    assert_eq!(house.ask("builder").await.location(), "/workspace");
    house.go().await;
    assert_eq!(house.op.get("/data").await.status, 200);

    let page = house.ada.get("/members/break-glass").await;
    let offer = page.between("/members/break-glass/offers/", "/").to_owned();
    let ended = house
        .ada
        .post(&format!("/members/break-glass/offers/{offer}/end"), "")
        .await;
    assert_eq!(ended.status, 303);
    assert_eq!(house.op.get("/data").await.status, 403);
}

#[tokio::test]
async fn another_workspace_neither_sees_nor_ends_a_stay() {
    let house = House::new().await;
    house.ask("user").await;
    let made = house
        .op
        .post(
            "/workspaces",
            "name=Southgate&email=eve@example.org&admin=Eve",
        )
        .await;
    let eve = house.site.join(&made).await;
    assert!(!eve.get("/members/break-glass").await.text.contains("4711"));
    let page = house.ada.get("/members/break-glass").await;
    let stay = stay_in(&page, "/members/break-glass/stays");
    for act in ["agree", "end"] {
        let path = format!("/members/break-glass/stays/{stay}/{act}");
        assert_eq!(eve.post(&path, "").await.status, 404, "{act}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_breaks_off_when_the_stay_it_runs_under_is_over() {
    let house = House::new().await;
    house.ask("builder").await;
    house.go().await;
    let sql = "with recursive n(i) as (select 1 union all select i %2B 1 from n where i < 50000000) select i from n";
    let form = format!("sql={}", sql.replace(' ', "+"));
    let kind = "application/x-www-form-urlencoded";
    let response = house
        .op
        .ask("POST", "/queries/export", kind, Body::from(form))
        .await;
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    assert!(body.frame().await.unwrap().is_ok());

    house.site.site().clock.advance(Time::HOUR);
    people::patrol(&house.site.people).await.unwrap();

    assert!(body.frame().await.unwrap().is_err());
}
