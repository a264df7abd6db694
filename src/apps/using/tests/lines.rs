//! Forms with lines: saved together or not at all, whatever a browser sends.

mod refused;

use super::*;

const BILLS: &str = include_str!("lines.toml");
const ADD: &str = "/apps/sample/run/add";
const CHANGE: &str = "/apps/sample/run/change";

/// Two bills: the first with two parts, of which the first has a mark; the second, of
/// somebody else, with one.
async fn desk(text: &str) -> Desk {
    let desk = Desk::of(text.to_owned(), &[]).await;
    desk.write(
        "create table bill (id integer primary key, payer text not null) strict;
         create table part (id integer primary key, bill integer not null references bill, name text not null, qty integer not null, unique (bill, name)) strict;
         create table mark (id integer primary key, part integer not null references part on delete cascade, code text not null) strict;
         insert into bill (id, payer) values (1, 'Ada'), (2, 'Eve');
         insert into part (id, bill, name, qty) values (10, 1, 'Bolt', 4), (11, 1, 'Nut', 5), (20, 2, 'Saw', 6);
         insert into mark (id, part, code) values (100, 10, 'x1')",
    )
    .await;
    desk
}

fn start(at: &str) -> String {
    format!("_page=bill&_widget=form&_at={at}&_once={ONCE}")
}

/// The value of the hidden field of that name in a page.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("{name}\n{page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// What an open form sends for the two parts of the first bill and their mark.
fn sent(page: &str, first: &str, second: &str) -> String {
    let seen = |path: &str| hidden(page, &format!("{path}._seen"));
    format!(
        "{}&payer=Ada&parts.0._line=10&parts.0._seen={}&parts.0.row.qty=4&{first}&parts.0.marks.0._line=100&parts.0.marks.0._seen={}&parts.0.marks.0.code=x1&parts.1._line=11&parts.1._seen={}&parts.1.row.qty=5&{second}",
        start("id%3D1"),
        seen("parts.0"),
        seen("parts.0.marks.0"),
        seen("parts.1"),
    )
}

const FIRST: &str = "parts.0.name=Bolt&parts.0.qty=4";
const SECOND: &str = "parts.1.name=Nut&parts.1.qty=5";

impl Desk {
    /// The tables as they are, for one look.
    async fn stock(&self) -> String {
        let db = self
            .apps
            .site()
            .files
            .open(&self.person.workspace.to_string())
            .unwrap();
        let all = db.read(|conn| {
            let text = conn.query_row(
                "select (select group_concat(id || payer, ' ') from bill) || ' | ' || (select group_concat(id || ':' || bill || name || qty, ' ') from part) || ' | ' || coalesce((select group_concat(id || ':' || part || code, ' ') from mark), '')",
                [],
                |row| row.get::<_, String>(0),
            )?;
            Ok::<_, Error>(text)
        });
        all.await.unwrap()
    }

    async fn journal(&self) -> String {
        let db = self
            .apps
            .site()
            .files
            .open(&self.person.workspace.to_string())
            .unwrap();
        let all = db.read(|conn| {
            let text = conn.query_row(
                "select coalesce(group_concat(action || ' ' || coalesce(json_extract(detail, '$.lines'), '-'), '; '), '') from journal where action <> 'x'",
                [],
                |row| row.get::<_, String>(0),
            )?;
            Ok::<_, Error>(text)
        });
        all.await.unwrap()
    }
}

const BEFORE: &str = "1Ada 2Eve | 10:1Bolt4 11:1Nut5 20:2Saw6 | 100:10x1";

#[tokio::test]
async fn a_bill_its_parts_and_their_marks_are_saved_at_once_with_one_line_in_the_journal() {
    let desk = desk(BILLS).await;
    let body = format!(
        "{}&payer=Cyd&parts.0._line=&parts.0.name=Cog&parts.0.qty=2&parts.0.marks.0._line=&parts.0.marks.0.code=a1&parts.0.marks.1._line=&parts.0.marks.1.code=a2&parts.5._line=&parts.5.name=Cap",
        start("")
    );

    let first = desk.post(ADD, &body).await;
    let second = desk.post(ADD, &body).await;

    assert_eq!((first.status, second.status), (303, 303), "{}", first.text);
    assert_eq!(
        desk.stock().await,
        "1Ada 2Eve 3Cyd | 10:1Bolt4 11:1Nut5 20:2Saw6 21:3Cog2 22:3Cap1 | 100:10x1 101:21a1 102:21a2"
    );
    assert_eq!(
        desk.journal().await,
        r#"bill.create {"parts":{"added":2},"marks":{"added":2}}"#
    );
}

