//! Bringing data: files come in, are looked at, and their rows land whole or not at all.

use axum::body::Body;
use bytes::Bytes;
use onsight::data::imports::{Bringer, Imports, import_bytes};
use onsight::data::{Caps, Data, Question, fetch};
use onsight::journal::Actor;
use onsight::store::{Budget, Connection, Db, Lane};
use onsight::web::WorkspaceId;

use crate::support::{Answer, TestSite, Visitor};
use crate::uploads::{form, multipart, send, settled};

const PEOPLE: &[u8] = b"id,name,born\n1,Ada,1815-12-10\n2,Grace,1906-12-09\n4,Edsger,1930-05-11\n";

/// Sends a file and waits until it was looked at.
async fn seen(visitor: &Visitor, name: &str, bytes: &[u8]) -> (String, Answer) {
    let sent = send(visitor, name, bytes).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let path = sent.location().to_owned();
    let page = settled(visitor, &path).await;
    (path, page)
}

async fn import(visitor: &Visitor, path: &str, changes: &[(&str, &str)]) -> Answer {
    import_of(visitor, path, path, changes).await
}

/// Imports as the page at `shown` proposes it, with some fields changed.
async fn import_of(visitor: &Visitor, path: &str, shown: &str, changes: &[(&str, &str)]) -> Answer {
    let page = visitor.get(shown).await;
    let started = visitor
        .post(&format!("{path}/start"), &form(&page.text, changes))
        .await;
    if started.status != 303 {
        return started;
    }
    settled(visitor, path).await
}

fn workspace(site: &TestSite) -> (WorkspaceId, Db) {
    let conn_of = site.site().files.all_open();
    let (id, db) = conn_of.into_iter().next().unwrap();
    (WorkspaceId::parse(&id).unwrap(), db)
}

/// The answer to a query in the first workspace: cells by `|`, rows by `;`.
async fn rows(site: &TestSite, sql: &str) -> String {
    let (workspace, db) = workspace(site);
    let data = Data::new(site.site().clone());
    let catalog = data.catalog(workspace, &db).await.unwrap();
    let question = Question {
        sql: sql.to_owned(),
        values: Vec::new(),
    };
    let budget = Budget::of(std::time::Duration::from_secs(5));
    let rows = db
        .ask(Lane::Page, budget, move |guarded| {
            fetch(guarded, &catalog, &question, Caps::PAGE)
        })
        .await
        .unwrap();
    let lines = (0..rows.len()).map(|row| {
        let cells = rows.row(row).map(|cell| match cell {
            onsight::data::Cell::Null => "·".to_owned(),
            onsight::data::Cell::Integer(number) => number.to_string(),
            onsight::data::Cell::Real(number) => number.to_string(),
            onsight::data::Cell::Text(text) => text.to_owned(),
            onsight::data::Cell::Blob(_) => "bytes".to_owned(),
        });
        cells.collect::<Vec<_>>().join("|")
    });
    lines.collect::<Vec<_>>().join(";")
}

