//! Forms that add and change, and addresses that fill them in.

use super::*;

/// The sample with a form that adds what is not there and changes what is.
fn both() -> String {
    let text = SAMPLE.replacen(
        "load = \"one\"\n",
        "load = \"maybe\"\nchange = \"correct\"\nprefill = [\"name\"]\n",
        1,
    );
    format!(
        r#"{text}
[query.maybe]
use = "main"
kind = "read"
sql = "select name, amount, status from orders where id = :id"
[query.maybe.param]
id = {{ from = "url.id", type = "int", null = true }}
[query.correct]
use = "main"
kind = "write"
audit = "order.correct"
expect = 1
sql = "update orders set name = :name, amount = :amount, status = :status where id = :id"
[query.correct.param]
name = {{ same_as = "add.name" }}
amount = {{ same_as = "add.amount" }}
status = {{ same_as = "add.status" }}
id = {{ from = "url.id", type = "int" }}
"#
    )
}

fn typed(at: &str, name: &str) -> String {
    format!("_page=edit&_widget=form&_at={at}&_once={ONCE}&name={name}&amount=7&status=new")
}

#[tokio::test]
async fn one_form_changes_the_row_of_the_address_and_adds_where_there_is_none() {
    let desk = Desk::of(both(), &[]).await;

    let there = desk.get("/apps/sample/p/edit?id=2").await;
    let bare = desk.get("/apps/sample/p/edit").await;
    let gone = desk.get("/apps/sample/p/edit?id=99").await;

    assert!(there.text.contains("action=\"/apps/sample/run/correct\""));
    assert!(there.text.contains("value=\"Bob\""), "{}", there.text);
    for page in [&bare, &gone] {
        assert!(page.text.contains("action=\"/apps/sample/run/add\""));
        assert!(!page.text.contains("There is no such entry"));
        assert!(!page.text.contains("value=\"Bob\""));
    }
    let changed = desk
        .post("/apps/sample/run/correct", &typed("id%3D2", "Bert"))
        .await;
    let added = desk.post("/apps/sample/run/add", &typed("", "Cyd")).await;
    assert_eq!((changed.status, added.status), (303, 303));
    assert_eq!(
        desk.number("select count(*) from orders where id = 2 and name = 'Bert' and amount = 7")
            .await,
        1
    );
    assert_eq!(desk.number("select count(*) from orders").await, 4);
    assert_eq!(
        desk.number(
            "select count(*) from journal where action in ('order.correct', 'order.create')"
        )
        .await,
        2
    );
}

#[tokio::test]
async fn a_change_of_what_is_not_there_changes_nothing_and_adds_nothing() {
    let desk = Desk::of(both(), &[]).await;
    let path = "/apps/sample/run/correct";

    let gone = desk.post(path, &typed("id%3D99", "Bert")).await;
    let nobody = desk.post(path, &typed("", "Bert")).await;

    assert_eq!((gone.status, nobody.status), (422, 422));
    assert!(
        gone.text.contains("perhaps somebody else was faster"),
        "{}",
        gone.text
    );
    assert!(gone.text.contains("value=\"Bert\""), "what was typed stays");
    assert_eq!(desk.number("select count(*) from orders").await, 3);
    assert_eq!(
        desk.number("select count(*) from orders where name = 'Bert'")
            .await,
        0
    );
    assert_eq!(desk.number("select count(*) from journal").await, 0);
}

#[tokio::test]
async fn a_row_that_a_policy_hides_is_not_shown_and_not_changed() {
    let text = both().replacen(
        "[query.list]",
        "[policy.mine]\non = \"main.orders\"\nrows = \"status = 'new'\"\n[query.list]",
        1,
    );
    let desk = Desk::of(text, &[]).await;

    let page = desk.get("/apps/sample/p/edit?id=2").await;
    let sent = desk
        .post("/apps/sample/run/correct", &typed("id%3D2", "Mine"))
        .await;

    assert!(page.text.contains("action=\"/apps/sample/run/add\""));
    assert!(!page.text.contains("Bob"), "{}", page.text);
    assert_eq!(sent.status, 422, "{}", sent.text);
    assert_eq!(
        desk.number("select count(*) from orders where id = 2 and name = 'Bob'")
            .await,
        1
    );
}

#[tokio::test]
async fn an_address_fills_in_the_fields_it_may_and_no_loaded_row() {
    let desk = Desk::of(both(), &[]).await;
    let hostile = "name=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&amount=3";

    let bare = desk.get(&format!("/apps/sample/p/edit?{hostile}")).await;
    let loaded = desk.get("/apps/sample/p/edit?id=2&name=Eve").await;

    let (_, form) = bare.text.split_once("name=\"name\"").unwrap();
    let (field, rest) = form.split_once('>').unwrap();
    assert!(
        field.contains("script") && !bare.text.contains("<script>alert"),
        "{field}"
    );
    let (_, amount) = rest.split_once("name=\"amount\"").unwrap();
    let (amount, _) = amount.split_once('>').unwrap();
    assert!(amount.contains("value=\"\""), "{amount}");
    assert!(loaded.text.contains("value=\"Bob\"") && !loaded.text.contains("value=\"Eve\""));
}
