//! The visual editor of apps: what is done to pages and widgets is done to the text, and to
//! nothing else of it.

use onsight::people::{self, Email, NewUser};
use onsight::web::Role;

use crate::fieldwork::upload;
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"# Ours
format = 1
id     = "desk"
title  = "Desk"

[uses.main]
kind = "sqlite"

[query.rows]   # all of them
use  = "main"
kind = "read"
sql  = "select name, amount from orders where (:name is null or name = :name)"
param.name = { from = "url.name", type = "text", null = true }

[page.home]
title = "Home"
path  = "/"

# What people come for
[page.home.widget.list]
type   = "report"
at     = [ 1, 1, 12 ] # as wide as the page
query  = "rows"
format = { amount = "number:2" }

[page.home.widget.words]
type = "text"
at   = [2, 1, 6]
text = "Hello"
"#;

struct Desk {
    site: TestSite,
    ada: Visitor,
}

impl Desk {
    async fn new() -> Desk {
        let (site, ada) = TestSite::new().await;
        let workspace = people::first_workspace(site.site()).await.unwrap();
        let rows = "id,name,amount\n1,Bo,12.5\n2,Li,7\n";
        site.table(workspace, "orders", rows).await;
        let brought = upload(&ada, "/apps/import", "desk.toml", TEXT).await;
        assert_eq!(brought.status, 303, "{}", brought.text);
        Desk { site, ada }
    }

    async fn another(&self) -> Visitor {
        let new = NewUser {
            email: Email::parse("bob@example.org").unwrap(),
            name: "Bob".to_owned(),
            role: Role::Builder,
            operator: false,
        };
        people::add(self.site.site(), new).await.unwrap();
        self.site.enter("bob@example.org").await
    }

    /// The draft as it is exported.
    async fn text(&self) -> String {
        self.ada.get("/edit/desk/export").await.text
    }

    async fn seen(&self) -> String {
        let page = self.ada.get("/edit/desk/pages").await;
        page.between("name=\"draft_at\" value=\"", "\"").to_owned()
    }

    async fn send(&self, to: &str, fields: &str) -> Answer {
        let form = format!("draft_at={}&{fields}", self.seen().await);
        self.ada.post(&format!("/edit/desk/{to}"), &form).await
    }

    async fn act(&self, act: &str, fields: &str) -> Answer {
        let form = format!("do={}&page=home&{fields}", act.replace(' ', "+"));
        let done = self.send("pages", &form).await;
        assert_eq!(done.status, 303, "{}", done.text);
        done
    }
}

