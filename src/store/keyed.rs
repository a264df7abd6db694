//! Which row somebody's words wrote.

use std::cell::Cell;

use rusqlite::hooks::Action;

use super::mutation::{Mutation, mutate};
use super::{Error, Transaction};

thread_local! {
    /// The writer thread is the only one that writes to its file, so what a statement
    /// wrote first is a fact about the thread.
    static FIRST: Cell<Option<i64>> = const { Cell::new(None) };
}

/// What came of a statement that changes rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub rows: usize,
    /// The key of the row that was added or changed, where it was one and has a number
    /// for its key. The engine's own word for it is that of an older row where nothing
    /// was added.
    pub key: Option<i64>,
}

/// A row was written: the first that a statement adds or changes is the one.
pub(super) fn wrote(action: Action, key: i64) {
    let is_kept = matches!(action, Action::SQLITE_INSERT | Action::SQLITE_UPDATE);
    if is_kept && FIRST.get().is_none() {
        FIRST.set(Some(key));
    }
}

/// As [`mutate`], and tells which row it was.
pub fn written(tx: &Transaction<'_>, mutation: &Mutation<'_>) -> Result<Written, Error> {
    FIRST.set(None);
    let rows = mutate(tx, mutation)?;
    Ok(Written {
        rows,
        key: FIRST.take().filter(|_| rows == 1),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Notify;

    use super::*;
    use crate::store::{Db, Key, Schema, answer, types};

    async fn file() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("w.db"), Key::random().unwrap());
        let db = Db::open(&path, &key, Schema::Workspace, Arc::new(Notify::new())).unwrap();
        db.write(|tx| {
            tx.execute_batch(
                "create table t (id integer primary key, name text unique) strict;
                 create table log (id integer primary key, name text) strict;
                 create table flat (name text primary key) strict, without rowid;
                 create trigger t_log after insert on t begin insert into log (id, name) values (900 + new.id, new.name); end;
                 insert into t (id, name) values (5, 'five'), (6, 'six');",
            )?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        (folder, db)
    }

    async fn of(db: &Db, sql: &'static str) -> (usize, Option<i64>) {
        let done = db.write(move |tx| written(tx, &Mutation { sql, values: &[] }));
        let done = done.await.unwrap();
        (done.rows, done.key)
    }

    #[tokio::test]
    async fn the_row_that_was_written_is_known_and_no_older_one() {
        let (_folder, db) = file().await;

        assert_eq!(
            of(&db, "insert into t (name) values ('seven')").await,
            (1, Some(7))
        );
        assert_eq!(
            of(&db, "update t set name = 'five!' where id = 5").await,
            (1, Some(5))
        );
        let upsert =
            "insert into t (name) values ('six') on conflict (name) do update set name = 'six!'";
        assert_eq!(of(&db, upsert).await, (1, Some(6)));
        assert_eq!(
            of(&db, "insert or ignore into t (name) values ('seven')").await,
            (0, None)
        );
        assert_eq!(of(&db, "update t set name = name || '?'").await, (3, None));
        assert_eq!(of(&db, "insert into flat values ('a')").await, (1, None));
        assert_eq!(of(&db, "delete from t where id = 5").await, (1, None));
    }

    #[tokio::test]
    async fn a_look_between_two_writes_reads_what_people_made_and_nothing_else() {
        let (_folder, db) = file().await;
        let look = |sql: &'static str| {
            db.write(move |tx| {
                written(
                    tx,
                    &Mutation {
                        sql: "insert into t (name) values (null)",
                        values: &[],
                    },
                )?;
                answer(tx, &Mutation { sql, values: &[] })
            })
        };

        let found = look("select name, id from t where id = 7")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found, [types::Value::Null, types::Value::Integer(7)]);
        for other in [
            "select name from _table",
            "select name from sqlite_schema",
            "delete from t",
            "insert into t (name) values ('x') returning id",
            "select * from journal",
            "pragma user_version",
        ] {
            let refused = look(other).await;
            assert!(
                matches!(refused, Err(Error::Denied(_) | Error::BadSql { .. })),
                "{other}: {refused:?}"
            );
        }
        let none = db.write(|tx| {
            answer(
                tx,
                &Mutation {
                    sql: "select id from t where name = 'nobody'",
                    values: &[],
                },
            )
        });
        assert_eq!(none.await.unwrap(), None);
    }
}
