//! The tests of an app before it is published: run, shown, and in the way when one fails.

use onsight::people;
use onsight::web::Role;

use crate::fieldwork::upload;
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "desk"
title = "Desk"
[uses.main]
kind = "sqlite"
needs = ["read", "write"]
[query.rows]
use = "main"
kind = "read"
sql = "select name from orders"
[query.add]
use = "main"
kind = "write"
expect = 1
sql = "insert into orders (name) values (:name)"
param.name = { from = "form.name", type = "text" }
[page.home]
title = "Home"
path = "/"
[test.two]
as = { role = "user" }
run = "rows"
expect = "select count(*) = 2 from result"
[test.adds]
as = { role = "user" }
run = "add"
with = { name = "Cyd" }
expect = "select (select count(*) from orders) = 3 from result"
"#;

async fn stage(text: &str) -> (TestSite, Visitor) {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "orders", "id,name\n1,Bo\n2,Li\n")
        .await;
    let brought = upload(&ada, "/apps/import", "desk.toml", text).await;
    assert_eq!(brought.status, 303, "{}", brought.text);
    (site, ada)
}

async fn publish(who: &Visitor) -> Answer {
    let page = who.get("/edit/desk/publish").await;
    let seen = page.between("name=\"draft_at\" value=\"", "\"").to_owned();
    let form = format!("note=&draft_at={seen}");
    who.post("/edit/desk/publish", &form).await
}

#[tokio::test]
async fn an_app_whose_tests_pass_is_published() {
    let (_site, ada) = stage(TEXT).await;

    let review = ada.get("/edit/desk/review").await;
    let run = ada.post("/edit/desk/review/tests", "").await;
    let published = publish(&ada).await;

    assert!(review.text.contains("2 tests") && review.text.contains("not run"));
    assert!(run.text.contains("2 tests passed."), "{}", run.text);
    assert_eq!(published.location(), "/apps/desk", "{}", published.text);
    let rows = ada.get("/data/orders").await;
    assert!(!rows.text.contains("Cyd"), "a test leaves nothing");
}

#[tokio::test]
async fn one_that_fails_is_named_with_its_line_and_stands_in_the_way() {
    let wrong = TEXT.replace("count(*) = 2", "count(*) = 5");
    let (_site, ada) = stage(&wrong).await;

    let run = ada.post("/edit/desk/review/tests", "").await;
    let refused = publish(&ada).await;

    assert!(run.text.contains("1 of 2 tests failed."), "{}", run.text);
    let said = "the test `two` failed: `expect` gave 0 instead of 1; the query gave 2 rows";
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains(said), "{}", refused.text);
    assert!(refused.text.contains("Line 20"), "{}", refused.text);
    assert_eq!(ada.get("/apps/desk").await.status, 404);
}

#[tokio::test]
async fn a_script_gets_the_list_and_then_each_test() {
    let (_site, ada) = stage(TEXT).await;

    let list = ada.post("/edit/desk/review/tests", "list=1").await;
    let one = ada.post("/edit/desk/review/tests", "test=two").await;
    let none = ada.post("/edit/desk/review/tests", "test=three").await;

    assert_eq!(list.text.matches("hx-trigger=\"load\"").count(), 2);
    assert!(one.text.trim_start().starts_with("<li") && one.text.contains("passed"));
    assert!(!one.text.contains("hx-post"), "it is not asked again");
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn who_is_bound_by_a_policy_learns_nothing_by_tests() {
    let (site, ada) = stage(TEXT).await;
    let bob = site.member("bob@example.org", Role::Builder).await;
    let form = "rows=name+%3D+%27Bo%27&role=admin";
    let kept = ada.post("/data/orders/policy", form).await;
    assert_eq!(kept.status, 303, "{}", kept.text);

    let his = bob.post("/edit/desk/review/tests", "").await;
    let hers = ada.post("/edit/desk/review/tests", "").await;

    assert!(
        his.text.contains("a policy of the table orders binds you"),
        "{}",
        his.text
    );
    // The person of the test is bound as well, and sees one row of two.
    assert!(hers.text.contains("the query gave 1 row"), "{}", hers.text);
}