#[tokio::test]
async fn a_page_is_drawn_with_its_rows_and_says_where_everything_stands() {
    let desk = Desk::new().await;

    let page = desk.ada.get("/edit/desk/pages/home").await;

    assert_eq!(page.status, 200, "{}", page.text);
    for said in [
        "12.50",
        "aria-label=\"list, Report: row 1, column 1, 12 wide\"",
        "data-at=\"2,1,6\"",
        "value=\"chart\"",
        "Shows the rows of a query.",
        "It sends to a query that writes, and this app has none yet",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(page.text.len() < 60_000, "{}", page.text.len());
}

#[tokio::test]
async fn a_move_changes_the_numbers_and_is_undone_to_the_byte() {
    let desk = Desk::new().await;

    desk.act("down widget home list", "").await;
    let moved = desk.text().await;
    desk.act("place widget home words", "row=2&column=4&width=3")
        .await;
    let beside = desk.text().await;
    desk.act("undo", "").await;
    let once = desk.text().await;
    desk.act("undo", "").await;

    // Each time the other one takes the row that became free.
    let wanted = TEXT
        .replace("[ 1, 1, 12 ]", "[ 2, 1, 12 ]")
        .replace("[2, 1, 6]", "[1, 1, 6]");
    assert_eq!(moved, wanted);
    assert_eq!(beside, TEXT.replace("[2, 1, 6]", "[2, 4, 3]"));
    assert_eq!((once, desk.text().await), (moved.clone(), TEXT.to_owned()));
    desk.act("redo", "").await;
    assert_eq!(desk.text().await, moved);
}

#[tokio::test]
async fn widgets_come_from_the_gallery_are_copied_and_go_without_a_trace() {
    let desk = Desk::new().await;

    let added = desk.act("add widget home", "kind=chart&reads=rows").await;
    let shown = desk.ada.get(added.location()).await;
    let copied = desk.act("copy widget home chart", "").await;
    desk.act("remove widget home chart-copy", "").await;
    desk.act("remove widget home chart", "").await;

    assert_eq!(added.location(), "/edit/desk/pages/home/widgets/chart");
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(
        shown.text.contains("row 3, column 1, 12 wide"),
        "{}",
        shown.text
    );
    assert!(copied.location().contains("/home"), "{}", copied.location());
    assert_eq!(desk.text().await, TEXT);
    let none = desk
        .send("pages", "do=add+widget+home&page=home&kind=form")
        .await;
    assert_eq!(none.status, 422, "{}", none.text);
}

#[tokio::test]
async fn the_settings_of_a_widget_are_fields_and_faults_stand_at_them() {
    let desk = Desk::new().await;
    let to = "pages/home/widgets/list";

    let form = desk.ada.get(&format!("/edit/desk/{to}")).await;
    let saved = desk
        .send(to, "k.title=All+orders&k.empty=Nothing+yet")
        .await;
    let text = desk.text().await;
    let wrong = desk
        .send(
            to,
            "k.format.is=1&k.format.key=amount&k.format.value=money:euro",
        )
        .await;

    // The columns of the query are offered, and the queries of the app.
    for said in [
        "<option value=\"rows\" selected>rows</option>",
        "<option value=\"amount\">amount</option>",
        "name=\"k.format.value\" value=\"number:2\"",
    ] {
        assert!(form.text.contains(said), "{said}: {}", form.text);
    }
    assert_eq!(saved.location(), format!("/edit/desk/{to}"));
    let wanted = TEXT.replace(
        "format = { amount = \"number:2\" }\n",
        "format = { amount = \"number:2\" }\ntitle  = \"All orders\"\nempty  = \"Nothing yet\"\n",
    );
    assert_eq!(text, wanted);
    assert_eq!(wrong.status, 422);
    assert!(
        wrong
            .text
            .contains("href=\"#k.format\">`money:euro` is no format for amount"),
        "{}",
        wrong.text
    );
    assert_eq!(desk.text().await, wanted);
}

#[tokio::test]
async fn one_widget_is_changed_as_text_and_stays_that_widget() {
    let desk = Desk::new().await;
    let to = "pages/home/widgets/words/text";
    let table = "toml=%5Bpage.home.widget.words%5D%0Atype+%3D+%22text%22%0Aat+%3D+%5B2%2C+1%2C+6%5D%0Atext+%3D+%22Bye%22%0A";

    let saved = desk.send(to, table).await;
    let other = desk
        .send(to, &table.replace("widget.words", "widget.other"))
        .await;
    let broken = desk
        .send(to, &table.replace("text+%3D+%22Bye%22", "text+%3D+5"))
        .await;

    assert_eq!(saved.status, 303, "{}", saved.text);
    assert_eq!(
        desk.text().await,
        TEXT.replace(
            "type = \"text\"\nat   = [2, 1, 6]\ntext = \"Hello\"",
            "type = \"text\"\nat = [2, 1, 6]\ntext = \"Bye\""
        )
    );
    assert!(
        other
            .text
            .contains("keep the heading [page.home.widget.words]"),
        "{}",
        other.text
    );
    assert!(
        broken.text.contains("`text` needs text in quotes"),
        "{}",
        broken.text
    );
}

#[tokio::test]
async fn what_would_break_the_app_is_not_done() {
    let desk = Desk::new().await;
    desk.act("add page", "title=More").await;
    desk.act("add widget home", "kind=button").await;
    let set = desk.send("pages/home/widgets/button", "k.goto=more").await;
    assert_eq!(set.status, 303, "{}", set.text);
    let before = desk.text().await;

    let refused = desk.send("pages", "do=remove+page+more").await;

    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("there is no page `more`"),
        "{}",
        refused.text
    );
    assert_eq!(desk.text().await, before);
}

