//! Upgrades and ways back, with versions that there are not.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::base::Time;
use crate::store::folder::{Error, Folder};
use crate::store::keyring::Keyring;
use crate::store::migrations::Schema;
use crate::store::{self, Db, Files};

const SYSTEM: &str = "system";
const NOON: Time = Time(1_800_000_000_000);

/// This program under another version, with files that are so much older.
fn build(version: &str, behind: usize) -> Build {
    let mut build = Build::this();
    version.clone_into(&mut build.version);
    build.schemas[0] -= behind;
    build
}

/// A folder with one workspace, as a start of that version leaves it.
fn start(path: &Path, build: Build, now: Time) -> Result<(Folder, Db, Db), Error> {
    let folder = Folder::claim(path)?;
    let upgrade = Upgrade::begin(&folder, build, SYSTEM, now)?;
    let keyring = Arc::new(Keyring::of(&folder)?);
    let names = (folder.path(), "onsight", SYSTEM);
    let system = store::open_single(&keyring, names, Schema::System, Arc::default())?;
    let files = Files::new(folder.within("workspaces")?, keyring, Arc::default());
    let workspace = files.open("w1")?;
    if upgrade.is_one() {
        files.bring_up_to_date()?;
    }
    upgrade.end(&folder)?;
    Ok((folder, system, workspace))
}

async fn write(db: &Db, word: &str) {
    let word = word.to_owned();
    db.write(move |tx| {
        tx.execute_batch(&format!("create table if not exists t_{word} (a)"))?;
        Ok::<_, store::Error>(())
    })
    .await
    .unwrap();
}

async fn has(db: &Db, word: &str) -> bool {
    let name = format!("t_{word}");
    db.read(move |conn| {
        let tables = conn.prepare("select name from sqlite_schema")?;
        let mut tables = tables;
        let names = tables.query_map([], |row| row.get::<_, String>(0))?;
        let names: Vec<_> = names.collect::<Result<_, _>>()?;
        Ok::<_, store::Error>(names.contains(&name))
    })
    .await
    .unwrap()
}

/// The connections end a moment after whoever held them.
async fn closed(path: &Path) {
    let is_open = || {
        let files = fs::read_dir("/proc/self/fd").unwrap().flatten();
        files
            .filter_map(|file| fs::read_link(file.path()).ok())
            .any(|file| file.starts_with(path))
    };
    while is_open() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Starts that version, has it write a word in each file, and ends it.
async fn run(path: &Path, build: Build, word: &str) {
    let (folder, system, workspace) = start(path, build, NOON).unwrap();
    write(&system, word).await;
    write(&workspace, word).await;
    drop((folder, system, workspace));
    closed(path).await;
}

/// The words that version finds in the one file and in the other.
async fn found(path: &Path, build: Build, word: &str) -> (bool, bool) {
    let (folder, system, workspace) = start(path, build, NOON).unwrap();
    let found = (has(&system, word).await, has(&workspace, word).await);
    drop((folder, system, workspace));
    closed(path).await;
    found
}

fn go_back(path: &Path, build: &Build, name: Option<&str>, now: Time) -> Result<Back, Error> {
    let folder = Folder::claim(path)?;
    roll_back(&folder, build, name, (SYSTEM, now))
}

/// A folder that version 0.1.0 made, with a word in each file.
async fn of_old() -> TempDir {
    let dir = TempDir::new().unwrap();
    run(dir.path(), build("0.1.0", 1), "old").await;
    dir
}

#[tokio::test]
async fn a_newer_version_leaves_a_copy_and_the_way_back_brings_it_in_again() {
    let dir = of_old().await;
    let (path, old, new) = (dir.path(), build("0.1.0", 1), build("0.2.0", 0));
    run(path, new.clone(), "new").await;
    let kept = snapshots(path).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].name.as_str(), kept[0].is_set_aside),
        ("0.1.0", false)
    );
    let files: Vec<_> = kept[0]
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(
        files,
        ["keys/keyring.db", "onsight.db", "workspaces/w1/data.db"]
    );
    assert!(!path.join("snapshots/0.1.0/keys/instance.key").exists());
    // The older version does not touch what the newer one wrote.
    let refused = start(path, old.clone(), NOON).err().unwrap();
    assert!(refused.is_setting(), "{refused}");
    assert!(
        refused.to_string().contains("onsight rollback"),
        "{refused}"
    );

    let back = go_back(path, &old, None, NOON).unwrap();

    assert_eq!(
        (back.to.as_str(), back.aside.as_str()),
        ("0.1.0", "0.2.0-set-aside")
    );
    let told = note(path).unwrap().unwrap();
    assert_eq!((told.turn, told.from.as_str()), (Turn::WentBack, "0.2.0"));
    assert_eq!(found(path, old.clone(), "old").await, (true, true));
    assert_eq!(found(path, old, "new").await, (false, false));
    // What was put aside is not lost either.
    go_back(path, &new, Some("0.2.0-set-aside"), NOON).unwrap();
    assert_eq!(found(path, new, "new").await, (true, true));
}

