//! What is deleted is hidden, comes back whole, and then is nowhere; what is
//! taken away is all there was.

pub(crate) mod archives;
mod cut_off;
mod destroyed;
mod full;
mod many;

use axum::body::Body;
use onsight::apps::{self, Apps, Author, Import};
use onsight::base::Time;
use onsight::data::Data;
use onsight::ending;
use onsight::people;
use onsight::sanity;
use onsight::store::{Connection, Error};
use onsight::web::{Role, WorkspaceId};

use crate::support::{TestSite, Visitor};

pub(crate) const APP: &str = "format = 1\nid = \"desk\"\ntitle = \"canarytitle5511\"\n\n[uses.main]\nkind = \"sqlite\"\nneeds = [\"read\"]\n\n[query.list]\nuse = \"main\"\nkind = \"read\"\nsql = \"select id, word from words -- canarysql7702\"\n\n[page.home]\ntitle = \"Home\"\npath = \"/\"\n";
pub(crate) const ROWS: &str = "id,word\n1,canaryrow1204\n2,canaryrow1205\n3,canaryrow1206\n";

pub(crate) async fn import(site: &TestSite, workspace: WorkspaceId, text: &str) -> String {
    let apps = Apps::new(Data::new(site.site().clone()));
    let import = Import {
        text: text.to_owned(),
        id: None,
        publish: false,
    };
    let author = Author::command_line(workspace);
    apps::import(&apps, &author, import).await.unwrap()
}

/// A file that waits to be imported. Gives its id.
pub(crate) async fn send(by: &Visitor, name: &str, bytes: &str) -> String {
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{bytes}\r\n--cut--\r\n"
    );
    let kind = "multipart/form-data; boundary=cut";
    let sent = by
        .send_as("POST", "/data/import", kind, Body::from(body))
        .await;
    let upload = sent.location().rsplit('/').next().unwrap().to_owned();
    for _ in 0..2_000 {
        let part = by.get(&format!("/data/import/{upload}/progress")).await;
        if part.text.contains("data-done") {
            return upload;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{name} is never read");
}

/// Deletes it, and gives the id of its ending.
pub(crate) async fn delete(by: &Visitor, at: &str, form: &str) -> String {
    let deleted = by.post(at, form).await;
    assert_eq!(deleted.status, 303, "{}", deleted.text);
    let page = by.get("/deleting").await;
    page.between("action=\"/deleting/", "/undo\"").to_owned()
}

/// One number of the accounts database.
pub(crate) async fn number(site: &TestSite, sql: &'static str) -> i64 {
    let found = site
        .site()
        .system
        .read(move |conn: &Connection| Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?));
    found.await.unwrap()
}

/// Every word of every table of a file, its schema too, and how many pages of it
/// are free: of those nobody knows what they hold.
fn words(conn: &Connection) -> Result<(String, i64), Error> {
    let free = conn.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
    let mut list = conn.prepare("select name, sql from sqlite_schema where type = 'table'")?;
    let tables = list.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let tables = tables.collect::<Result<Vec<(String, String)>, _>>()?;
    let mut text = String::new();
    for (name, sql) in tables {
        text.push_str(&sql);
        let mut rows = conn.prepare(&format!("select * from \"{name}\""))?;
        let count = rows.column_count();
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            for at in 0..count {
                let bytes = row.get_ref(at)?.as_bytes_or_null().unwrap_or(None);
                let shown = format!("{:?}|", bytes.map(String::from_utf8_lossy));
                text.push_str(&shown);
            }
        }
    }
    Ok((text, free))
}

/// Which of these words any database of the site holds.
pub(crate) async fn held(site: &TestSite, all: &[&'static str]) -> Vec<(String, &'static str)> {
    let mut files = vec![("system".to_owned(), site.site().system.clone())];
    for name in site.site().files.names().unwrap() {
        files.push((name.clone(), site.site().files.open(&name).unwrap()));
    }
    let mut found = Vec::new();
    for (name, db) in files {
        let (text, _) = db.read(words).await.unwrap();
        let here = all.iter().filter(|word| text.contains(**word));
        found.extend(here.map(|word| (name.clone(), *word)));
    }
    found
}

/// Pages of all databases that are free.
pub(crate) async fn free(site: &TestSite) -> i64 {
    let mut free = site.site().system.read(words).await.unwrap().1;
    for name in site.site().files.names().unwrap() {
        let db = site.site().files.open(&name).unwrap();
        free += db.read(words).await.unwrap().1;
    }
    free
}

#[tokio::test]
async fn undo_brings_back_all() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    import(&site, workspace, APP).await;
    let bob = site.member("bob@example.org", Role::Builder).await;
    ada.post("/data/words/indexes", "column=word").await;
    let before = (
        ada.get("/data/words").await.text,
        ada.get("/edit/desk/export").await.text,
        ada.get("/data/words/settings").await.text,
    );
    site.site().clock.advance(1);

    let id = delete(&ada, "/delete/app/desk", "typed=desk&tables=with").await;

    assert_eq!(ada.get("/edit/desk").await.status, 404);
    assert_eq!(ada.get("/data/words").await.status, 404);
    let theirs = bob.post(&format!("/deleting/{id}/undo"), "").await;
    assert_eq!(theirs.status, 403, "only who asked, or an admin");
    let back = ada.post(&format!("/deleting/{id}/undo"), "").await;
    assert_eq!(back.status, 303, "{}", back.text);
    let after = (
        ada.get("/data/words").await.text,
        ada.get("/edit/desk/export").await.text,
        ada.get("/data/words/settings").await.text,
    );
    assert_eq!(before.1, after.1);
    assert!(after.0.contains("canaryrow1206") && after.2.contains("indexed"));
    assert_eq!(number(&site, "select count(*) from ending").await, 0);
    assert_eq!(number(&site, "select count(*) from ending_kept").await, 0);
    assert!(!before.0.is_empty() && !before.2.is_empty());
}

