//! What the review finds in an app: shown, put right at a press, undone, and in the way
//! of publishing where nobody says why.

use onsight::people;
use onsight::store::Error;

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
sql = "select id, name, salary from staff where (:name is null or name = :name)"
param.name = { from = "url.name", type = "text", null = true }
[query.add]   # somebody new
use = "main"
kind = "write"
sql = "insert into staff (name) values (:name)"
param.name = { from = "form.name", type = "text" }
[page.home]
title = "Home"
path = "/"
[page.home.widget.filter]
type = "filter"
at = [1, 1, 12]
inputs = ["rows.name"]
[page.home.widget.list]
type = "report"
at = [2, 1, 12]
query = "rows"
[page.home.widget.form]
type = "form"
at = [3, 1, 6]
submit = "add"
"#;

async fn stage(text: &str) -> (TestSite, Visitor) {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let db = site
        .table(workspace, "staff", "id,name,salary\n1,Bo,100\n2,Li,200\n")
        .await;
    db.write(|tx| {
        tx.execute_batch(
            "with recursive n (i) as (select 3 union all select i + 1 from n where i < 1500)
             insert into staff (id, name, salary) select i, 'N' || i, i from n",
        )?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let brought = upload(&ada, "/apps/import", "desk.toml", text).await;
    assert_eq!(brought.status, 303, "{}", brought.text);
    (site, ada)
}

async fn seen(who: &Visitor) -> String {
    let page = who.get("/edit/desk/review").await;
    page.between("name=\"draft_at\" value=\"", "\"").to_owned()
}

async fn publish(who: &Visitor, why: &str) -> Answer {
    let page = who.get("/edit/desk/publish").await;
    let at = page.between("name=\"draft_at\" value=\"", "\"").to_owned();
    let form = format!("note=&why={why}&draft_at={at}");
    who.post("/edit/desk/publish", &form).await
}

#[tokio::test]
async fn findings_stand_in_the_review_beside_the_text_and_where_one_publishes() {
    let (_site, ada) = stage(TEXT).await;

    for path in ["/edit/desk/review", "/edit/desk", "/edit/desk/publish"] {
        let page = ada.get(path).await;
        for said in [
            "the report list on the page Home",
            "`salary` (pay or a bank account)",
            "People filter by name",
            "It says nothing of how many rows it changes",
        ] {
            assert!(page.text.contains(said), "{path}: {said}\n{}", page.text);
        }
        assert!(page.text.len() < 60_000, "{}", page.text.len());
    }
}

#[tokio::test]
async fn a_fix_changes_the_text_and_nothing_else_of_it_and_is_undone() {
    let (_site, ada) = stage(TEXT).await;
    let fix = format!("finding=no_expect%3Aadd&draft_at={}", seen(&ada).await);

    let fixed = ada.post("/edit/desk/review/fix", &fix).await;
    let text = ada.get("/edit/desk/export").await.text;
    let again = ada.post("/edit/desk/review/fix", &fix).await;
    let undo = format!("do=undo&draft_at={}", seen(&ada).await);
    let undone = ada.post("/edit/desk/review/fix", &undo).await;

    assert_eq!(fixed.location(), "/edit/desk/review", "{}", fixed.text);
    let lines: Vec<&str> = text.lines().filter(|line| !TEXT.contains(line)).collect();
    assert_eq!(lines, ["expect = 1"]);
    assert_eq!(text.lines().count(), TEXT.lines().count() + 1);
    assert_eq!(
        again.status, 303,
        "the same form again changes nothing more"
    );
    assert_eq!(undone.location(), "/edit/desk/review", "{}", undone.text);
    assert_eq!(ada.get("/edit/desk/export").await.text, TEXT);
}

#[tokio::test]
async fn an_index_is_made_at_a_press_and_the_finding_is_gone() {
    let (_site, ada) = stage(TEXT).await;
    let fix = format!(
        "finding=no_index%3Astaff%3Aname&draft_at={}",
        seen(&ada).await
    );

    let made = ada.post("/edit/desk/review/fix", &fix).await;
    let page = ada.get("/edit/desk/review").await;
    let again = ada.post("/edit/desk/review/fix", &fix).await;

    assert_eq!(made.location(), "/edit/desk/review", "{}", made.text);
    assert!(
        !page.text.contains("People filter by name"),
        "{}",
        page.text
    );
    assert_eq!(again.status, 422);
    assert!(again.text.contains("this was put right meanwhile"));
}

#[tokio::test]
async fn what_weighs_most_needs_a_reason_which_the_record_keeps() {
    let (site, ada) = stage(TEXT).await;

    let refused = publish(&ada, "").await;
    let published = publish(&ada, "Everybody+is+paid+by+a+public+scale").await;

    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("needs a reason"), "{}", refused.text);
    assert_eq!(published.location(), "/apps/desk", "{}", published.text);
    let detail = site.site().system.read(|conn| {
        let sql = "select detail from journal where action = 'app.published'";
        Ok::<_, Error>(conn.query_row(sql, [], |row| row.get::<_, String>(0))?)
    });
    let detail = detail.await.unwrap();
    assert!(
        detail.contains("Everybody is paid by a public scale"),
        "{detail}"
    );
    assert!(detail.contains("open_report"), "{detail}");
}

#[tokio::test]
async fn an_app_for_some_needs_no_reason() {
    let closed = TEXT.replace(
        "[uses.main]",
        "[access]\nopen = [\"group:pay\"]\n[uses.main]",
    );
    let (_site, ada) = stage(&closed).await;

    let page = ada.get("/edit/desk/publish").await;
    let published = publish(&ada, "").await;

    assert!(!page.text.contains("Why it is published all the same"));
    assert_eq!(published.location(), "/apps/desk", "{}", published.text);
}

#[tokio::test]
async fn any_two_versions_are_compared_and_one_is_gone_back_to_with_that_in_sight() {
    let (_site, ada) = stage(TEXT).await;
    for (at, title) in ["Desk", "Bench", "Table"].into_iter().enumerate() {
        if at > 0 {
            let form = format!("title={title}");
            ada.post("/edit/desk/rename", &form).await;
        }
        assert_eq!(publish(&ada, "it+is+so").await.status, 303);
    }

    let two = ada.get("/edit/desk/versions?from=1&version=2").await;
    let back = ada.get("/edit/desk/versions?from=3&version=1").await;
    let none = ada.get("/edit/desk/versions?from=7&version=1").await;
    let gone = ada.post("/edit/desk/roll-back", "version=1").await;

    assert!(
        two.text.contains("the title: “Desk” before, “Bench” now"),
        "{}",
        two.text
    );
    assert!(
        !two.text.contains("action=\"/edit/desk/roll-back\""),
        "version 1 is not in use"
    );
    assert!(back.text.contains("the title: “Table” before, “Desk” now"));
    assert!(back.text.contains("action=\"/edit/desk/roll-back\""));
    assert!(back.text.contains("class=\"came\""), "{}", back.text);
    assert_eq!(none.status, 404);
    assert_eq!(gone.location(), "/edit/desk/versions");
    let review = ada.get("/edit/desk/versions").await;
    assert!(review.text.contains("4 versions"), "{}", review.text);
}