/// What the workspace's journal tells of an action: of what, and by whom.
async fn rows_of(site: &TestSite, action: &'static str) -> Vec<(String, String)> {
    let (_, db) = workspace(site);
    let read = db.read(move |conn: &Connection| {
        let mut list =
            conn.prepare("select object, actor_name from journal where action = ?1 order by id")?;
        let told = list.query_map([action], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok::<_, onsight::store::Error>(told.collect::<Result<_, _>>()?)
    });
    read.await.unwrap()
}

/// Tables of the engine that are left from imports.
async fn leftovers(site: &TestSite) -> i64 {
    let (_, db) = workspace(site);
    let count = |conn: &Connection| {
        let sql = "select count(*) from sqlite_schema where name glob '_import*'";
        Ok::<i64, onsight::store::Error>(conn.query_row(sql, [], |row| row.get(0))?)
    };
    db.read(count).await.unwrap()
}

#[tokio::test]
async fn a_file_becomes_a_table() {
    let (site, ada) = TestSite::new().await;
    let (path, page) = seen(&ada, "People 2026.csv", PEOPLE).await;
    assert!(page.text.contains("value=\"people_2026\""), "{}", page.text);

    let report = import(&ada, &path, &[]).await;

    assert!(
        report.text.contains("3 rows are in people_2026"),
        "{}",
        report.text
    );
    let sql = "select id, name, born from people_2026 order by id";
    assert_eq!(
        rows(&site, sql).await,
        "1|Ada|1815-12-10;2|Grace|1906-12-09;4|Edsger|1930-05-11"
    );
    assert_eq!(leftovers(&site).await, 0);
}

#[tokio::test]
async fn decimals_and_letters_of_old_windows_are_understood() {
    let (site, ada) = TestSite::new().await;
    let bytes = b"Stadt;Preis;Tag\nM\xfcnchen;1.234,50;24.12.2026\nK\xf6ln;0,5;31.01.2026\n";
    let (path, _) = seen(&ada, "preise.csv", bytes).await;
    import(&ada, &path, &[]).await;
    let sql = "select stadt, preis, tag from preise order by id";
    assert_eq!(
        rows(&site, sql).await,
        "München|1234.5|2026-12-24;Köln|0.5|2026-01-31"
    );
}

#[tokio::test]
async fn a_mark_in_front_and_a_line_break_in_quotes_are_no_trouble() {
    let (site, ada) = TestSite::new().await;
    let (path, _) = seen(&ada, "notes.csv", b"\xef\xbb\xbfid,note\n1,\"a\nb\"\n2,c\n").await;
    import(&ada, &path, &[]).await;
    assert_eq!(
        rows(&site, "select id, note from notes").await,
        "1|a\nb;2|c"
    );
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let (_site, ada) = TestSite::new().await;
    let line = vec![b'x'; 3 << 20];
    let cases: [(&str, &[u8], &str); 4] = [
        ("empty.csv", b"", "the file is empty"),
        (
            "picture.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
            "this is not a table",
        ),
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...",
            "old format of Excel",
        ),
        ("line.csv", &line, "longer than 1 MiB"),
    ];
    for (name, bytes, says) in cases {
        let (_, page) = seen(&ada, name, bytes).await;
        assert!(page.text.contains(says), "{name}: {}", page.text);
    }
}

#[tokio::test]
async fn sending_nothing_asks_for_a_file() {
    let (_site, ada) = TestSite::new().await;
    let body = Body::from("--cut--\r\n");
    let kind = "multipart/form-data; boundary=cut";
    let answer = ada.send_as("POST", "/data/import", kind, body).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("choose a file first"));
}