#[tokio::test]
async fn a_third_line_that_fails_leaves_nothing_and_is_named() {
    let desk = desk(BILLS).await;
    let three = |last: &str| {
        format!(
            "{}&payer=Cyd&parts.0._line=&parts.0.name=Cog&parts.1._line=&parts.1.name=Cap&parts.2._line=&{last}",
            start("")
        )
    };

    let taken = desk.post(ADD, &three("parts.2.name=Cog")).await;
    let wrong = desk
        .post(ADD, &three("parts.2.name=Rod&parts.2.qty=0"))
        .await;

    for (page, field, said) in [
        (
            &taken,
            "form-parts.2.name",
            "Part 3, Name: another entry has that value already",
        ),
        (
            &wrong,
            "form-parts.2.qty",
            "Part 3, Pieces: must be at least 1",
        ),
    ] {
        assert_eq!(page.status, 422);
        assert!(
            page.text.contains(&format!("<a href=\"#{field}\">{said}")),
            "{}",
            page.text
        );
        assert!(
            page.text.contains(&format!("id=\"{field}-error\"")),
            "{}",
            page.text
        );
        assert!(page.text.contains("value=\"Cap\""), "what was typed stays");
        assert!(page.text.contains("data-begun"));
    }
    assert_eq!(desk.stock().await, BEFORE);
    assert_eq!(desk.journal().await, "");
}

#[tokio::test]
async fn the_lines_that_are_there_are_shown_changed_removed_and_joined_by_new_ones() {
    let desk = desk(BILLS).await;
    let page = desk.get("/apps/sample?id=1").await;
    for part in [
        "<legend>Part 2</legend>",
        "name=\"parts.1.name\" type=\"text\" value=\"Nut\"",
        "name=\"parts.0.marks.0.code\"",
        "name=\"parts.1.row.qty\" value=\"5\"",
        ">Pieces <",
        "value=\"add:parts.1.marks\"",
        "<legend>Mark 1</legend>",
    ] {
        assert!(page.text.contains(part), "{part}\n{}", page.text);
    }

    let body = sent(
        &page.text,
        "parts.0.name=Bolt&parts.0.qty=9",
        "parts.1._gone=1&parts.1.name=Nut&parts.1.qty=5",
    );
    let body = format!(
        "{body}&parts.2._line=&parts.2.name=Nut&parts.2.qty=1&parts.0.marks.1._line=&parts.0.marks.1.code=x2"
    );
    let done = desk.post(CHANGE, &body).await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(
        desk.stock().await,
        "1Ada 2Eve | 10:1Bolt9 12:1Nut1 20:2Saw6 | 100:10x1 101:10x2"
            .replace("12:1Nut1 20:2Saw6", "20:2Saw6 21:1Nut1")
    );
    assert_eq!(
        desk.journal().await,
        r#"bill.change {"parts":{"removed":1,"changed":1,"added":1},"marks":{"added":1}}"#
    );
}

#[tokio::test]
async fn what_nobody_changed_is_not_written_and_what_somebody_else_changed_is_not_overwritten() {
    let desk = desk(BILLS).await;
    let page = desk.get("/apps/sample?id=1").await;
    desk.write("update part set qty = 8").await;

    let same = desk.post(CHANGE, &sent(&page.text, FIRST, SECOND)).await;
    let again = sent(&page.text, FIRST, "parts.1.name=Nut&parts.1.qty=7")
        .replace(ONCE, "019aa0000000700080000000000000ac");
    let other = desk.post(CHANGE, &again).await;

    assert_eq!(same.status, 303, "{}", same.text);
    assert_eq!(other.status, 422);
    assert!(
        other
            .text
            .contains("Part 2: somebody else changed this line"),
        "{}",
        other.text
    );
    assert_eq!(
        desk.number("select count(*) from part where qty = 8").await,
        3
    );
    assert_eq!(desk.journal().await, "bill.change -");
}