#[tokio::test]
async fn without_a_copy_nothing_is_changed() {
    let dir = of_old().await;
    // Nothing can be made where a file stands.
    fs::write(dir.path().join("snapshots"), "").unwrap();
    let refused = start(dir.path(), build("0.2.0", 0), NOON).err().unwrap();
    assert!(matches!(refused, Error::NoSnapshot { .. }), "{refused}");
    assert!(refused.is_setting());
    // A version with files that are alike changes none: it may.
    run(dir.path(), build("0.1.1", 1), "next").await;
}

#[tokio::test]
async fn a_damaged_file_is_not_taken_for_a_copy() {
    let dir = of_old().await;
    let file = dir.path().join("workspaces/w1/data.db");
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.len() - 100;
    bytes[at] ^= 1;
    fs::write(&file, &bytes).unwrap();

    let folder = Folder::claim(dir.path()).unwrap();
    let refused = Upgrade::begin(&folder, build("0.2.0", 0), SYSTEM, NOON)
        .err()
        .unwrap();

    assert!(matches!(refused, Error::NoSnapshot { .. }), "{refused}");
    assert!(!dir.path().join("snapshots/0.1.0").exists());
    assert!(!dir.path().join("snapshots/0.1.0.part").exists());
}

#[tokio::test]
async fn a_copy_with_one_bit_changed_is_not_gone_back_to() {
    let dir = of_old().await;
    let new = build("0.2.0", 0);
    run(dir.path(), new.clone(), "new").await;
    let file = dir.path().join("snapshots/0.1.0/onsight.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[5000] ^= 1;
    fs::write(&file, &bytes).unwrap();

    let refused = go_back(dir.path(), &new, None, NOON).unwrap_err();

    assert!(
        refused.to_string().contains("nothing was changed"),
        "{refused}"
    );
    assert_eq!(found(dir.path(), new, "new").await, (true, true));
}

#[tokio::test]
async fn cut_off_on_the_way_back_it_goes_to_the_end() {
    let dir = of_old().await;
    let (path, old, new) = (dir.path(), build("0.1.0", 1), build("0.2.0", 0));
    run(path, new.clone(), "new").await;
    // The state of the moment in which it ended: the database has gone aside,
    // the workspaces have not.
    let aside = path.join("snapshots/0.2.0-set-aside");
    fs::create_dir_all(&aside).unwrap();
    fs::rename(path.join("onsight.db"), aside.join("onsight.db")).unwrap();
    let words = format!("aside\n0.1.0\n0.2.0-set-aside\n{}\n", new.line());
    fs::write(path.join("snapshots/going-back"), words).unwrap();
    let refused = start(path, new, NOON).err().unwrap();
    assert!(matches!(refused, Error::HalfBack(_)), "{refused}");

    go_back(path, &old, None, NOON).unwrap();

    assert_eq!(found(path, old.clone(), "old").await, (true, true));
    assert_eq!(found(path, old, "new").await, (false, false));
}

#[tokio::test]
async fn what_was_deleted_since_stays_deleted() {
    let dir = of_old().await;
    run(dir.path(), build("0.2.0", 0), "new").await;
    {
        let folder = Folder::claim(dir.path()).unwrap();
        Keyring::of(&folder).unwrap().destroy("file:w1").unwrap();
    }

    let back = go_back(dir.path(), &build("0.1.0", 1), None, NOON).unwrap();

    assert_eq!(back.stay_deleted, 1);
    let folder = Folder::claim(dir.path()).unwrap();
    let names = Keyring::of(&folder).unwrap().names().unwrap();
    assert!(!names.contains(&"file:w1".to_owned()), "{names:?}");
}

#[tokio::test]
async fn a_copy_is_gone_after_a_week_and_so_is_what_was_set_aside() {
    let dir = of_old().await;
    run(dir.path(), build("0.2.0", 0), "new").await;
    let later = NOON.plus(3 * Time::DAY);
    go_back(dir.path(), &build("0.2.0", 0), None, later).unwrap();

    assert!(
        forget_old(dir.path(), NOON.plus(7 * Time::DAY))
            .unwrap()
            .is_empty()
    );
    let gone = forget_old(dir.path(), later.plus(7 * Time::DAY)).unwrap();

    assert_eq!(gone, ["0.2.0-set-aside"]);
    assert!(snapshots(dir.path()).unwrap().is_empty());
}

#[tokio::test]
async fn beside_a_server_nobody_brings_anything_up_to_date() {
    let dir = of_old().await;
    let folder = Folder::share(dir.path()).unwrap();
    let refused = is_ready(&folder, &build("0.2.0", 0)).unwrap_err();
    assert!(matches!(refused, Error::NotYet { .. }), "{refused}");
    assert!(!refused.is_setting());
    let refused = is_ready(&folder, &build("0.0.9", 2)).unwrap_err();
    assert!(matches!(refused, Error::Newer { .. }), "{refused}");
    is_ready(&folder, &build("0.1.1", 1)).unwrap();
}

#[test]
fn a_version_is_no_path() {
    for line in [
        "../../etc 1 1 1",
        ".hidden 1 1 1",
        "0.1/0 1",
        "",
        "0.1.0",
        "0.1.0 x",
    ] {
        assert_eq!(Build::read(line), None, "{line}");
    }
    assert_eq!(Build::read("0.1.0 1 2 3").unwrap().schemas, [1, 2, 3]);
}