#[tokio::test]
async fn a_broken_upload_leaves_nothing() {
    let (site, ada) = TestSite::new().await;
    let mut cut = multipart("people.csv", PEOPLE);
    cut.truncate(cut.len() - 40);
    let kind = "multipart/form-data; boundary=cut";
    let answer = ada
        .send_as("POST", "/data/import", kind, Body::from(cut))
        .await;
    assert_eq!(answer.status, 422, "{}", answer.text);

    let (workspace, _) = workspace(&site);
    let folder = site.site().files.staging(&workspace.to_string()).unwrap();
    // The thread that kept the bytes notices a moment later.
    for _ in 0..200 {
        if std::fs::read_dir(&folder).unwrap().next().is_none() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the file is still there");
}

#[tokio::test]
async fn a_name_that_is_taken_is_said_at_the_field() {
    let (_site, ada) = TestSite::new().await;
    let (path, _) = seen(&ada, "people.csv", PEOPLE).await;
    import(&ada, &path, &[]).await;
    let (path, page) = seen(&ada, "people.csv", PEOPLE).await;
    assert!(page.text.contains("value=\"people_2\""));

    let new = format!("{path}?into=");
    let refused = import_of(&ada, &path, &new, &[("name", "people"), ("title_1", "Who")]).await;

    assert_eq!(refused.status, 422);
    assert!(
        refused
            .text
            .contains("there is a table called `people` already")
    );
    assert!(refused.text.contains("value=\"Who\""));
}

#[tokio::test]
async fn rows_are_added_updated_or_put_in_place_of_others() {
    let (site, ada) = TestSite::new().await;
    let (path, _) = seen(&ada, "people.csv", PEOPLE).await;
    import(&ada, &path, &[]).await;
    let sql = "select id, name from people order by id";

    let (path, _) = seen(&ada, "more.csv", b"name\nAlan\n").await;
    let into = format!("{path}?into=people");
    import_of(&ada, &path, &into, &[("mode", "append")]).await;
    assert_eq!(rows(&site, sql).await, "1|Ada;2|Grace;4|Edsger;5|Alan");

    let (path, _) = seen(&ada, "new.csv", b"id,name\n2,Grace H.\n7,Barbara\n").await;
    let into = format!("{path}?into=people");
    let changes = [("mode", "upsert"), ("on", "id")];
    let report = import_of(&ada, &path, &into, &changes).await;
    assert!(
        report.text.contains("2 rows are in people"),
        "{}",
        report.text
    );
    let all = "1|Ada;2|Grace H.;4|Edsger;5|Alan;7|Barbara";
    assert_eq!(rows(&site, sql).await, all);

    let (path, _) = seen(&ada, "all.csv", b"id,name\n9,Kurt\n").await;
    let into = format!("{path}?into=people");
    import_of(&ada, &path, &into, &[("mode", "replace")]).await;
    assert_eq!(rows(&site, sql).await, "9|Kurt");
    assert_eq!(leftovers(&site).await, 0);
}

#[tokio::test]
async fn rows_can_be_known_again_by_any_column() {
    let (site, ada) = TestSite::new().await;
    let (path, _) = seen(&ada, "stock.csv", b"item,pieces\nnut,3\nbolt,4\n").await;
    import(&ada, &path, &[]).await;
    let (path, _) = seen(&ada, "stock.csv", b"item,pieces\nbolt,9\nscrew,1\n").await;
    let into = format!("{path}?into=stock");
    import_of(&ada, &path, &into, &[("mode", "upsert"), ("on", "item")]).await;
    let sql = "select item, pieces from stock order by item";
    assert_eq!(rows(&site, sql).await, "bolt|9;nut|3;screw|1");

    let (path, _) = seen(&ada, "twice.csv", b"item,pieces\nbolt,1\nbolt,2\n").await;
    let into = format!("{path}?into=stock");
    let changes = [("mode", "upsert"), ("on", "item")];
    let refused = import_of(&ada, &path, &into, &changes).await;
    assert!(
        refused
            .text
            .contains("more than one row with “bolt” in item"),
        "{}",
        refused.text
    );
    assert_eq!(rows(&site, sql).await, "bolt|9;nut|3;screw|1");
}

#[tokio::test]
async fn an_import_that_fails_leaves_nothing() {
    let (site, ada) = TestSite::new().await;
    let (path, _) = seen(&ada, "people.csv", PEOPLE).await;

    let page = import(&ada, &path, &[("type_1", "integer")]).await;

    assert!(
        page.text.contains("line 2, column name: “Ada”"),
        "{}",
        page.text
    );
    assert_eq!(leftovers(&site).await, 0);
    let (path, _) = seen(&ada, "twice.csv", b"id,name\n1,a\n1,b\n").await;
    let page = import(&ada, &path, &[("key", "0")]).await;
    assert!(
        page.text.contains("line 3: the key 1 comes a second time"),
        "{}",
        page.text
    );
    assert_eq!(leftovers(&site).await, 0);
}

#[tokio::test]
async fn bad_values_are_named_before_and_after() {
    let (site, ada) = TestSite::new().await;
    let (path, page) = seen(&ada, "p.csv", b"n,v\n1,2\n2,x\n3,4\n").await;
    let body = form(&page.text, &[("type_1", "integer"), ("name", "p")]);
    ada.post(&format!("{path}/check"), &body).await;
    let page = settled(&ada, &path).await;
    assert!(
        page.text.contains("One value does not fit"),
        "{}",
        page.text
    );

    let report = import(&ada, &path, &[("on_bad", "skip_row")]).await;

    assert!(report.text.contains("2 rows are in p"), "{}", report.text);
    assert_eq!(rows(&site, "select n, v from p").await, "1|2;3|4");
}

#[tokio::test]
async fn a_cancelled_import_leaves_nothing() {
    use std::fmt::Write;

    let (site, ada) = TestSite::new().await;
    let mut many = String::from("a,b,c\n");
    for n in 0..60_000 {
        writeln!(many, "{n},some text of row {n},{}", n * 7).unwrap();
    }
    let (path, page) = seen(&ada, "many.csv", many.as_bytes()).await;
    let start = format!("{path}/start");
    ada.post(&start, &form(&page.text, &[])).await;

    ada.post(&format!("{path}/cancel"), "").await;

    let page = settled(&ada, &path).await;
    assert!(
        page.text.contains("the import was cancelled"),
        "{}",
        page.text
    );
    assert_eq!(leftovers(&site).await, 0);
    let told = rows_of(&site, "import.cancelled").await;
    assert_eq!(told, [("many.csv".to_owned(), "ada".to_owned())]);
    let report = import(&ada, &path, &[]).await;
    assert!(
        report.text.contains("60,000 rows are in many"),
        "{}",
        report.text
    );
}

#[tokio::test]
async fn an_upload_is_nothing_to_another_workspace() {
    let (site, ada) = TestSite::new().await;
    let (path, _) = seen(&ada, "people.csv", PEOPLE).await;
    let eve = site.found("Southgate", "eve@example.org").await;

    assert_eq!(eve.get(&path).await.status, 404);
    assert_eq!(eve.get(&format!("{path}/progress")).await.status, 404);
    for act in ["look", "check", "start", "cancel", "delete"] {
        let answer = eve.post(&format!("{path}/{act}"), "").await;
        assert_eq!(answer.status, 404, "{act}");
    }
    assert!(!eve.get("/data/import").await.text.contains("people.csv"));
    assert_eq!(ada.get(&path).await.status, 200);
}

#[tokio::test]
async fn bytes_at_hand_become_a_table() {
    let (site, ada) = TestSite::new().await;
    ada.get("/data/import").await;
    let (workspace, db) = workspace(&site);
    let imports = Imports::new(Data::new(site.site().clone()));
    let bringer = Bringer {
        actor: Actor::command_line(),
        workspace,
        db,
    };

    let bytes = Bytes::from_static(PEOPLE);
    let done = import_bytes(&imports, &bringer, "people.csv", bytes, "folk").await;

    assert_eq!(done.unwrap().report.rows, 3);
    assert_eq!(rows(&site, "select count(*) from folk").await, "3");
}

#[tokio::test]
async fn a_database_is_read_and_its_copy_in_clear_is_gone() {
    let (site, ada) = TestSite::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let conn = sqlite(&path);
    conn.execute_batch(
        "create table t (id integer primary key, w text); insert into t values (1,'a'),(2,'b')",
    )
    .unwrap();
    drop(conn);

    let (path, _) = seen(&ada, "a.db", &std::fs::read(&path).unwrap()).await;
    import(&ada, &path, &[]).await;

    assert_eq!(rows(&site, "select id, w from a").await, "1|a;2|b");
    let (workspace, _) = workspace(&site);
    let staging = site.site().files.staging(&workspace.to_string()).unwrap();
    assert_eq!(std::fs::read_dir(staging).unwrap().count(), 0);
}

#[expect(clippy::disallowed_methods, reason = "a file somebody will send")]
fn sqlite(path: &std::path::Path) -> Connection {
    Connection::open(path).unwrap()
}

#[tokio::test]
async fn dates_and_merged_cells_of_a_workbook_come_in() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    let (site, ada) = TestSite::new().await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (column, heading) in ["region", "day", "pieces"].iter().enumerate() {
        sheet
            .write(0, u16::try_from(column).unwrap(), *heading)
            .unwrap();
    }
    sheet
        .merge_range(1, 0, 2, 0, "north", &Format::new())
        .unwrap();
    for (row, day) in [(1, 1), (2, 2)] {
        let day = ExcelDateTime::from_ymd(2026, 11, day).unwrap();
        sheet.write_with_format(row, 1, &day, &date).unwrap();
        sheet.write(row, 2, row * 10).unwrap();
    }
    let (path, _) = seen(&ada, "sales.xlsx", &book.save_to_buffer().unwrap()).await;
    import(&ada, &path, &[]).await;
    let sql = "select day, pieces from sales order by id";
    assert_eq!(rows(&site, sql).await, "2026-11-01|10;2026-11-02|20");
}
