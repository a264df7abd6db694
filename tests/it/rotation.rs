//! Keys change while people go on working; what the old ones opened is gone.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use onsight::base::Clock;
use onsight::journal::Actor;
use onsight::operate::{self, Wanted};
use onsight::people;
use onsight::site::{SYSTEM, Site};
use onsight::store::{Connection, Db, Error, Key, Schema};
use tokio::sync::Notify;

use crate::support::TestSite;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Whether the key opens any database in the folder.
fn opens_anything(folder: &Path, key: &Key, schema: Schema) -> bool {
    files(folder).iter().any(|path| {
        let copy = tempfile::tempdir().unwrap();
        let to = copy.path().join("copy.db");
        fs::copy(path, &to).unwrap();
        let is_empty = fs::metadata(&to).unwrap().len() == 0;
        !is_empty && Db::open(&to, key, schema, Arc::new(Notify::new())).is_ok()
    })
}

fn add(tx: &onsight::store::Transaction<'_>, key: &str) -> Result<(), Error> {
    tx.execute("insert into _once (key, at) values (?1, 0)", [key])?;
    Ok(())
}

fn count(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.query_row("select count(*) from _once", [], |row| row.get(0))?)
}

async fn change(site: &Site, wanted: Wanted) -> usize {
    operate::ask_for_keys(site, &Actor::command_line(), wanted)
        .await
        .unwrap();
    operate::change_keys(site).await.unwrap()
}

#[tokio::test]
async fn a_workspace_gets_a_new_key_while_it_is_read_and_written() {
    let (site, _) = TestSite::new().await;
    let site = site.site();
    let id = people::first_workspace(site).await.unwrap();
    let name = id.to_string();
    let db = site.files.open(&name).unwrap();
    db.write(|tx| {
        for n in 0..20_000 {
            add(tx, &format!("before-{n}"))?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let old = site.keyring.key_of(&name).unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let (writing, reading) = (db.clone(), db.clone());
    let (until, meanwhile) = (Arc::clone(&over), Arc::clone(&over));
    let writer = tokio::spawn(async move {
        let mut written = 0;
        while !until.load(Ordering::SeqCst) {
            let key = format!("during-{written}");
            writing.write(move |tx| add(tx, &key)).await.unwrap();
            written += 1;
        }
        written
    });
    let reader = tokio::spawn(async move {
        let mut seen = 0;
        while !meanwhile.load(Ordering::SeqCst) {
            let now = reading.read(count).await.unwrap();
            assert!(now >= seen, "what was there is there");
            seen = now;
        }
    });

    assert_eq!(change(site, Wanted::Workspace(id)).await, 1);
    assert_eq!(change(site, Wanted::Workspace(id)).await, 1);

    over.store(true, Ordering::SeqCst);
    let written: i64 = writer.await.unwrap();
    reader.await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 20_000 + written);
    let folder = site.config.data.join("workspaces").join(&name);
    assert!(!opens_anything(&folder, &old.key, Schema::Workspace));
    let new = site.keyring.key_of(&name).unwrap();
    assert_eq!(new.generation, 2);
    assert!(opens_anything(&folder, &new.key, Schema::Workspace));
    assert_eq!(site.files.names().unwrap(), [name]);
}

#[tokio::test]
async fn every_key_changes_and_a_new_start_finds_everything() {
    let (site, ada) = TestSite::new().await;
    let id = people::first_workspace(site.site()).await.unwrap();
    let db = site.site().files.open(&id.to_string()).unwrap();
    db.write(|tx| add(tx, "kept")).await.unwrap();
    drop(db);
    let system = site.site().keyring.key_of(SYSTEM).unwrap();
    let data = site.site().config.data.clone();
    let instance = fs::read_to_string(data.join("keys/instance.key")).unwrap();

    let answer = ada.post("/security/keys/change", "what=all").await;

    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(ada.get("/members").await.status, 200, "the session goes on");
    let page = ada.get("/security/keys").await;
    assert!(page.text.contains("Argon2id") && page.text.contains("AEGIS-256"));
    assert!(!page.text.contains("last change failed"), "{}", page.text);
    assert!(!opens_anything(&data, &system.key, Schema::System));
    let now = fs::read_to_string(data.join("keys/instance.key")).unwrap();
    assert_ne!(now, instance);
    for secret in [now.trim(), &*system.key.hex()] {
        assert!(!page.text.contains(secret));
    }
    site.site().carry().await.unwrap();
    let told: i64 = site
        .site()
        .system
        .read(|conn| {
            let sql = "select count(*) from chain where action = 'key.changed'";
            Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(told, 3);
    // Beside the server, as a command sees it.
    let beside = Site::beside(site.site().config.clone(), Clock::system()).unwrap();
    let db = beside.files.open(&id.to_string()).unwrap();
    assert_eq!(db.read(count).await.unwrap(), 1);
}

#[tokio::test]
async fn a_change_waits_for_a_command_that_has_files_open() {
    let (site, _) = TestSite::new().await;
    let site = site.site();
    let before = site.keyring.key_of(SYSTEM).unwrap();
    let beside = Site::beside(site.config.clone(), Clock::system()).unwrap();

    assert_eq!(change(site, Wanted::System).await, 0);
    assert_eq!(
        site.keyring.key_of(SYSTEM).unwrap().key.bytes(),
        before.key.bytes()
    );

    drop(beside);
    assert_eq!(operate::change_keys(site).await.unwrap(), 1);
    assert_ne!(
        site.keyring.key_of(SYSTEM).unwrap().key.bytes(),
        before.key.bytes()
    );
}

#[tokio::test]
async fn what_a_cut_off_change_left_is_cleared_away() {
    let (site, _) = TestSite::new().await;
    let site = site.site();
    let id = people::first_workspace(site).await.unwrap().to_string();
    let folder = site.config.data.join("workspaces").join(&id);
    fs::create_dir_all(&folder).unwrap();
    for left in ["data.1.db", "data.1.db-wal", "data.7.db"] {
        fs::write(folder.join(left), "half a copy").unwrap();
    }
    fs::write(folder.join("data.notes"), "not ours").unwrap();

    let db = site.files.open(&id).unwrap();
    db.write(|tx| add(tx, "kept")).await.unwrap();

    let left: Vec<_> = files(&folder)
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        left,
        ["data.db", "data.db-shm", "data.db-wal", "data.notes"]
    );
}

#[tokio::test]
async fn only_keys_that_there_are_change_and_only_operators_change_them() {
    let (site, ada) = TestSite::new().await;
    let builder = site
        .member("cyd@example.org", onsight::web::Role::Builder)
        .await;
    let answer = builder.post("/security/keys/change", "what=all").await;
    assert_eq!(answer.status, 403);
    for what in ["", "tls:root", "../x", "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0"] {
        let answer = ada
            .post("/security/keys/change", &format!("what={what}"))
            .await;
        assert_eq!(answer.status, 404, "{what}");
    }
}
