//! Fields whose choices are rows: picked from a list, searched where there are many, and
//! never anything else, whatever a browser sends.

use super::*;

const GOODS: &str = r#"
[query.goods]
use = "main"
kind = "read"
sql = "select id, name from goods where shelf = coalesce(:shelf, 'a') order by id"
[query.goods.param]
shelf = { from = "url.shelf", type = "text", null = true }
[query.order]
use = "main"
kind = "write"
audit = "goods.order"
expect = 1
sql = "insert into ordered (goods, also) values (:goods, :also)"
[query.order.param]
goods = { from = "form.goods", type = "int" }
also = { from = "form.also", type = "int", null = true }
[query.more]
use = "main"
kind = "write"
expect = 1
sql = "insert into more (ordered, goods) values (:ordered, :goods)"
[query.more.param]
ordered = { from = "parent.id", type = "int" }
goods = { from = "form.goods", type = "int" }
[page.choose]
title = "Choose"
path = "/choose"
[page.choose.widget.form]
type = "form"
at = [1, 1, 8]
submit = "order"
prefill = ["goods"]
choices = [{ field = "goods", query = "goods", label = "name" }]
[[page.choose.widget.form.lines]]
id = "more"
line = "More"
submit = "more"
choices = [{ field = "goods", query = "goods", label = "name" }]
"#;

