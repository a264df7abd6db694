//! The process ends between the two files that a deletion and its undo change.

use std::fs;
use std::path::PathBuf;

use onsight::base::Time;
use onsight::ending;
use onsight::people;
use onsight::store::{Connection, Error, named_params};

use super::{ROWS, delete, number};
use crate::support::{TestSite, Visitor};

/// The workspace's file, whose log is empty.
async fn file(site: &TestSite) -> PathBuf {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let db = site.site().files.open(&workspace.to_string()).unwrap();
    db.scrub().await.unwrap();
    let folder = site.site().config.data.join("workspaces");
    folder.join(workspace.to_string()).join("data.db")
}

/// The workspace's file as it was before, the process begun again a minute later, and
/// ada come in anew.
async fn ended_before(
    (site, ada): (TestSite, Visitor),
    file: PathBuf,
    before: Vec<u8>,
) -> (TestSite, Visitor) {
    // Whoever can ask has the folder open.
    let cookie = ada.cookie.clone();
    drop(ada);
    let site = site.restarted_after(move || {
        for ending in ["", "-wal", "-shm"] {
            // New files: what is still being closed writes into the old ones.
            let _ = fs::remove_file(format!("{}{ending}", file.display()));
        }
        fs::write(&file, before).unwrap();
    });
    ending::go_on(site.site()).await.unwrap();
    ending::go_on(site.site()).await.unwrap();
    site.site().clock.advance(Time::MINUTE);
    let mut known = site.stranger();
    known.cookie = cookie;
    let ada = site.again("ada@example.org", &known).await;
    (site, ada)
}

/// How many records of that action the workspace's own file holds.
async fn recorded(site: &TestSite, action: &'static str) -> i64 {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let db = site.site().files.open(&workspace.to_string()).unwrap();
    db.read(move |conn: &Connection| {
        let mut count = conn.prepare("select count(*) from journal where action = :action")?;
        Ok::<_, Error>(count.query_row(named_params! { ":action": action }, |row| row.get(0))?)
    })
    .await
    .unwrap()
}

async fn started() -> (TestSite, Visitor) {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    site.site().clock.advance(1);
    (site, ada)
}

#[tokio::test]
async fn what_was_asked_for_is_hidden_before_anybody_is_served() {
    let (site, ada) = started().await;
    let file = file(&site).await;
    let before = fs::read(&file).unwrap();
    let id = delete(&ada, "/delete/table/words", "typed=words").await;

    let (site, ada) = ended_before((site, ada), file, before).await;

    assert_eq!(recorded(&site, "table.hidden").await, 1, "once");
    assert_eq!(ada.get("/data/words").await.status, 404);
    let back = ada.post(&format!("/deleting/{id}/undo"), "").await;
    assert_eq!(back.status, 303, "{}", back.text);
    assert!(ada.get("/data/words").await.text.contains("canaryrow1206"));
}

#[tokio::test]
async fn what_was_wanted_back_comes_back_and_is_recorded_once() {
    let (site, ada) = started().await;
    let id = delete(&ada, "/delete/table/words", "typed=words").await;
    let file = file(&site).await;
    let before = fs::read(&file).unwrap();
    let returning = "update ending set state = 'returning'";
    // As the accounts database stands between the two steps.
    site.site()
        .system
        .write(move |tx| Ok::<_, Error>(tx.execute(returning, [])?))
        .await
        .unwrap();

    let (site, ada) = ended_before((site, ada), file, before).await;

    assert_eq!(recorded(&site, "table.restored").await, 1, "once");
    assert_eq!(number(&site, "select count(*) from ending").await, 0);
    assert!(ada.get("/data/words").await.text.contains("canaryrow1206"));
    let late = ada.post(&format!("/deleting/{id}/undo"), "").await;
    assert_eq!(late.status, 404, "there is nothing to undo any more");
}
