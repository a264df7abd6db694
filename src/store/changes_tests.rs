//! Claims about what is told of a file: what, when, and what not.

use super::super::Error;
use std::time::Duration;

use tokio::time::timeout;

use super::*;
use crate::base::Time;
use crate::store::{Db, Folder, Mutation, Policy, forget_policy, keep_policy, mutate};

const ID: &str = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0";

struct Shelf {
    files: Files,
    _folder: tempfile::TempDir,
}

impl Shelf {
    async fn new() -> (Shelf, Db) {
        let folder = tempfile::tempdir().unwrap();
        let data = Folder::claim(folder.path()).unwrap();
        let keyring = Arc::new(crate::store::Keyring::of(&data).unwrap());
        let root = data.within("workspaces").unwrap();
        let shelf = Shelf {
            files: Files::new(root, keyring, Arc::default()),
            _folder: folder,
        };
        let db = shelf.files.open(ID).unwrap();
        run(
            &db,
            "create table orders (id integer primary key, note text) strict;
             create table items (id integer primary key,
                 of integer references orders (id) on delete cascade) strict;
             insert into _table (name, title, key, created) values ('orders', 'Orders', 'id', 0);
             insert into orders (note) values ('a'), ('b');
             insert into items (of) values (1)",
        )
        .await;
        (shelf, db)
    }

    fn follow(&self) -> Follower {
        let changes = self.files.changes(ID);
        changes.follow(changes.now())
    }
}

async fn run(db: &Db, sql: &'static str) {
    db.write(move |tx| Ok::<_, Error>(tx.execute_batch(sql)?))
        .await
        .unwrap();
}

/// What a builder's statement does.
async fn foreign(db: &Db, sql: &'static str) {
    db.write(move |tx| mutate(tx, &Mutation { sql, values: &[] }))
        .await
        .unwrap();
}

/// `None` where nothing is told.
async fn told(follower: &mut Follower) -> Option<Touched> {
    timeout(Duration::from_millis(50), follower.next())
        .await
        .ok()
}

fn tables(names: &[&str]) -> Touched {
    Touched {
        is_all: false,
        tables: names.iter().map(|&name| name.to_owned()).collect(),
    }
}

#[tokio::test]
async fn a_write_is_told_by_its_tables_once_it_can_be_read() {
    let (shelf, db) = Shelf::new().await;
    let mut follower = shelf.follow();

    run(&db, "update orders set note = 'c' where id = 2").await;

    assert_eq!(told(&mut follower).await, Some(tables(&["orders"])));
    assert_eq!(told(&mut follower).await, None);
    foreign(&db, "insert into items (of) values (2)").await;
    run(&db, "delete from orders where id = 1").await;
    assert_eq!(
        told(&mut follower).await,
        Some(tables(&["items", "orders"]))
    );
}

#[tokio::test]
async fn what_is_undone_and_what_is_ours_is_not_told() {
    let (shelf, db) = Shelf::new().await;
    let mut follower = shelf.follow();

    let undone = db.write(|tx| {
        tx.execute("insert into orders (note) values ('never')", [])?;
        Err::<(), _>(Error::Busy)
    });
    assert!(undone.await.is_err());
    run(&db, "insert into _once (key, at) values ('k', 1)").await;

    assert_eq!(told(&mut follower).await, None);
}

#[tokio::test]
async fn a_table_that_is_emptied_is_told_each_time() {
    let (shelf, db) = Shelf::new().await;
    let mut follower = shelf.follow();

    for _ in 0..2 {
        foreign(&db, "delete from items").await;
        assert_eq!(told(&mut follower).await, Some(tables(&["items"])));
        foreign(&db, "insert into items (of) values (2)").await;
        assert_eq!(told(&mut follower).await, Some(tables(&["items"])));
    }
    run(&db, "delete from items").await;

    assert_eq!(told(&mut follower).await, Some(tables(&["items"])));
}

#[tokio::test]
async fn another_shape_and_another_policy_concern_everything() {
    let (shelf, db) = Shelf::new().await;
    let mut follower = shelf.follow();

    run(&db, "alter table items add column size integer").await;
    assert_eq!(told(&mut follower).await, Some(Touched::all()));
    run(&db, "create table more (id integer primary key) strict").await;
    assert_eq!(told(&mut follower).await, Some(Touched::all()));
    let policy = Policy {
        table: "orders".to_owned(),
        layer: crate::store::Layer::default(),
        free: Vec::new(),
    };
    db.write(move |tx| keep_policy(tx, &policy, Time(0)))
        .await
        .unwrap();
    assert_eq!(told(&mut follower).await, Some(Touched::all()));
    db.write(|tx| forget_policy(tx, "orders")).await.unwrap();
    assert_eq!(told(&mut follower).await, Some(Touched::all()));
    run(&db, "drop table more").await;
    assert_eq!(told(&mut follower).await, Some(Touched::all()));
    run(&db, "create temp table aside (id integer)").await;
    assert_eq!(told(&mut follower).await, None);
}

#[tokio::test]
async fn who_comes_late_hears_what_they_missed_and_from_nowhere_all() {
    let (shelf, db) = Shelf::new().await;
    let changes = shelf.files.changes(ID);
    let before = changes.now();
    run(&db, "insert into items (of) values (2)").await;
    let after = changes.now();

    assert_eq!(
        told(&mut changes.follow(before)).await,
        Some(tables(&["items"]))
    );
    assert_eq!(told(&mut changes.follow(after)).await, None);
    for strange in [0, before.wrapping_sub(1_000_000), after + 1, u64::MAX] {
        let told = told(&mut changes.follow(strange)).await;
        assert_eq!(told, Some(Touched::all()), "{strange}");
    }
}

#[tokio::test]
async fn a_follower_holds_no_file() {
    let (shelf, db) = Shelf::new().await;
    let mut follower = shelf.follow();
    drop(db);

    let db = shelf.files.open(ID).unwrap();
    run(&db, "insert into items (of) values (2)").await;

    assert_eq!(told(&mut follower).await, Some(tables(&["items"])));
    drop(db);
    assert!(shelf.files.destroy(ID).is_ok());
}

#[test]
fn a_crowd_of_tables_is_told_as_everything() {
    let changes = Changes::new();
    let before = changes.now();
    let many = (0..=TABLES).map(|number| format!("t{number}"));
    changes.tell(Touched {
        is_all: false,
        tables: many.collect(),
    });

    assert!(changes.since(before).is_all);
    assert!(changes.lock().tables.is_empty());
}
