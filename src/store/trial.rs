//! Changes that are made to see what comes of them, and never kept.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::policy::Bound;
use super::{Db, Error, Transaction, writer};

/// How many virtual machine steps pass between two looks at the clock.
const STEPS: i32 = 1_000;

/// Does its work on the connection, or hears why it cannot; it answers itself.
pub(super) type Trial = Box<dyn FnOnce(Result<&mut Connection, Error>) + Send>;

impl Db {
    /// Runs `work` in a transaction that is undone, whatever comes of it: nothing of it
    /// reaches the disk. It takes `time` at the most, because all writes wait for it.
    pub async fn try_out<T, E>(
        &self,
        time: Duration,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let bound = self.bound().await?;
        let (answer, wait) = oneshot::channel();
        let trial: Trial = Box::new(move |conn| {
            let done = conn.map_err(E::from);
            let done = done.and_then(|conn| undone((conn, bound.as_ref()), time, work));
            // Nobody waits any more if the request was dropped; nothing is left of it.
            let _ = answer.send(done);
        });
        self.inner.writer.try_out(trial).await?;
        wait.await.map_err(|_closed| Error::Closed)?
    }
}

fn undone<T, E: From<Error>>(
    (conn, bound): (&mut Connection, Option<&Bound>),
    time: Duration,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let begun = conn.execute_batch("begin immediate");
    begun.map_err(writer::stop_if_lost)?;
    let done = watched(conn, time).map_err(E::from).and_then(|()| {
        let conn: &Connection = conn;
        let work = AssertUnwindSafe(|| work(&Transaction { conn, bound }));
        catch_unwind(work).unwrap_or_else(|_panic| {
            tracing::error!("a trial panicked and was undone");
            Err(Error::Closed.into())
        })
    });
    // Whoever is stopped in the middle of a change was undone by the engine.
    if !conn.is_autocommit()
        && let Err(error) = conn.execute_batch("rollback")
    {
        tracing::error!("rollback: {}", writer::stop_if_lost(error));
    }
    unwatched(conn).map_err(E::from)?;
    done
}

/// Has the engine stop after `time`, and keep nothing: what was stopped has ended the
/// transaction, and whatever came after it would stand.
fn watched(conn: &mut Connection, time: Duration) -> Result<(), Error> {
    let ends = Instant::now() + time;
    conn.progress_handler(STEPS, Some(move || Instant::now() > ends))?;
    conn.commit_hook(Some(|| true))?;
    Ok(())
}

fn unwatched(conn: &mut Connection) -> Result<(), Error> {
    conn.progress_handler(0, None::<fn() -> bool>)?;
    conn.commit_hook(None::<fn() -> bool>)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::{Key, Mutation, Schema, answer, mutate, types};

    const ENDLESS: &str =
        "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n";

    async fn notes() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data.db");
        let key = Key::random().unwrap();
        let db = Db::open(&path, &key, Schema::Workspace, Arc::default()).unwrap();
        db.write(|tx| {
            tx.execute_batch(
                "create table note (id integer primary key, text text) strict;
                 insert into note (text) values ('first')",
            )?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        (folder, db)
    }

    fn write(tx: &Transaction<'_>, sql: &str) -> Result<usize, Error> {
        mutate(tx, &Mutation { sql, values: &[] })
    }

    fn ask(tx: &Transaction<'_>, sql: &str) -> Result<Option<Vec<types::Value>>, Error> {
        answer(tx, &Mutation { sql, values: &[] })
    }

    async fn count(db: &Db) -> i64 {
        db.read(|conn| {
            Ok::<_, Error>(conn.query_row("select count(*) from note", [], |row| row.get(0))?)
        })
        .await
        .unwrap()
    }

    #[tokio::test]
    async fn what_is_tried_out_is_seen_there_and_nowhere_else() {
        let (_folder, db) = notes().await;
        let seen = db.try_out(Duration::from_secs(5), |tx| {
            write(tx, "insert into note (text) values ('second')")?;
            ask(tx, "select count(*) from note")
        });

        assert_eq!(seen.await.unwrap(), Some(vec![types::Value::Integer(2)]));
        assert_eq!(count(&db).await, 1);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_stopped_and_leaves_nothing() {
        let (_folder, db) = notes().await;
        let stopped = db.try_out(Duration::from_millis(50), |tx| {
            write(tx, "insert into note (text) values ('second')")?;
            let endless = write(tx, &format!("insert into note (text) {ENDLESS}"));
            // The transaction is over; this one would be on its own.
            let _ = write(tx, "insert into note (text) values ('third')");
            endless
        });

        assert!(matches!(stopped.await.unwrap_err(), Error::TooSlow));
        assert_eq!(count(&db).await, 1);
        db.write(|tx| write(tx, "insert into note (text) values ('after')"))
            .await
            .unwrap();
        assert_eq!(count(&db).await, 2, "others write as before");
    }

    #[tokio::test]
    async fn a_panic_leaves_nothing_either() {
        let (_folder, db) = notes().await;
        let done = db.try_out(Duration::from_secs(5), |tx| {
            write(tx, "insert into note (text) values ('second')")?;
            assert!(tx.is_autocommit(), "it is in a transaction");
            Ok::<_, Error>(())
        });

        assert!(done.await.is_err());
        assert_eq!(count(&db).await, 1);
    }

    #[tokio::test]
    async fn a_builders_question_sees_no_table_of_ours_and_writes_nothing() {
        let (_folder, db) = notes().await;
        for sql in [
            "select count(*) from _table",
            "select count(*) from sqlite_schema",
            "insert into note (text) values ('x') returning 1",
            "explain select 1",
        ] {
            let asked = db.try_out(Duration::from_secs(5), move |tx| ask(tx, sql));
            let refused = asked.await.unwrap_err();
            assert!(
                matches!(refused, Error::Denied(_) | Error::BadSql { .. }),
                "{sql}: {refused:?}"
            );
        }
    }
}
