//! Lines that come and go before anything is saved, and those that may not be.

use super::*;

#[tokio::test]
async fn buttons_add_lines_take_them_away_and_put_them_back_without_saving() {
    let desk = desk(BILLS).await;
    let fresh = desk.get("/apps/sample").await;
    assert!(
        fresh.text.contains("<legend>Part 1</legend>")
            && !fresh.text.contains("<legend>Part 2</legend>")
    );
    assert!(
        fresh
            .text
            .contains("name=\"parts.0.qty\" type=\"number\" value=\"1\""),
        "{}",
        fresh.text
    );

    let typed = format!(
        "{}&payer=%3CB&parts.0._line=&parts.0._seen=new&parts.0.name=Cog&parts.0.qty=",
        start("")
    );
    let more = desk.post(ADD, &format!("{typed}&_do=add:parts")).await;
    let part = desk
        .part(ADD, Some(&format!("{typed}&_do=remove:parts.0")))
        .await;
    let page = desk.get("/apps/sample?id=1").await;
    let gone = desk
        .post(
            CHANGE,
            &format!("{}&_do=remove:parts.0", sent(&page.text, FIRST, SECOND)),
        )
        .await;

    assert_eq!(
        (more.status, part.status, gone.status),
        (200, 200, 200),
        "{}",
        more.text
    );
    assert!(more.text.contains("value=\"Cog\"") && more.text.contains("<legend>Part 2</legend>"));
    assert!(
        more.text
            .contains("name=\"parts.1.name\" type=\"text\" value=\"\"")
            && more.text.contains("&#60;B")
    );
    assert_eq!(more.text.matches(" autofocus").count(), 1, "{}", more.text);
    assert!(
        !part.text.contains("<legend>")
            && !part.text.contains("<html")
            && !part.headers.contains_key("onsight-said")
    );
    for kept in [
        "It is removed when you save.",
        "value=\"back:parts.0\"",
        "name=\"parts.0._gone\" value=\"1\"",
        "name=\"parts.0.name\" value=\"Bolt\"",
        "name=\"parts.0.marks.0.code\" value=\"x1\"",
    ] {
        assert!(gone.text.contains(kept), "{kept}\n{}", gone.text);
    }
    assert!(!gone.text.contains("<legend>Mark"));
    assert!(!gone.text.contains("error-summary"));
    assert_eq!(desk.stock().await, BEFORE);
    assert_eq!(desk.journal().await, "");
}

#[tokio::test]
async fn lines_that_a_policy_hides_are_not_shown_not_changed_and_not_made() {
    let policy = "[policy.small]\non = \"main.part\"\nrows = \"qty < 5\"\n[query.bill]";
    let desk = desk(&BILLS.replacen("[query.bill]", policy, 1)).await;
    // To look for the row that a key names, the engine would read a table that the policy
    // hides: tables of people's own making have no such keys.
    desk.write(
        "drop table mark;
         create table mark (id integer primary key, part integer not null, code text not null) strict;
         insert into mark (id, part, code) values (100, 10, 'x1')",
    )
    .await;

    let page = desk.get("/apps/sample?id=1").await;
    assert!(
        page.text.contains("value=\"Bolt\"") && !page.text.contains("Nut"),
        "{}",
        page.text
    );
    let seen = hidden(&page.text, "parts.0._seen");
    let of = |line: &str| format!("{}&payer=Adam&{line}", start("id%3D1"));
    let forged = desk
        .post(
            CHANGE,
            &of("parts.0._line=11&parts.0.name=Nut&parts.0.qty=1"),
        )
        .await;
    let beyond = desk
        .post(CHANGE, &of("parts.0._line=&parts.0.name=Rod&parts.0.qty=6"))
        .await;
    let out = desk
        .post(
            CHANGE,
            &of(&format!(
                "parts.0._line=10&parts.0._seen={seen}&parts.0.name=Bolt&parts.0.qty=7"
            )),
        )
        .await;
    let fine = desk.post(CHANGE, &of(&format!("parts.0._line=10&parts.0._seen={seen}&parts.0.name=Bolt&parts.0.qty=3&parts.1._line=&parts.1.name=Pin&parts.1.qty=1&parts.1.marks.0._line=&parts.1.marks.0.code=p"))).await;

    assert!(
        forged.status == 422 && forged.text.contains("this line is not there any more"),
        "{}",
        forged.text
    );
    assert!(
        beyond.status == 422 && beyond.text.contains("a policy keeps this row"),
        "{}",
        beyond.text
    );
    assert!(
        out.status == 422 && out.text.contains("a policy keeps this row"),
        "{}",
        out.text
    );
    assert_eq!(fine.status, 303, "{}", fine.text);
    assert_eq!(
        desk.stock().await,
        "1Adam 2Eve | 10:1Bolt3 11:1Nut5 20:2Saw6 21:1Pin1 | 100:10x1 101:21p"
    );
}

