//! The review of access, and inviting a list of people.

use axum::body::Body;
use onsight::store::Error;
use onsight::web::Role;

use crate::support::{Answer, TestSite, Visitor};

async fn count(site: &TestSite, sql: &'static str) -> i64 {
    site.site()
        .system
        .read(move |conn| Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?))
        .await
        .unwrap()
}

async fn list(visitor: &Visitor, lines: &str) -> Answer {
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{lines}\r\n--cut--\r\n"
    );
    let kind = "multipart/form-data; boundary=cut";
    visitor
        .send_as("POST", "/members/import", kind, Body::from(body))
        .await
}

#[tokio::test]
async fn the_review_tells_who_came_in_and_what_they_opened() {
    let (site, ada) = TestSite::new().await;
    site.furnish().await;
    let bob = site.member("bob@example.org", Role::User).await;
    site.member("bob2@example.org", Role::User).await;
    bob.get("/apps/penguins").await;
    bob.get("/apps/penguins").await;
    for _ in 0..2 {
        let form = "email=bob%40example.org&then=%2F&password=wrong";
        site.stranger().post("/sign-in", form).await;
    }
    for _ in 0..2_000 {
        if count(&site, "select count(*) from app_opening").await > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(count(&site, "select count(*) from app_opening").await, 1);

    let page = ada.get("/members/review").await;
    assert_eq!(page.status, 200);
    let csv = ada.get("/members/review.csv").await;

    let line = csv.text.lines().find(|line| line.contains("bob@")).unwrap();
    assert!(
        line.ends_with(r#""1","0","","2","1""#),
        "sessions, keys, key use, refusals, apps: {line}"
    );
    assert_eq!(
        count(
            &site,
            "select count(*) from journal where action = 'access.reviewed'"
        )
        .await,
        2
    );
    let id = page
        .text
        .split("/members/review/")
        .find(|part| part.contains("bob@example.org"));
    let id = id.unwrap().split('"').next().unwrap();
    let one = ada.get(&format!("/members/review/{id}")).await;
    assert!(one.text.contains("penguins"), "{}", one.text);
    assert_eq!(bob.get("/members/review").await.status, 403);
    let auditor = site.member("cyd@example.org", Role::Auditor).await;
    assert_eq!(auditor.get("/members/review").await.status, 200);
    assert_eq!(auditor.get("/").await.location(), "/audit");
}

#[tokio::test]
async fn accounts_are_reviewed_without_what_is_in_the_workspaces() {
    let (site, ada) = TestSite::new().await;
    let op = site.operator(&ada, "op@example.org").await;
    let csv = op.get("/accounts.csv").await;
    assert!(csv.text.contains("ada@example.org"));
    assert!(!csv.text.contains("Northgate"));
    let stranger = ada
        .get("/members/review/0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0")
        .await;
    assert_eq!(stranger.status, 404);
}

#[tokio::test]
async fn a_list_is_looked_at_and_then_invited_in_one_go() {
    let (site, ada) = TestSite::new().await;
    let lines = "email,name,role\nbob@example.org,Bob,builder\nnobody,,\ncyd@example.org,Cyd,\n";

    let looked = list(&ada, lines).await;
    assert_eq!(looked.status, 200, "{}", looked.text);
    assert!(looked.text.contains("2 of 3 can be invited"));
    assert!(looked.text.contains("write an e-mail address"));
    assert_eq!(count(&site, "select count(*) from membership").await, 1);

    let encoded = lines.replace('@', "%40").replace('\n', "%0A");
    let invited = ada
        .post("/members/import/invite", &format!("text={encoded}&as=csv"))
        .await;

    assert_eq!(invited.status, 200, "{}", invited.text);
    let made: Vec<&str> = invited.text.lines().skip(1).collect();
    assert_eq!(made.len(), 2);
    let path = made[0].split("https://localhost").nth(1).unwrap();
    let joined = site
        .stranger()
        .post(
            path.trim_end_matches('"'),
            "name=Bob&password=correct+horse+battery+staple",
        )
        .await;
    assert_eq!(joined.status, 303, "{}", joined.text);
    let again = list(&ada, lines).await;
    assert!(again.text.contains("0 of 3 can be invited"));
    let wrong = list(&ada, "name\nBob\n").await;
    assert_eq!(wrong.status, 422);
}
