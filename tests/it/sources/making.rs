//! Apps over databases elsewhere, made without their text.

use super::servers::{Server, form, id};
use crate::support::{Answer, TestSite, Visitor};

/// An empty app beside a database that is connected.
struct Desk {
    _site: TestSite,
    ada: Visitor,
    /// The address of the database.
    place: String,
}

impl Desk {
    async fn beside(server: &'static Server) -> Desk {
        let (site, ada) = server.site().await;
        let writer = [
            ("name", "The shop"),
            ("writer", "writer"),
            ("writer_password", server.password),
        ];
        let place = server.connect(&ada, &writer).await;
        let begun = ada.post("/apps/new", "title=Desk").await;
        assert_eq!(begun.location(), "/edit/desk", "{}", begun.text);
        Desk {
            _site: site,
            ada,
            place,
        }
    }

    async fn send(&self, to: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.ada.get("/edit/desk/pages").await;
        let seen = page.between("name=\"draft_at\" value=\"", "\"").to_owned();
        let all = [&[("draft_at", seen.as_str())], fields].concat();
        self.ada
            .post(&format!("/edit/desk/{to}"), &form(&all))
            .await
    }

    async fn text(&self) -> String {
        self.ada.get("/edit/desk/export").await.text
    }

    async fn page(&self, path: &str) -> String {
        let page = self.ada.get(&format!("/edit/desk/{path}")).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        page.text
    }
}

#[tokio::test]
async fn an_app_asks_a_database_elsewhere_with_no_line_written() {
    for server in Server::both() {
        let desk = Desk::beside(server).await;
        assert!(desk.page("queries").await.contains(">The shop</option>"));

        let asked = [("source", id(&desk.place)), ("writes", "1")];
        let asked = desk.send("uses", &asked).await;
        assert_eq!(asked.location(), "/edit/desk/tables?use=the-shop");
        let tables = desk.page("tables?use=the-shop").await;
        assert!(tables.contains("Ask about job</a>"), "{tables}");
        assert!(
            tables.contains("Title, Code, Hours, Due, At, Done"),
            "{tables}"
        );
        let again = desk.page("queries").await;
        assert!(!again.contains("Ask another database"), "{again}");

        asked_without_sql(&desk).await;
        changed_by_sql(&desk, server.kind).await;

        // It is chosen apart from the text, and told.
        let settings = desk.page("settings").await;
        assert!(settings.contains("It asks The shop"), "{settings}");
    }
}

/// A question without SQL, in that server's words, shown by a widget that knows its columns.
async fn asked_without_sql(desk: &Desk) {
    let made = [
        ("use", "the-shop"),
        ("table", "job"),
        ("new", "1"),
        ("name", "list"),
        ("f.0.column", "title"),
        ("f.0.op", "has"),
        ("f.0.value", ""),
        ("f.0.asked", "1"),
        ("f.1.column", "done"),
        ("f.1.op", "is"),
        ("f.1.value", "no"),
        ("sort", "title"),
        ("kind", "report"),
        ("page", "home"),
    ];
    let made = desk.send("query", &made).await;
    assert_eq!(
        made.location(),
        "/edit/desk/pages/home/widgets/report",
        "{}",
        made.text
    );
    let panel = desk.page("pages/home/widgets/report").await;
    assert!(
        panel.contains("<option value=\"hours\">hours</option>"),
        "{panel}"
    );
    assert!(!panel.contains("bad-text"), "{panel}");
    let read = desk.page("query?name=list").await;
    assert!(read.contains("value=\"title\" selected"), "{read}");
    let shown = desk.page("preview?title_has=nothing-like-it").await;
    assert!(!shown.contains("went wrong"), "{shown}");
}

/// One that changes rows: its values are guessed by the columns there.
async fn changed_by_sql(desk: &Desk, kind: &str) {
    let sql = "insert into job (title, hours, due)\nvalues (:title, :hours, :due)";
    let typed = [
        ("new", "1"),
        ("kind", "write"),
        ("use", "the-shop"),
        ("name", "add"),
        ("sql", sql),
    ];
    let looked = desk
        .send("statement", &[&typed[..], &[("do", "look")]].concat())
        .await;
    assert!(
        looked.text.contains("name=\"p.hours.type\""),
        "{}",
        looked.text
    );
    let saved = desk.send("statement", &typed).await;
    assert_eq!(saved.location(), "/edit/desk/queries", "{}", saved.text);
    let text = desk.text().await;
    let used = format!("[uses.the-shop]\nkind  = \"{kind}\"\nneeds = [\"read\", \"write\"]\n");
    assert!(text.contains(&used), "{text}");
    assert!(
        text.contains("= { from = \"form.hours\", type = \"decimal\" }"),
        "{text}"
    );
    assert!(
        text.contains("= { from = \"form.due\", type = \"date\" }"),
        "{text}"
    );
}

#[tokio::test]
async fn a_database_that_does_not_answer_keeps_nobody_from_writing() {
    let server = Server::postgres();
    let desk = Desk::beside(server).await;
    let asked = desk.send("uses", &[("source", id(&desk.place))]).await;
    assert_eq!(asked.status, 303);
    let deleted = desk.ada.post(&format!("{}/delete", desk.place), "").await;
    assert_eq!(deleted.status, 303);

    let tables = desk.page("tables?use=the-shop").await;
    assert!(tables.contains("Its tables are not known now"), "{tables}");
    let typed = [
        ("new", "1"),
        ("kind", "read"),
        ("use", "the-shop"),
        ("name", "list"),
        ("sql", "select title from job where title = :title"),
    ];
    let saved = desk.send("statement", &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let queries = desk.page("queries").await;
    assert!(queries.contains("is not connected any more"), "{queries}");
    let guided = desk.page("query?name=list").await;
    assert!(guided.contains("statement?name=list"), "{guided}");
}

#[tokio::test]
async fn a_database_of_another_workspace_is_asked_by_nobody() {
    let server = Server::postgres();
    let (site, ada) = server.site().await;
    let place = server.connect(&ada, &[]).await;
    site.site().clock.advance(1);
    let eve = site.found("Southgate", "eve@example.org").await;
    eve.post("/apps/new", "title=Desk").await;
    let page = eve.get("/edit/desk/queries").await;
    assert!(!page.text.contains("Ask another database"), "{}", page.text);
    let seen = eve.get("/edit/desk/pages").await;
    let seen = seen.between("name=\"draft_at\" value=\"", "\"").to_owned();

    let asked = form(&[("draft_at", seen.as_str()), ("source", id(&place))]);
    let asked = eve.post("/edit/desk/uses", &asked).await;

    assert_eq!(asked.status, 422);
    assert!(
        asked.text.contains("choose a database that is connected"),
        "{}",
        asked.text
    );
    let text = eve.get("/edit/desk/export").await.text;
    assert!(!text.contains("postgres"), "{text}");
}