#[tokio::test]
async fn nothing_goes_by_a_wrong_name_and_a_thing_goes_once() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;

    let wrong = ada.post("/delete/table/words", "typed=word").await;

    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("write `words` to delete it"));
    assert_eq!(ada.get("/data/words").await.status, 200);
    delete(&ada, "/delete/table/words", "typed=words").await;
    let again = ada.post("/delete/table/words", "typed=words").await;
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn a_table_another_app_works_with_stays_unless_forced() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    import(&site, workspace, APP).await;
    let other = APP
        .replace("\"desk\"", "\"other\"")
        .replace("canarytitle5511", "Other");
    import(&site, workspace, &other).await;

    let page = ada.get("/delete/app/desk").await;
    assert!(
        page.text.contains("shared") && page.text.contains("Other"),
        "{}",
        page.text
    );
    delete(&ada, "/delete/app/desk", "typed=desk&tables=with").await;
    assert_eq!(ada.get("/data/words").await.status, 200);

    delete(
        &ada,
        "/delete/app/other",
        "typed=other&tables=with&force=yes",
    )
    .await;
    assert_eq!(ada.get("/data/words").await.status, 404);
}

#[tokio::test]
async fn a_name_that_was_taken_meanwhile_keeps_both() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    site.site().clock.advance(1);
    let id = delete(&ada, "/delete/table/words", "typed=words").await;
    site.site().clock.advance(1);
    site.table(workspace, "words", "id,word\n9,newer\n").await;

    let back = ada.post(&format!("/deleting/{id}/undo"), "").await;

    assert_eq!(back.status, 409, "{}", back.text);
    site.site().clock.advance(Time::DAY);
    assert_eq!(ending::round(site.site()).await.unwrap(), 1);
    let db = site.site().files.open(&workspace.to_string()).unwrap();
    let rows = db.read(|conn| {
        Ok::<i64, Error>(conn.query_row("select count(*) from words", [], |row| row.get(0))?)
    });
    assert_eq!(rows.await.unwrap(), 1, "the newer one stays");
}

#[tokio::test]
async fn a_clock_that_jumped_destroys_nothing_until_somebody_believes_it() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    delete(&ada, "/delete/table/words", "typed=words").await;
    assert_eq!(ending::round(site.site()).await.unwrap(), 0);

    for days in [400, -800] {
        site.site().clock.jump(days * Time::DAY);
        assert_eq!(ending::round(site.site()).await.unwrap(), 0);
        assert!(!sanity::is_sound(site.site()).await.unwrap());
    }
    let open = "select count(*) from alert where key = 'clock' and severity = 3";
    assert_eq!(number(&site, open).await, 1);

    site.site().clock.jump(400 * Time::DAY);
    site.site().clock.advance(Time::DAY);
    assert_eq!(ending::round(site.site()).await.unwrap(), 1);
}

#[tokio::test]
async fn what_cannot_be_destroyed_alerts_and_is_tried_again() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let upload = send(&ada, "list.csv", "id,word\n1,one\n").await;
    delete(&ada, &format!("/delete/file/{upload}"), "typed=list.csv").await;
    let files = site
        .site()
        .config
        .data
        .join("workspaces")
        .join(workspace.to_string());
    let going = files.join("files").join(format!("{upload}.going"));
    std::fs::remove_file(&going).unwrap();
    std::fs::create_dir(&going).unwrap();
    std::fs::write(going.join("in the way"), "").unwrap();

    site.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(site.site()).await.unwrap(), 0);
    let open = "select count(*) from alert where key like 'ending.failed:%' and state = 'open'";
    let worst = "select max(severity) from alert where key like 'ending.failed:%'";
    assert_eq!(
        (number(&site, open).await, number(&site, worst).await),
        (1, 2)
    );

    site.site().clock.advance(2 * Time::HOUR);
    assert_eq!(ending::round(site.site()).await.unwrap(), 0);
    assert_eq!(number(&site, worst).await, 3, "a day late is critical");

    std::fs::remove_dir_all(&going).unwrap();
    assert_eq!(ending::round(site.site()).await.unwrap(), 1);
    assert_eq!(number(&site, open).await, 0);
}
