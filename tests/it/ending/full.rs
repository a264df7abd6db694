//! Deletions on a disk that fills up, and has room again.

use std::fs;

use onsight::base::Time;
use onsight::ending;
use onsight::people;
use onsight::store::{Connection, Error};

use super::{ROWS, delete, held, number};
use crate::disk::{fill, in_mounts_of_its_own, site_on};
use crate::support::TestSite;

#[test]
fn a_deletion_on_a_full_disk_is_refused_whole_or_done_later() {
    in_mounts_of_its_own("ending::full::deleted_on_a_disk_that_fills_up");
}

/// Writes to both databases until nothing more fits into their logs.
async fn use_up(site: &TestSite) {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let file = site.site().files.open(&workspace.to_string()).unwrap();
    for db in [site.site().system.clone(), file] {
        // Undone, as everything that does not fit is.
        let much = |tx: &onsight::store::Transaction<'_>| {
            tx.execute_batch("create table much (row)")?;
            loop {
                tx.execute("insert into much values (zeroblob(100000))", [])?;
            }
            #[expect(unreachable_code, reason = "it ends with the disk")]
            Ok::<(), Error>(())
        };
        let full = db.write(much).await.unwrap_err();
        assert!(matches!(full, Error::Full), "{full}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in mounts of its own"]
async fn deleted_on_a_disk_that_fills_up() {
    let disk = tempfile::tempdir().unwrap();
    let site = site_on(disk.path(), 48 * 1024);
    let ada = site.found("Northgate", "ada@example.org").await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    for table in ["words", "others"] {
        site.table(workspace, table, ROWS).await;
    }
    site.site().clock.advance(1);
    delete(&ada, "/delete/table/words", "typed=words").await;
    let filler = disk.path().join("filler");
    fill(&filler);
    use_up(&site).await;

    // Asked for: whole or not at all.
    let mut refused = None;
    for _ in 0..200 {
        let asked = ada.post("/delete/table/others", "typed=others").await;
        if asked.status != 303 {
            refused = Some(asked);
            break;
        }
        let page = ada.get("/deleting").await;
        let id = page.between("action=\"/deleting/", "/undo\"").to_owned();
        let back = ada.post(&format!("/deleting/{id}/undo"), "").await;
        if back.status != 303 {
            refused = Some(back);
            break;
        }
    }
    let refused = refused.expect("it fits although nothing fits");
    assert_eq!(refused.status, 507, "{}", refused.text);
    // Due, and there is no room to destroy: it is tried again.
    site.site().clock.advance(23 * Time::HOUR);
    let gone = ending::round(site.site()).await.unwrap_or(0);
    let certified = number(&site, "select count(*) from certificate").await;
    assert_eq!(
        i64::try_from(gone).unwrap(),
        certified,
        "what is certified is gone"
    );

    fs::remove_file(&filler).unwrap();
    ending::go_on(site.site()).await.unwrap();
    ending::round(site.site()).await.unwrap();

    let left = "select count(*) from ending where object = 'words' and state <> 'gone'";
    assert_eq!(number(&site, left).await, 0);
    assert!(number(&site, "select count(*) from certificate").await >= 1);
    for db in [
        site.site().system.clone(),
        site.site().files.open(&workspace.to_string()).unwrap(),
    ] {
        assert_eq!(db.check().await.unwrap(), Vec::<String>::new());
    }
    // The other one is there whole, or is on its way out whole.
    let ada = site.again("ada@example.org", &ada).await;
    let there = ada.get("/data/others").await.status == 200;
    let going = "select count(*) from ending where object = 'others' and state = 'going'";
    let rows = held(&site, &["canaryrow1206"]).await.len();
    assert_eq!((i64::from(!there), 1), (number(&site, going).await, rows));
    // Read for itself: the file opens and answers.
    let count = |conn: &Connection| {
        let sql = "select count(*) from journal";
        Ok::<i64, Error>(conn.query_row(sql, [], |row| row.get(0))?)
    };
    assert!(site.site().system.read(count).await.unwrap() > 0);
}