#[tokio::test]
async fn two_people_change_different_things_and_nothing_is_lost() {
    let desk = Desk::new().await;
    let bob = desk.another().await;
    let seen = desk.seen().await;
    let post = |who: Visitor, to: &'static str, fields: &'static str| {
        let form = format!("draft_at={seen}&{fields}");
        async move { who.post(&format!("/edit/desk/{to}"), &form).await }
    };

    let mine = post(desk.ada.clone(), "pages/home/widgets/list", "k.title=Mine").await;
    let theirs = post(bob.clone(), "pages/home/widgets/words", "k.title=Theirs").await;
    let same = post(bob.clone(), "pages/home/widgets/list", "k.title=Other").await;

    assert_eq!(mine.status, 303, "{}", mine.text);
    assert_eq!(theirs.status, 303, "{}", theirs.text);
    let text = desk.text().await;
    assert!(
        text.contains("title  = \"Mine\"") && text.contains("title = \"Theirs\""),
        "{text}"
    );
    // Both changed one table: each sees both.
    assert_eq!(same.status, 422);
    for said in [
        "Theirs, whole",
        "title  = &#34;Other&#34;",
        "title  = &#34;Mine&#34;",
    ] {
        assert!(same.text.contains(said), "{said}: {}", same.text);
    }
    assert_eq!(desk.text().await, text);
    let here = bob.get("/edit/desk/here?at=the+text").await;
    assert!(
        here.text.contains("has this app open, too"),
        "{}",
        here.text
    );
}

#[tokio::test]
async fn a_text_that_was_saved_late_is_joined_where_it_can_be() {
    let desk = Desk::new().await;
    let seen = desk.seen().await;
    desk.act("right widget home words", "").await;

    let form = [
        ("draft_at", seen.as_str()),
        ("text", &TEXT.replace("\"Home\"", "\"Start\"")),
    ];
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let saved = desk.ada.post("/edit/desk", &form).await;

    assert_eq!(saved.status, 303, "{}", saved.text);
    let wanted = TEXT
        .replace("\"Home\"", "\"Start\"")
        .replace("[2, 1, 6]", "[2, 2, 6]");
    assert_eq!(desk.text().await, wanted);
}

#[tokio::test]
async fn text_and_pages_lead_to_each_other_at_the_same_place() {
    let desk = Desk::new().await;
    let line = TEXT
        .lines()
        .position(|line| line.contains("widget.list"))
        .unwrap()
        + 1;

    let there = desk.ada.get(&format!("/edit/desk/pages?line={line}")).await;
    let page = desk.ada.get(there.location()).await;
    let back = desk.ada.get(&format!("/edit/desk?line={line}")).await;

    assert_eq!(there.location(), "/edit/desk/pages/home/widgets/list");
    assert!(
        page.text
            .contains(&format!("href=\"/edit/desk?line={line}\"")),
        "{}",
        page.text
    );
    assert!(back.text.contains(&format!("data-line=\"{line}\"")));
}

