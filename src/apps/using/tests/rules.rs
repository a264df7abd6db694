//! Fields that are asked in some cases only, and fields that are worked out: the server
//! decides, whatever a page shows or a browser sends.

use super::*;

const BILLS: &str = r#"
[query.bill]
use = "main"
kind = "write"
audit = "bill.create"
expect = 1
sql = "insert into bill (payer, express, day, discount, total, note) values (:payer, :express, :day, :discount, :total, :note)"
[query.bill.param]
payer = { from = "form.payer", type = "text" }
express = { from = "form.express", type = "bool" }
day = { from = "form.day", type = "date", null = true, default = "2026-11-30" }
discount = { from = "form.discount", type = "int", min = 0, max = 100, null = true }
total = { from = "form.total", type = "decimal", scale = 2, max = 1000 }
note = { from = "form.note", type = "text", null = true }
[query.part]
use = "main"
kind = "write"
expect = 1
sql = "insert into part (bill, price, qty, cost, gift) values (:bill, :price, :qty, :cost, :gift)"
[query.part.param]
bill = { from = "parent.id", type = "int" }
price = { from = "form.price", type = "decimal", scale = 2 }
qty = { from = "form.qty", type = "int" }
cost = { from = "form.cost", type = "decimal", scale = 2 }
gift = { from = "form.gift", type = "text", null = true }
[page.bill]
title = "Bill"
path = "/bill"
[page.bill.widget.form]
type = "form"
at = [1, 1, 8]
submit = "bill"
when = { day = "${express}", parts = "${payer} != 'nobody'", note = "sum(${qty}) > 5" }
compute = { total = "sum(${cost})" }
[[page.bill.widget.form.lines]]
id = "parts"
line = "Part"
submit = "part"
when = { gift = "${express} and ${qty} >= 2" }
compute = { cost = "${price} * ${qty} * (100 - coalesce(${discount}, 0)) div 100" }
"#;

async fn desk() -> Desk {
    let desk = Desk::of(format!("{SAMPLE}{BILLS}"), &[]).await;
    desk.write(
        "create table bill (id integer primary key, payer text not null, express integer not null, day text, discount integer, total real not null, note text) strict;
         create table part (id integer primary key, bill integer not null, price real, qty integer, cost real, gift text) strict;",
    )
    .await;
    desk
}

fn sent(more: &str) -> String {
    format!("_page=bill&_widget=form&_at=&_once={ONCE}&{more}")
}

const RUN: &str = "/apps/sample/run/bill";

impl Desk {
    async fn text(&self, sql: &'static str) -> String {
        let db = self
            .apps
            .site()
            .files
            .open(&self.person.workspace.to_string())
            .unwrap();
        db.read(move |conn| Ok::<String, Error>(conn.query_row(sql, [], |row| row.get(0))?))
            .await
            .unwrap()
    }
}

const BILL: &str = "select json_array(payer, express, day, total, note) from bill";
const PARTS: &str = "select json_group_array(json_array(qty, cost, gift)) from part";