/// With that many goods on shelf a, and one on shelf b.
async fn desk(count: usize, policy: &str) -> Desk {
    let text = SAMPLE.replacen("[query.list]", &format!("{policy}\n[query.list]"), 1);
    let desk = Desk::of(format!("{text}{GOODS}"), &[]).await;
    desk.write(
        "create table goods (id integer primary key, name text not null, shelf text not null) strict;
         create table ordered (id integer primary key, goods integer not null, also integer) strict;
         create table more (id integer primary key, ordered integer not null, goods integer not null) strict;
         insert into goods (id, name, shelf) values (1000, 'Far <b>', 'b')",
    )
    .await;
    let db = desk
        .apps
        .site()
        .files
        .open(&desk.person.workspace.to_string())
        .unwrap();
    db.write(move |tx| {
        for id in 1..=count {
            tx.execute(
                "insert into goods (id, name, shelf) values (?1, ?2, 'a')",
                (id, format!("Thing {id} <i>")),
            )?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    desk
}

const RUN: &str = "/apps/sample/run/order";

fn sent(more: &str) -> String {
    format!("_page=choose&_widget=form&_at=&_once={ONCE}&{more}")
}

#[tokio::test]
async fn a_few_are_picked_from_a_list_with_what_people_call_them() {
    let desk = desk(50, "").await;

    let page = desk.get("/apps/sample/p/choose?goods=7").await;

    assert_eq!(page.status, 200);
    assert!(
        page.text
            .contains("<option value=\"7\" selected>Thing 7 &#60;i&#62;</option>"),
        "{}",
        page.text
    );
    assert!(
        page.text.contains("<option value=\"50\">")
            && !page.text.contains("onsight-find")
            && !page.text.contains("Far")
    );
    // Another field of the same type keeps its own shape.
    assert!(page.text.contains("name=\"also\" type=\"number\""));
}

#[tokio::test]
async fn many_are_searched_with_and_without_scripts() {
    let desk = desk(60, "").await;

    let page = desk.get("/apps/sample/p/choose?goods=57").await;
    assert!(
        page.text.contains(
            "<onsight-find from=\"/apps/sample/part/choose/form/choices.goods?goods=57\">"
        ),
        "{}",
        page.text
    );
    assert!(
        page.text.contains("<option value=\"57\" selected>Thing 57"),
        "the one that is chosen is named"
    );
    assert_eq!(page.text.matches("<option value=\"5").count(), 1);

    let found = desk
        .get("/apps/sample/part/choose/form/choices.goods?&_q=tHING%205")
        .await;
    assert_eq!(found.status, 200);
    assert!(
        found
            .text
            .starts_with("<option value=\"5\">Thing 5 &#60;i&#62;</option><option value=\"50\">")
            || found
                .text
                .starts_with("<option value=\"5\">Thing 5 &lt;i&gt;</option><option value=\"50\">"),
        "{}",
        found.text
    );
    assert_eq!(found.text.matches("<option").count(), 11);
    let below = desk
        .get("/apps/sample/part/choose/form/choices.more.goods?&_q=%25")
        .await;
    assert_eq!(
        (below.status, below.text.as_str()),
        (200, ""),
        "a sign of LIKE is a sign like any other"
    );
    assert_eq!(
        desk.get("/apps/sample/part/choose/form/choices.goods?_q=")
            .await
            .text
            .matches("<option")
            .count(),
        20
    );
    for nowhere in [
        "choices.also",
        "choices.",
        "choices.more",
        "choices.other.goods",
    ] {
        assert_eq!(
            desk.get(&format!("/apps/sample/part/choose/form/{nowhere}?_q=a"))
                .await
                .status,
            404,
            "{nowhere}"
        );
    }
}

#[tokio::test]
async fn without_scripts_a_button_searches_and_saves_nothing() {
    let desk = desk(60, "").await;

    let bare = desk
        .post(RUN, &sent("goods=3&goods._q=Thing+58&_do=find:goods"))
        .await;
    assert_eq!(bare.status, 200);
    assert!(
        bare.text.contains("<option value=\"3\" selected>")
            && bare.text.contains("<option value=\"58\">Thing 58"),
        "{}",
        bare.text
    );
    assert_eq!(desk.number("select count(*) from ordered").await, 0);
}

#[tokio::test]
async fn what_is_none_of_the_choices_is_not_saved() {
    let desk = desk(60, "").await;

    for (fields, place) in [
        ("goods=61", "Goods: this is not one of the choices"),
        ("goods=1000", "Goods: this is not one of the choices"),
        (
            "goods=1&more.0._line=&more.0.goods=1000",
            "More 1, Goods: this is not one of the choices",
        ),
        ("goods=0%20or%201", "Goods: must be a whole number"),
        ("goods=", "Goods: this is required"),
    ] {
        let refused = desk.post(RUN, &sent(fields)).await;
        assert_eq!(refused.status, 422, "{fields}");
        assert!(refused.text.contains(place), "{place}\n{}", refused.text);
    }
    assert_eq!(desk.number("select count(*) from ordered").await, 0);

    let done = desk
        .post(
            RUN,
            &sent("goods=60&more.0._line=&more.0.goods=2&more.1._line=&more.1.goods=2"),
        )
        .await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(
        desk.number("select count(*) from more where goods = 2 and ordered = 1")
            .await,
        2
    );
    // What the address of the page says decides, and it is the same address.
    let other = sent("goods=1000")
        .replace("_at=&", "_at=shelf%3Db&")
        .replace(ONCE, "019aa0000000700080000000000000ac");
    assert_eq!(desk.post(RUN, &other).await.status, 303);
}

#[tokio::test]
async fn choices_that_a_policy_hides_are_neither_offered_nor_found_nor_saved() {
    let policy = "[policy.some]\non = \"main.goods\"\nrows = \"id > 5\"";
    let desk = desk(60, policy).await;

    let page = desk.get("/apps/sample/p/choose?goods=3").await;
    let found = desk
        .get("/apps/sample/part/choose/form/choices.goods?_q=Thing%203")
        .await;
    let refused = desk.post(RUN, &sent("goods=3")).await;
    let done = desk.post(RUN, &sent("goods=6")).await;

    assert!(!page.text.contains("Thing 3"), "{}", page.text);
    assert!(
        !found.text.contains("value=\"3\"") && found.text.contains("value=\"30\""),
        "{}",
        found.text
    );
    assert!(refused.status == 422 && refused.text.contains("not one of the choices"));
    assert_eq!(done.status, 303, "{}", done.text);
}

#[test]
fn choices_of_what_cannot_be_chosen_are_refused_with_their_place() {
    use crate::apps::format::App;
    use crate::apps::widgets::Known;

    let text = format!("{SAMPLE}{GOODS}");
    let said = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let problems = App::parse(&text.replacen(from, to, 1), &Known).unwrap_err();
        let all: Vec<String> = problems
            .iter()
            .map(|problem| problem.message.clone())
            .collect();
        all.join("; ")
    };

    assert!(App::parse(&text, &Known).is_ok());
    for (from, to, wanted) in [
        (
            "{ field = \"goods\", query",
            "{ field = \"good\", query",
            "there is no field `good` to choose",
        ),
        (
            "form.goods\", type = \"int\"",
            "form.goods\", type = \"list<int>\"",
            "`goods` holds several values",
        ),
        (
            "form.goods\", type = \"int\"",
            "form.goods\", type = \"bool\"",
            "`goods` has its own choices by its type",
        ),
        (
            "query = \"goods\", label",
            "query = \"order\", label",
            "`order` writes",
        ),
    ] {
        let said = said(from, to);
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}