#[tokio::test]
async fn a_question_without_sql_becomes_a_query_and_a_widget_that_shows_it() {
    let desk = Desk::new().await;
    let question = "table=orders&new=1&name=sums&group=name&group=&measure=sum&measured=amount&sort=sum_amount&down=1&limit=5&f.0.column=name&f.0.op=has&f.0.value=&f.0.asked=1";

    let looked = desk.send("query", &format!("{question}&do=look")).await;
    let made = desk
        .send("query", &format!("{question}&do=save&kind=chart&page=home"))
        .await;
    let shown = desk.ada.get(made.location()).await;
    let read = desk.ada.get("/edit/desk/query?name=sums").await;
    let by_hand = desk.ada.get("/edit/desk/query?name=rows").await;
    let wrong = desk
        .send(
            "query",
            "table=orders&new=1&name=x&f.0.column=amount&f.0.op=has&f.0.value=1",
        )
        .await;

    assert!(
        looked.text.contains("sum(amount) as sum_amount"),
        "{}",
        looked.text
    );
    let name = "name=\"name\" type=\"text\" value=\"sums\"";
    assert!(looked.text.contains(name), "{}", looked.text);
    assert_eq!(
        made.location(),
        "/edit/desk/pages/home/widgets/chart",
        "{}",
        made.text
    );
    assert!(shown.text.contains("sum_amount"), "{}", shown.text);
    let text = desk.text().await;
    assert!(
        text.contains("name_has = { from = \"url.name_has\", type = \"text\", null = true }"),
        "{text}"
    );
    assert!(
        read.text.contains("<option value=\"sum_amount\" selected>"),
        "{}",
        read.text
    );
    assert!(
        by_hand
            .text
            .contains("says something that has no field here"),
        "{}",
        by_hand.text
    );
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text.contains("compare it in another way"),
        "{}",
        wrong.text
    );
}

/// What is typed for a new query that changes rows.
const CHANGE: &str =
    "new=1&kind=write&use=main&name=change&sql=update orders set amount = :amount where id = :id";

#[tokio::test]
async fn sql_is_typed_in_its_own_field_and_the_rest_of_the_text_stays() {
    let desk = Desk::new().await;

    let begun = desk
        .ada
        .get("/edit/desk/statement?new=1&use=main&kind=write")
        .await;
    let looked = desk.send("statement", &format!("{CHANGE}&do=look")).await;
    let saved = desk
        .send("statement", &format!("{CHANGE}&k.expect=1&p.amount.min=0"))
        .await;
    let text = desk.text().await;
    let removed = desk.send("statement", "name=change&do=remove").await;

    assert!(
        begun.text.contains("name=\"k.expect\" value=\"1\""),
        "{}",
        begun.text
    );
    for name in ["p.amount.type", "p.id.from"] {
        assert!(
            looked.text.contains(&format!("name=\"{name}\"")),
            "{}",
            looked.text
        );
    }
    assert_eq!(saved.location(), "/edit/desk/queries", "{}", saved.text);
    let added = "\n[query.change]\nuse  = \"main\"\nkind = \"write\"\nsql  = '''\nupdate orders set amount = :amount where id = :id\n'''\nexpect = 1\n\n[query.change.param]\namount = { from = \"form.amount\", type = \"decimal\", min = 0 }\nid = { from = \"row.id\", type = \"int\" }\n";
    let wanted = TEXT.replace(
        "kind = \"sqlite\"\n",
        "kind = \"sqlite\"\nneeds = [\"read\", \"write\"]\n",
    );
    assert_eq!(
        text,
        wanted.replace("\n[page.home]", &format!("{added}\n[page.home]"))
    );
    assert_eq!(removed.location(), "/edit/desk/queries");
    assert_eq!(desk.text().await, wanted);
}

#[tokio::test]
async fn sql_that_cannot_be_kept_says_why_at_its_field() {
    let desk = Desk::new().await;
    desk.send("statement", CHANGE).await;
    let before = desk.text().await;

    for (typed, why) in [
        (CHANGE, "href=\"#name\">there is a query"),
        (
            "name=rows&sql=select+:a+as+name&p.a.from=moon.a&p.a.type=text",
            "href=\"#p.a.from\">",
        ),
        (
            "name=rows&sql=select+:a+as+name&p.a.min=few",
            "href=\"#p.a.min\">write a number",
        ),
        ("name=rows&do=remove", "would not work any more"),
    ] {
        let refused = desk.send("statement", typed).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains(why), "{}", refused.text);
    }
    assert_eq!(desk.text().await, before);
}
