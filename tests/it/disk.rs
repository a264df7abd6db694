//! A disk that fills up, and one nobody may write to, mounted for a test alone.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;

use onsight::base::Clock;
use onsight::config::{Config, Said};
use onsight::site::Site;
use onsight::store::Error;

use crate::support::{NOON, TestSite};
use crate::telemetry::agreed;

/// Runs an ignored test in mounts of its own, which need root or a system that
/// lets users make some.
pub(crate) fn in_mounts_of_its_own(test: &str) {
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", test])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success() && said.contains("1 passed"),
        "{said}\n{wrong}"
    );
}

fn run(program: &str, words: &[&str]) {
    let done = Command::new(program).args(words).output().unwrap();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {words:?}: {wrong}");
}

/// A disk of that many kilobytes in place of the folder.
pub(crate) fn mount(at: &Path, kilobytes: u32) {
    let size = format!("size={kilobytes}k");
    let at = at.to_str().unwrap();
    run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", at]);
}

/// From now on nobody writes there. Threads that had a file open to write end by
/// themselves after what they worked for is gone; they are waited for.
pub(crate) fn only_read(at: &Path) {
    let words = ["-o", "remount,ro", at.to_str().unwrap()];
    for _ in 0..2_000 {
        let tried = Command::new("mount").args(words).output().unwrap();
        if tried.status.success() {
            return;
        }
    }
    run("mount", &words);
}

pub(crate) fn unmount(at: &Path) {
    run("umount", &[at.to_str().unwrap()]);
}

/// A site in a folder of a disk of that many kilobytes.
pub(crate) fn site_on(disk: &Path, kilobytes: u32) -> TestSite {
    mount(disk, kilobytes);
    let data = disk.join("data");
    fs::create_dir(&data).unwrap();
    TestSite::with(|config| Config { data, ..config })
}

/// Writes until nothing more fits.
pub(crate) fn fill(at: &Path) {
    let mut file = File::create(at).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        loop {
            match file.write_all(&vec![0; size]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn a_full_disk_loses_nothing_says_so_and_goes_on_when_there_is_room() {
    in_mounts_of_its_own("disk::a_disk_that_fills_up");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in mounts of its own"]
async fn a_disk_that_fills_up() {
    let disk = tempfile::tempdir().unwrap();
    let site = site_on(disk.path(), 32 * 1024);
    let ada = site.found("Northgate", "ada@example.org").await;
    let filler = disk.path().join("filler");
    let save = async |number: usize| {
        let form = format!("name=view+{number}&query=actor%3Dada");
        ada.post("/audit/views", &form).await
    };
    let mut kept = BTreeSet::new();
    for number in 0..20 {
        assert_eq!(save(number).await.status, 303);
        kept.insert(format!("view {number}"));
    }

    fill(&filler);
    let mut refused = None;
    for number in 20..2_000 {
        let answer = save(number).await;
        if answer.status != 303 {
            refused = Some(answer);
            break;
        }
        kept.insert(format!("view {number}"));
    }
    let refused = refused.expect("it fits although nothing fits");
    assert_eq!(refused.status, 507, "{}", refused.text);
    assert!(
        refused.text.contains("disk is full, or this workspace"),
        "{}",
        refused.text
    );
    assert_eq!(
        ada.get("/audit").await.status,
        200,
        "what is there is shown"
    );

    fs::remove_file(&filler).unwrap();
    assert_eq!(save(9_999).await.status, 303, "without hands");
    kept.insert("view 9999".to_owned());
    let read = |conn: &onsight::store::Connection| {
        let whole: String = conn.query_row("pragma integrity_check", [], |row| row.get(0))?;
        assert_eq!(whole, "ok");
        let mut list = conn.prepare("select name from audit_view")?;
        let names = list.query_map([], |row| row.get(0))?;
        Ok::<_, Error>(names.collect::<Result<BTreeSet<String>, _>>()?)
    };
    assert_eq!(site.site().system.read(read).await.unwrap(), kept);
}

#[test]
fn a_disk_nobody_may_write_to_is_named_at_the_start() {
    in_mounts_of_its_own("disk::a_disk_that_is_only_read");
}

#[test]
#[ignore = "run by the test above, in mounts of its own"]
fn a_disk_that_is_only_read() {
    let disk = tempfile::tempdir().unwrap();
    mount(disk.path(), 32 * 1024);
    let data = disk.path().join("data");
    let open = || {
        let said = Said {
            data: Some(data.clone()),
            listen: Some(([127, 0, 0, 1], 0).into()),
            ..Said::default()
        };
        Site::open(Config::of(&[said]).unwrap(), Clock::set_to(NOON))
    };
    drop(open().unwrap());
    only_read(disk.path());

    let Err(error) = open() else {
        panic!("it opens what it cannot write");
    };

    let error = format!("{:#}", anyhow::Error::from(error));
    assert!(
        error.contains("Read-only") || error.contains("readonly"),
        "{error}"
    );
    assert!(error.contains(data.to_str().unwrap()), "{error}");
}

#[test]
fn a_full_disk_changes_no_agreement_and_carries_no_half_report() {
    in_mounts_of_its_own("disk::telemetry_on_a_disk_that_fills_up");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in mounts of its own"]
async fn telemetry_on_a_disk_that_fills_up() {
    let disk = tempfile::tempdir().unwrap();
    let site = site_on(disk.path(), 32 * 1024);
    let ada = site.found("Northgate", "ada@example.org").await;
    let sent = async || {
        let count = |conn: &onsight::store::Connection| {
            let sql = "select count(*) from telemetry_sent";
            Ok::<i64, Error>(conn.query_row(sql, [], |row| row.get(0))?)
        };
        site.site().system.read(count).await.unwrap()
    };
    agreed(&ada).await;
    assert_eq!(ada.post("/telemetry/file", "").await.status, 200);
    assert_eq!(sent().await, 1);
    let filler = disk.path().join("filler");
    fill(&filler);
    // What the log still has room for is taken in; then nothing is.
    let mut refused = None;
    for taken in 1..2_000 {
        let answer = ada.post("/telemetry/file", "").await;
        if answer.status != 200 {
            refused = Some((answer, taken));
            break;
        }
    }
    let (refused, taken) = refused.expect("it fits although nothing fits");
    assert_eq!(refused.status, 507, "{}", refused.text);
    assert_eq!(sent().await, taken, "a line for each file and no other");
    let off = ada.post("/telemetry", "reports=off").await;
    assert_eq!(off.status, 507, "{}", off.text);
    let page = ada.get("/telemetry").await;
    assert_eq!(page.status, 200, "{}", page.text);

    fs::remove_file(&filler).unwrap();

    assert_eq!(ada.post("/telemetry/file", "").await.status, 200);
    assert_eq!(sent().await, taken + 1);
    assert_eq!(ada.post("/telemetry", "reports=off").await.status, 303);
}
