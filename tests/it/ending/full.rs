//! Deletions on a disk that fills up, and has room again.

use std::fs;

use onsight::base::Time;
use onsight::ending;
use onsight::people;

use super::{ROWS, delete, held, number};
use crate::disk::{fill, in_mounts_of_its_own, site_on};

#[test]
fn a_deletion_on_a_full_disk_is_refused_whole_or_done_later() {
    in_mounts_of_its_own("ending::full::deleted_on_a_disk_that_fills_up");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in mounts of its own"]
async fn deleted_on_a_disk_that_fills_up() {
    let disk = tempfile::tempdir().unwrap();
    let site = site_on(disk.path(), 48 * 1024);
    let ada = site.found("Northgate", "ada@example.org").await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    site.table(workspace, "others", "id,word\n1,canaryother9903\n")
        .await;
    site.site().clock.advance(1);
    let id = delete(&ada, "/delete/table/words", "typed=words").await;
    let file = site.site().files.open(&workspace.to_string()).unwrap();
    for db in [&site.site().system, &file] {
        // Their logs have no room left that could be used again.
        db.scrub().await.unwrap();
    }
    let filler = disk.path().join("filler");
    fill(&filler);

    let asked = ada.post("/delete/table/others", "typed=others").await;
    let undone = ada.post(&format!("/deleting/{id}/undo"), "").await;

    for refused in [asked, undone] {
        assert_eq!(refused.status, 507, "{}", refused.text);
    }
    assert_eq!(ada.get("/data/others").await.status, 200);
    assert_eq!(ada.get("/data/words").await.status, 404);
    assert_eq!(number(&site, "select count(*) from ending").await, 1);
    // Due, and no room to destroy it: it is said, and tried again.
    site.site().clock.advance(23 * Time::HOUR);
    assert!(ending::round(site.site()).await.is_err());
    assert_eq!(number(&site, "select count(*) from certificate").await, 0);

    fs::remove_file(&filler).unwrap();

    assert_eq!(ending::round(site.site()).await.unwrap(), 1);
    assert_eq!(number(&site, "select count(*) from certificate").await, 1);
    assert_eq!(held(&site, &["canaryrow1206"]).await, []);
    assert_eq!(held(&site, &["canaryother9903"]).await.len(), 1);
    for db in [&site.site().system, &file] {
        assert_eq!(db.check().await.unwrap(), Vec::<String>::new());
    }
}