/// What an open form sends, with lines of other rows in it, and what is said to that.
fn forgeries(whole: &str) -> [(String, &'static str); 5] {
    [
        // The saw of the other bill, changed, removed, and given a mark.
        (
            whole
                .replace("parts.1._line=11", "parts.1._line=20")
                .replace("parts.1.qty=5", "parts.1.qty=6&parts.1.x=1")
                .replace("parts.1.name=Nut", "parts.1.name=Mine"),
            "Part 2: this line is not there any more",
        ),
        (
            format!(
                "{}&parts.1._gone=1",
                whole.replace("parts.1._line=11", "parts.1._line=20")
            ),
            "Part 2: this line is not there any more",
        ),
        (
            format!(
                "{}&parts.1.marks.0._line=&parts.1.marks.0.code=m",
                whole.replace("parts.1._line=11", "parts.1._line=20")
            ),
            "Part 2: this line is not there any more",
        ),
        // A mark of another part, and a line that is none.
        (
            whole
                .replace("parts.0.marks.0", "parts.1.marks.0")
                .replace("marks.0.code=x1", "marks.0.code=mine"),
            "Mark 1: this line is not there any more",
        ),
        (
            whole
                .replace("parts.1._line=11", "parts.1._line=1%20or%201")
                .replace("parts.1.name=Nut", "parts.1.name=Mine"),
            "Part 2: id must be a whole number",
        ),
    ]
}

#[tokio::test]
async fn a_line_of_somebody_elses_row_is_neither_changed_nor_removed_nor_hung_on() {
    let desk = desk(BILLS).await;
    let page = desk.get("/apps/sample?id=1").await;
    let whole = sent(&page.text, FIRST, SECOND);

    for (forged, said) in forgeries(&whole) {
        let refused = desk.post(CHANGE, &forged).await;
        assert_eq!(refused.status, 422, "{forged}");
        assert!(refused.text.contains(said), "{said}\n{}", refused.text);
    }
    // A new bill has no lines that are there already.
    let new = format!(
        "{}&payer=Mal&parts.0._line=20&parts.0.name=Mine&parts.0.qty=1",
        start("")
    );
    let refused = desk.post(ADD, &new).await;
    assert!(
        refused.status == 422
            && refused
                .text
                .contains("Part 1: this line is not there any more"),
        "{}",
        refused.text
    );
    // Nor does anybody choose the row above by a field of its name.
    let above = format!(
        "{}&payer=Mal&parent.id=2&id=2&parts.0._line=&parts.0.name=Own&parts.0.parent.id=2&parts.0.bill=2&parts.0.row.id=20",
        start("")
    );
    assert_eq!(desk.post(ADD, &above).await.status, 303);
    assert_eq!(
        desk.stock().await,
        "1Ada 2Eve 3Mal | 10:1Bolt4 11:1Nut5 20:2Saw6 21:3Own1 | 100:10x1"
    );
}

#[tokio::test]
async fn there_are_never_more_or_fewer_lines_than_there_may_be() {
    let desk = desk(BILLS).await;
    let line = |at: usize| format!("&parts.{at}._line=&parts.{at}.name=P{at}");
    let of = |count: usize| {
        format!(
            "{}&payer=Cyd{}",
            start(""),
            (0..count).map(line).collect::<String>()
        )
    };

    let (none, many, flood) = (
        desk.post(ADD, &of(0)).await,
        desk.post(ADD, &of(4)).await,
        desk.post(ADD, &of(600)).await,
    );
    // Those there are were left out of what was sent.
    let page = desk.get("/apps/sample?id=1").await;
    let hidden = format!("{}&payer=Ada{}{}", start("id%3D1"), line(7), line(8));
    let hidden = desk.post(CHANGE, &hidden).await;
    let emptied = sent(
        &page.text,
        &format!("{FIRST}&parts.0._gone=1"),
        &format!("{SECOND}&parts.1._gone=1"),
    );
    let emptied = desk.post(CHANGE, &emptied).await;

    for (page, said) in [
        (&none, "Parts: there must be 1 at least, and these are 0"),
        (&many, "Parts: there may be 3 at most, and these are 4"),
        (&flood, "Parts: there may be 3 at most"),
        (&hidden, "Parts: there may be 3 at most, and these are 4"),
        (&emptied, "Parts: there must be 1 at least"),
    ] {
        assert_eq!(page.status, 422);
        assert!(page.text.contains(said), "{said}\n{}", page.text);
    }
    let fields = "&x=1".repeat(10_001);
    assert_eq!(
        desk.post(ADD, &format!("{}{fields}", of(1))).await.status,
        422
    );
    assert_eq!(desk.stock().await, BEFORE);
}