#[tokio::test]
async fn what_is_worked_out_is_worked_out_here_whatever_was_sent() {
    let desk = desk().await;
    let body = sent(
        "payer=Ada&express=on&day=2026-12-01&discount=10&total=1&note=big&parts.0._line=&parts.0.price=1.11&parts.0.qty=3&parts.0.cost=0&parts.0.gift=bow&parts.1._line=&parts.1.price=10&parts.1.qty=4&parts.1.gift=",
    );

    let done = desk.post(RUN, &body).await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(
        desk.text(BILL).await,
        r#"["Ada",1,"2026-12-01",39.0,"big"]"#
    );
    assert_eq!(desk.text(PARTS).await, r#"[[3,3.0,"bow"],[4,36.0,null]]"#);
}

#[tokio::test]
async fn what_is_not_asked_is_null_even_if_it_was_sent_or_has_a_default() {
    let desk = desk().await;
    let body = sent(
        "payer=Ada&day=2026-12-01&discount=&note=small&parts.0._line=&parts.0.price=2&parts.0.qty=2&parts.0.gift=bow",
    );

    let done = desk.post(RUN, &body).await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(desk.text(BILL).await, r#"["Ada",0,null,4.0,null]"#);
    assert_eq!(desk.text(PARTS).await, r"[[2,4.0,null]]");
}

#[tokio::test]
async fn lines_that_are_not_asked_are_not_written_and_count_for_nothing() {
    let desk = desk().await;

    let done = desk
        .post(
            RUN,
            &sent("payer=nobody&parts.0._line=&parts.0.price=2&parts.0.qty=9&note=x"),
        )
        .await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(desk.text(BILL).await, r#"["nobody",0,null,0.0,null]"#);
    assert_eq!(desk.number("select count(*) from part").await, 0);
}

#[tokio::test]
async fn what_is_worked_out_has_to_fit_like_anything_else() {
    let desk = desk().await;

    let much = desk
        .post(
            RUN,
            &sent("payer=Ada&parts.0._line=&parts.0.price=999&parts.0.qty=2"),
        )
        .await;
    let none = desk
        .post(
            RUN,
            &sent("payer=Ada&parts.0._line=&parts.0.price=&parts.0.qty=2"),
        )
        .await;

    assert_eq!((much.status, none.status), (422, 422));
    assert!(
        much.text.contains("Total: must be at most 1000"),
        "{}",
        much.text
    );
    assert!(
        none.text.contains("Part 1, Price: this is required")
            && none.text.contains("Part 1, Cost: this is required"),
        "{}",
        none.text
    );
    assert_eq!(desk.number("select count(*) from bill").await, 0);
}

#[tokio::test]
async fn the_page_has_the_same_expressions_as_trees() {
    let desk = desk().await;

    let page = desk.get("/apps/sample/p/bill").await;
    let more = desk.post(RUN, &sent("payer=Ada&_do=add:parts")).await;

    assert!(
        page.text.contains(" data-rules novalidate"),
        "{}",
        page.text
    );
    assert!(
        page.text
            .contains("data-ask=\"day\" data-type=\"text\" data-when=\"[")
    );
    assert!(
        page.text
            .contains("data-lines=\"parts\" data-fields=\"price qty cost gift\" data-when=\"[")
    );
    assert!(
        more.text
            .contains("data-ask=\"parts.0.cost\" data-type=\"number\" data-compute=\"["),
        "{}",
        more.text
    );
    let (_, cost) = more.text.split_once("name=\"parts.0.cost\"").unwrap();
    let (cost, _) = cost.split_once('>').unwrap();
    assert!(
        cost.contains(" readonly") && !cost.contains(" required"),
        "{cost}"
    );
    // A form without rules says nothing of them.
    assert!(
        !desk
            .get("/apps/sample/p/edit")
            .await
            .text
            .contains("data-ask")
    );
}

#[test]
fn rules_that_could_not_be_followed_are_refused_with_their_place() {
    use crate::apps::format::App;
    use crate::apps::widgets::Known;

    let text = format!("{SAMPLE}{BILLS}");
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
            "day = \"${express}\"",
            "dy = \"${express}\"",
            "there is no field or list `dy`",
        ),
        (
            "day = \"${express}\"",
            "day = \"${expres}\"",
            "there is no field `expres`; did you mean `express`?",
        ),
        (
            "day = \"${express}\"",
            "day = \"${express\"",
            "`${express`: ",
        ),
        (
            "day = \"${express}\"",
            "payer = \"${express}\"",
            "`payer` is asked in some cases only",
        ),
        (
            "total = \"sum(${cost})\"",
            "total = \"${total} + 1\"",
            "`total` is worked out from itself",
        ),
        ("total = \"sum(${cost})\"", "total = \"1, 2\"", "`1, 2`: "),
        (
            "total = \"sum(${cost})\"",
            "express = \"1\"",
            "`express` is chosen",
        ),
        (
            "total = \"sum(${cost})\"",
            "total = \"pulldata('a', 'b', 'c', 'd')\"",
            "neither lists of choices",
        ),
    ] {
        let said = said(from, to);
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}