#[tokio::test]
async fn a_query_that_writes_no_row_of_its_own_carries_no_lines() {
    let text = BILLS.replacen(
        "expect = 1\nsql = \"insert into bill (payer) values (:payer)\"",
        "sql = \"insert into bill (payer) select :payer from bill\"",
        1,
    );
    let desk = desk(&text).await;

    let two = desk
        .post(
            ADD,
            &format!("{}&payer=Cyd&parts.0._line=&parts.0.name=Cog", start("")),
        )
        .await;

    assert_eq!(two.status, 422);
    assert!(
        two.text.contains("because the app has a mistake"),
        "{}",
        two.text
    );
    assert_eq!(desk.stock().await, BEFORE);
}

/// What is written instead of what, and what is said to that.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "submit = \"add\"",
        "submit = \"add_mark\"",
        "above the form itself is no row",
    ),
    (
        "within = \"parts\"",
        "within = \"part\"",
        "before this one stands no list `part`",
    ),
    (
        "id = \"marks\"",
        "id = \"parts\"",
        "there is a list `parts` already",
    ),
    ("load = \"marks\"\n", "", "so `remove` has none"),
    (
        "change = \"change_mark\"\n",
        "",
        "lines that are there are changed as well",
    ),
    (
        "submit = \"add_part\"",
        "submit = \"add\"",
        "`add` does not say to which row its lines belong",
    ),
    (
        "remove = \"drop_part\"",
        "remove = \"change\"",
        "`change` does not say which line it is about",
    ),
    ("max = 3", "max = 300", "`max` is 1 to 200 lines"),
    ("\nmin = 1", "\nmin = 9", "`min` is 0 to 3 lines"),
    (
        "qty = \"Pieces\"",
        "qti = \"Pieces\"",
        "`add_part` has no field `qti`",
    ),
    (
        "from = \"form.name\"",
        "from = \"form._line\"",
        "no field can be called `_line`",
    ),
    (
        "type = \"form\"\nat = [1, 1, 8]\ntitle = \"Bill\"\nsubmit = \"add\"\nload = \"bill\"\nchange = \"change\"\n",
        "type = \"form\"\nat = [1, 1, 8]\nsubmit = \"add\"\n",
        "a form that only adds has no lines to show",
    ),
];

#[test]
fn lists_that_could_not_be_saved_are_refused_with_their_place() {
    use crate::apps::format::App;
    use crate::apps::widgets::Known;

    let said = |from: &str, to: &str| {
        assert!(BILLS.contains(from), "{from}");
        let problems = App::parse(&BILLS.replacen(from, to, 1), &Known).unwrap_err();
        let all: Vec<String> = problems
            .iter()
            .map(|problem| problem.message.clone())
            .collect();
        all.join("; ")
    };

    assert!(App::parse(BILLS, &Known).is_ok());
    for (from, to, wanted) in WRONG {
        let said = said(from, to);
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}
