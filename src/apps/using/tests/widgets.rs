//! What people do with the widgets of a page: look, move, change, and nothing by accident.

use super::*;

const NAMES: [&str; 18] = [
    "table", "board", "sums", "spread", "heat", "trend", "cards", "one", "pivot", "visits", "past",
    "picture", "map", "adding", "inner", "list", "stat", "filters",
];

#[tokio::test]
async fn rows_are_text_in_every_widget() {
    let desk = Desk::showing(&["https://maps.example.org"]).await;
    desk.write(
        "update orders set name = '\"><img src=x onerror=alert(2)>' || id,
             status = case id when 1 then '</table><script>alert(3)</script>' else status end,
             day = case id when 3 then '2026-11-03\"><script>alert(4)</script>' else day end;
         insert into orders (name, amount, day, status) values ('javascript:alert(5)', -1, '''><svg onload=alert(6)>', 'paid')",
    )
    .await;

    let mut seen = String::new();
    for path in ["", "/p/work", "/p/look", "/p/edit?id=1"] {
        let page = desk.get(&format!("/apps/sample{path}")).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text.contains("This could not be loaded") || path.is_empty());
        for broken in [
            "<img src=x",
            "<script>alert",
            "<svg onload",
            "href=\"javascript:",
            "onerror=alert(2)>\"",
        ] {
            assert!(
                !page.text.contains(broken),
                "{broken} in {path}\n{}",
                page.text
            );
        }
        seen.push_str(&page.text);
    }
    for name in NAMES {
        let id = format!("id=\"w-{name}\"");
        assert_eq!(seen.matches(&id).count(), 1, "{name}");
    }
    assert!(seen.contains("&lt;img src=x onerror=alert(2)&gt;"));
}

#[tokio::test]
async fn what_the_author_wrote_is_text_in_every_widget() {
    let hostile = "\\\"><script>alert(7)</script><img src=x onerror=alert(8)>";
    let mut text = SAMPLE.to_owned();
    for key in [
        "title", "label", "caption", "alt", "confirm", "toast", "button", "empty",
    ] {
        text = text.replace(&format!("{key} = \""), &format!("{key} = \"{hostile}"));
    }
    text = text.replace(
        "hidden = [\"month\"]",
        &format!("labels = {{ name = \"{hostile}\" }}\nempty = \"{hostile}\""),
    );
    let desk = Desk::of(text, &["https://maps.example.org"]).await;

    let mut pages = Vec::new();
    for path in ["", "/p/work", "/p/look", "/p/edit?id=1"] {
        pages.push((path, desk.get(&format!("/apps/sample{path}")).await));
    }
    desk.write("delete from orders").await;
    pages.push(("nothing", desk.get("/apps/sample/p/look").await));

    for (path, page) in pages {
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        assert!(page.text.contains("alert(7)"), "{path}");
        for broken in ["<script>alert", "<img src=x"] {
            assert!(
                !page.text.contains(broken),
                "{broken} in {path}\n{}",
                page.text
            );
        }
    }
}

fn moved(once: u8, before: &str, to: &str) -> String {
    let once = format!("019aa00000007000800000000000{once:04x}");
    format!("_page=work&_widget=board&_at=&_once={once}&row.id=1&row.status={before}&status={to}")
}

#[tokio::test]
async fn a_card_is_moved_once_and_not_over_somebody_elses_move() {
    let desk = Desk::new().await;
    let board = desk.get("/apps/sample/p/work").await;
    for part in [
        "data-board",
        "draggable=\"true\"",
        "name=\"row.status\" value=\"new\"",
        "<button class=\"btn small\" name=\"status\" value=\"paid\">",
    ] {
        assert!(board.text.contains(part), "{part}\n{}", board.text);
    }

    let path = "/apps/sample/run/set_status";
    let first = desk.post(path, &moved(1, "new", "paid")).await;
    let again = desk.post(path, &moved(1, "new", "paid")).await;
    let late = desk.post(path, &moved(2, "new", "paid")).await;
    let odd = desk.post(path, &moved(3, "paid", "gone")).await;

    assert_eq!(
        (first.status, again.status),
        (303, 303),
        "{} {}",
        first.text,
        again.text
    );
    assert_eq!((late.status, odd.status), (422, 422));
    assert!(
        late.text.contains("perhaps somebody else was faster"),
        "{}",
        late.text
    );
    assert_eq!(
        desk.number("select count(*) from orders where id = 1 and status = 'paid'")
            .await,
        1
    );
    assert_eq!(
        desk.number("select count(*) from journal where action = 'order.move'")
            .await,
        1
    );
    let other = desk
        .post("/apps/sample/run/add", &moved(4, "paid", "new"))
        .await;
    assert_eq!(other.status, 404, "the board sends one query");
}

#[tokio::test]
async fn a_change_draws_anew_what_asks_the_same_tables() {
    let desk = Desk::new().await;
    let drop = "_page=look&_widget=cards&_at=&_once=019aa0000000700080000000000000cd&row.id=2";

    let part = desk.part("/apps/sample/run/drop", Some(drop)).await;

    assert_eq!(part.status, 200, "{}", part.text);
    assert!(part.text.starts_with("<div class=\"g12\" data-live>"));
    for name in ["cards", "one", "pivot", "visits", "past"] {
        assert!(part.text.contains(&format!("id=\"w-{name}\"")), "{name}");
    }
    for name in ["map", "picture", "adding"] {
        assert!(!part.text.contains(&format!("id=\"w-{name}\"")), "{name}");
    }
    assert!(!part.text.contains("Bob"), "{}", part.text);
    assert_eq!(part.headers["onsight-said"], "Saved");
    let moved = moved(7, "new", "paid");
    let board = desk.part("/apps/sample/run/set_status", Some(&moved)).await;
    assert_eq!(board.headers["onsight-said"], "Moved");
    let add =
        "_page=edit&_widget=form&_at=&_once=019aa0000000700080000000000000ce&name=Cyd&amount=1";
    let away = desk.part("/apps/sample/run/add", Some(add)).await;
    assert_eq!((away.status, away.to.as_str()), (204, "/apps/sample"));
}

#[tokio::test]
async fn an_open_page_gets_its_widgets_without_the_page_around_them() {
    let desk = Desk::new().await;

    let part = desk.part("/apps/sample?sort=name", None).await;
    let same = desk.part("/apps/sample?sort=name", None).await;
    let other = desk.part("/apps/sample?sort=-name", None).await;

    assert!(part.text.starts_with("<div class=\"g12\" data-live>"));
    assert!(!part.text.contains("<html"));
    let mark = |told: &Told| {
        let (before, _) = told.text.split_once(" id=\"w-list\"").unwrap();
        before.rsplit_once("data-v=").unwrap().1.to_owned()
    };
    assert_eq!(mark(&part), mark(&same));
    assert_ne!(mark(&part), mark(&other));
}

/// The value of the first field of that name.
fn field<'a>(html: &'a str, name: &str) -> &'a str {
    let (_, rest) = html
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn a_cell_is_changed_where_it_stands_and_nobodys_change_is_lost() {
    let desk = Desk::new().await;
    let page = desk.get("/apps/sample/p/work").await;
    let (_, rest) = page.text.split_once("<a class=\"cell-edit\"").unwrap();
    let (_, rest) = rest.split_once("href=\"").unwrap();
    let href = rest.split('#').next().unwrap();

    let open = desk.get(&format!("/apps/sample/p/work{href}")).await;

    let (_, form) = open.text.split_once("class=\"cell-form\"").unwrap();
    assert_eq!(field(form, "row.amount"), "10.5");
    let body = |once: &str, before: &str, amount: &str| {
        let edit = field(form, "_edit");
        format!(
            "_page=work&_widget=table&_at=&_edit={edit}&_once={once}&row.id=1&row.amount={before}&amount={amount}"
        )
    };
    let path = "/apps/sample/run/set_amount";
    let wrong = desk.post(path, &body(ONCE, "10.5", "1.234")).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text.contains("value=\"1.234\"") && wrong.text.contains("must have at most 2 digits"),
        "{}",
        wrong.text
    );
    let stale = desk.post(path, &body(ONCE, "9", "11")).await;
    assert_eq!(stale.status, 422);
    assert!(stale.text.contains("perhaps somebody else was faster"));
    let right = desk.post(path, &body(ONCE, "10.5", "11")).await;
    assert_eq!(
        (right.status, right.to.as_str()),
        (303, "/apps/sample/p/work")
    );
    assert_eq!(
        desk.number("select count(*) from orders where id = 1 and amount = 11")
            .await,
        1
    );
    assert_eq!(
        desk.number("select count(*) from journal where action = 'order.amount'")
            .await,
        1
    );
}

#[tokio::test]
async fn reports_group_hide_and_mark_their_columns() {
    let desk = Desk::new().await;

    let page = desk.get("/apps/sample/p/work").await;
    let all = desk.get("/apps/sample/p/work?table.columns=all").await;

    for part in [
        "<div class=\"report pinned\"",
        "<th scope=\"colgroup\" colspan=\"2\">Money</th>",
        "<tr class=\"t-good\">",
        "class=\"n t-warn\"",
        "href=\"?table.columns=all\">All columns</a>",
        "href=\"/apps/sample?status=paid\"",
        "data-confirm=\"Drop: Bob?\"",
    ] {
        assert!(page.text.contains(part), "{part}\n{}", page.text);
    }
    assert!(!page.text.contains(">Month</th>"));
    assert!(all.text.contains(">Month</th>") && all.text.contains("Fewer columns"));
}

#[tokio::test]
async fn figures_and_pictures_of_figures_say_the_same() {
    let desk = Desk::new().await;

    let look = desk.get("/apps/sample/p/look").await;
    let work = desk.get("/apps/sample/p/work").await;

    for part in [
        "data-format=\"money:EUR\">30.50 EUR</data></td></tr></tfoot>",
        "class=\"cell-link\" href=\"/apps/sample?status=new\"",
    ] {
        assert!(look.text.contains(part), "{part}\n{}", look.text);
    }
    for part in [
        "data-mark=\"combined\" data-x=\"status\" data-y=\"amount,orders\" data-right=\"orders\"",
        "<a class=\"row-link\" href=\"/apps/sample?status=new\">new</a>",
        "data-mark=\"histogram\" data-x=\"range\" data-y=\"count\"",
        "<td data-value=\"10 – 12.5\">10 – 12.5</td>",
        "<td class=\"n h-8\"><data value=\"20\" data-format=\"number\">20</data></td>",
        "<svg class=\"spark\"",
    ] {
        assert!(work.text.contains(part), "{part}\n{}", work.text);
    }
}

#[tokio::test]
async fn months_and_days_hold_what_happened_on_them() {
    let desk = Desk::new().await;

    let now = desk.get("/apps/sample/p/look").await;
    let before = desk.get("/apps/sample/p/look?visits=2026-10").await;

    assert!(
        now.text
            .contains("datetime=\"2026-11\" data-format=\"month\">November 2026</time>")
    );
    assert!(now.text.contains("rel=\"prev\" href=\"?visits=2026-10\""));
    assert!(
        now.text.contains("<td aria-current=\"date\"")
            || now.text.contains("class=\"free\" aria-current=\"date\"")
    );
    assert!(!now.text.contains("Nothing is in this month"));
    assert!(before.text.contains("October 2026</time>"));
    assert!(before.text.contains("Nothing is in this month"));
    assert!(before.text.contains(">Today</a>"));
    assert!(
        now.text
            .contains("data-format=\"date\">2 Nov 2026</time></h3>"),
        "{}",
        now.text
    );
}

#[tokio::test]
async fn nothing_from_elsewhere_is_shown_unless_an_operator_allowed_it() {
    let closed = Desk::new().await;
    let open = Desk::showing(&["https://maps.example.org"]).await;

    let nothing = closed.get("/apps/sample/p/look").await;
    let shown = open.get("/apps/sample/p/look").await;
    let beside = open.get("/apps/sample/p/work").await;

    assert!(!nothing.text.contains("<iframe"));
    assert!(nothing.text.contains("This cannot be shown yet"));
    assert!(!nothing.headers.contains_key("content-security-policy"));
    assert!(
        shown
            .text
            .contains("<iframe class=\"frame medium\" src=\"https://maps.example.org/?at=1&#38;b="),
        "{}",
        shown.text
    );
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("; frame-src https://maps.example.org;")
            && policy.contains("img-src 'self' data: blob: https://maps.example.org;")
            && policy.contains("script-src 'self';"),
        "{policy}"
    );
    assert!(!beside.headers.contains_key("content-security-policy"));
    assert!(
        shown
            .text
            .contains("<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"A small picture\"")
    );
}

#[tokio::test]
async fn a_box_is_open_while_something_in_it_is_wrong() {
    let desk = Desk::new().await;
    let body = format!("_page=look&_widget=inner&_at=&_once={ONCE}&name=A&amount=1");

    let closed = desk.get("/apps/sample/p/look").await;
    let opened = desk.get("/apps/sample/p/look?adding=open").await;
    let wrong = desk.post("/apps/sample/run/add", &body).await;

    let dialog = "<dialog class=\"drawer\" id=\"d-adding\" aria-labelledby=\"dt-adding\"";
    assert!(
        closed.text.contains(&format!("{dialog}><header>")),
        "{}",
        closed.text
    );
    assert!(opened.text.contains(&format!("{dialog} open>")));
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains(&format!("{dialog} open>")));
    let inside = closed.text.split_once(dialog).unwrap().1;
    assert!(
        inside
            .split_once("</dialog>")
            .unwrap()
            .0
            .contains("id=\"w-inner\"")
    );
}

#[tokio::test]
async fn an_app_of_widgets_is_light() {
    let desk = Desk::new().await;

    for path in ["/apps/sample", "/apps/sample/p/work", "/apps/sample/p/look"] {
        let page = desk.get(path).await;
        assert!(page.text.len() < 60_000, "{path}: {}", page.text.len());
    }
}
