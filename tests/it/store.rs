//! What storage promises: what was acknowledged is there, what failed is not,
//! and nobody reads it without the key.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use onsight::store::{Connection, Db, Error, Key, Schema, Transaction};
use tempfile::TempDir;
use tokio::sync::Notify;

struct Place {
    folder: TempDir,
    key: Key,
}

impl Place {
    fn new() -> Place {
        Place {
            folder: TempDir::new().unwrap(),
            key: Key::random().unwrap(),
        }
    }

    fn open_with(&self, key: &Key) -> Result<Db, Error> {
        let path = self.folder.path().join("data.db");
        Db::open(&path, key, Schema::Workspace, Arc::new(Notify::new()))
    }

    fn open(&self) -> Db {
        self.open_with(&self.key).unwrap()
    }
}

fn add(tx: &Transaction<'_>, key: &str) -> Result<(), Error> {
    tx.execute("insert into _once (key, at) values (?1, 0)", [key])?;
    Ok(())
}

fn count(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.query_row("select count(*) from _once", [], |row| row.get(0))?)
}

#[tokio::test]
async fn the_files_are_for_their_owner_only() {
    let place = Place::new();
    let db = place.open();
    db.write(|tx| add(tx, "one")).await.unwrap();

    let files = std::fs::read_dir(place.folder.path()).unwrap();
    let modes: Vec<_> = files
        .map(|file| file.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();

    assert_eq!(modes, [0o600; 3]);
}

#[tokio::test]
async fn of_many_writes_in_one_commit_a_failure_undoes_only_itself() {
    let place = Place::new();
    let db = place.open();
    let writes = (0..300).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(move |tx| {
                add(tx, &n.to_string())?;
                match n % 3 {
                    0 => Err(Error::NotFound),
                    1 if n == 100 => panic!("on purpose"),
                    _ => Ok(()),
                }
            })
            .await
        })
    });
    let mut stood = 0;
    for write in writes.collect::<Vec<_>>() {
        stood += i64::from(write.await.unwrap().is_ok());
    }
    assert_eq!(stood, 199);
    assert_eq!(db.read(count).await.unwrap(), stood);
}

#[tokio::test]
async fn readers_cannot_write() {
    let place = Place::new();
    let db = place.open();
    let refused = db
        .read(|conn| Ok::<_, Error>(conn.execute("delete from _once", [])?))
        .await;
    assert!(matches!(refused, Err(Error::Sqlite(_))), "{refused:?}");
}

#[tokio::test]
async fn another_key_opens_nothing_and_the_file_tells_nothing() {
    let place = Place::new();
    let db = place.open();
    db.write(|tx| add(tx, "canary-in-the-coal-mine"))
        .await
        .unwrap();

    for entry in std::fs::read_dir(place.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let canary = b"canary-in-the-coal-mine";
        assert!(!bytes.windows(canary.len()).any(|piece| piece == canary));
    }
    drop(db);
    let refused = place.open_with(&Key::random().unwrap());
    assert!(matches!(refused, Err(Error::WrongKey(_))));
    assert_eq!(place.open().read(count).await.unwrap(), 1);
}

#[tokio::test]
async fn a_file_from_a_newer_version_is_left_alone() {
    let place = Place::new();
    let db = place.open();
    db.write(|tx| {
        tx.pragma_update(None, "user_version", 99)?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    drop(db);
    assert!(matches!(place.open_with(&place.key), Err(Error::TooNew(_))));
}
