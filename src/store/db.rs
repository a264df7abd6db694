//! One SQLite file with its writer and its readers.

use std::ops::Deref;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;
use tokio::sync::Notify;

use super::guarded::{Budget, Guarded};
use super::readers::Readers;
use super::{Error, Key, Schema, connect, migrations, mutation, writer};

const READERS: usize = 4;
/// Page cache of a connection that reads, in KiB.
const CACHE: u32 = 8 << 10;

/// Who waits for whom: work in one lane never takes a seat in another, so a
/// long export leaves the pages their connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A page somebody waits for.
    Page,
    /// A builder trying a query.
    Desk,
    /// An export that may take minutes.
    Export,
}

/// One file. Cloning it is cheap and gives the same file.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    witness: Option<Arc<dyn Witness>>,
}

/// Is told of every answer given through [`Db::ask`], before it is given.
pub trait Witness: Send + Sync {
    /// So many rows were read. Unless this succeeds, nobody gets to see them.
    fn saw(&self, rows: u64) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + '_>>;
}

struct Inner {
    writer: writer::Writer,
    readers: Readers<Connection>,
    pages: Readers<Guarded>,
    desk: Readers<Guarded>,
    exports: Readers<Guarded>,
}

/// A transaction in flight: the connection that writes, inside the savepoint
/// of one job.
pub struct Transaction<'a>(pub(super) &'a Connection);

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Db {
    /// Opens the file, bringing its schema up to date first. `committed` is
    /// told whenever something new is on disk.
    pub fn open(
        path: &Path,
        key: &Key,
        schema: Schema,
        committed: Arc<Notify>,
    ) -> Result<Db, Error> {
        let mut conn = connect::to_write(path, key)?;
        migrations::run(&mut conn, schema, &path.display().to_string())?;
        mutation::watch(&mut conn)?;
        let reader = (path.to_owned(), key.clone());
        let guarded = |seats: usize, cache: u32| {
            let (path, key) = (path.to_owned(), key.clone());
            Readers::new(seats, move || Guarded::open(&path, &key, cache))
        };
        Ok(Db {
            inner: Arc::new(Inner {
                writer: writer::Writer::start(conn, committed)?,
                readers: Readers::new(READERS, move || {
                    connect::to_read(&reader.0, &reader.1, CACHE / 4)
                }),
                // Pages come back to the same rows: what is in the cache needs no
                // decryption. It grows as it is used, and only as far as the table.
                pages: guarded(4, 4 * CACHE),
                desk: guarded(2, CACHE),
                // An export walks through a table once: what it has read is of no use.
                exports: guarded(2, CACHE / 4),
            }),
            witness: None,
        })
    }

    /// The same file, with somebody who is told what is asked of it.
    #[must_use]
    pub fn witnessed(&self, witness: Arc<dyn Witness>) -> Db {
        Db {
            inner: Arc::clone(&self.inner),
            witness: Some(witness),
        }
    }

    /// Runs `work` on a read-only connection, off the async threads.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.inner.readers.run(work).await
    }

    /// Runs `work` in a transaction of its own. `Ok` commits, `Err` undoes it.
    /// Answers when the disk has it.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.inner.writer.run(work).await
    }

    /// Runs `work` on a connection where SQL that we did not write may run,
    /// within `budget`. Dropping the future cancels the work.
    pub async fn ask<T, E>(
        &self,
        lane: Lane,
        budget: Budget,
        work: impl FnOnce(&Guarded) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let readers = match lane {
            Lane::Page => &self.inner.pages,
            Lane::Desk => &self.inner.desk,
            Lane::Export => &self.inner.exports,
        };
        let abandoned = CancelOnDrop(Some(budget.cancel.clone()));
        let rows = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&rows);
        let done = readers
            .run(move |guarded: &Guarded| {
                guarded.begin(&budget);
                let done = work(guarded);
                counted.store(guarded.rows(), Ordering::Relaxed);
                done
            })
            .await;
        abandoned.keep();
        self.saw(rows.load(Ordering::Relaxed)).await?;
        done
    }

    /// Tells whoever stands beside the file of rows read: for those that were
    /// read in another way than through [`ask`](Db::ask).
    pub async fn saw(&self, rows: u64) -> Result<(), Error> {
        match &self.witness {
            Some(witness) => witness.saw(rows).await,
            None => Ok(()),
        }
    }

    /// Reads the whole file. Gives what is wrong with it, in the engine's
    /// words; nothing when it is whole.
    pub async fn check(&self) -> Result<Vec<String>, Error> {
        self.read(|conn| {
            let mut wrong = Vec::new();
            for pragma in ["integrity_check", "foreign_key_check"] {
                conn.pragma_query(None, pragma, |row| {
                    let said: String = row.get(0)?;
                    if said != "ok" {
                        wrong.push(said);
                    }
                    Ok(())
                })?;
            }
            Ok(wrong)
        })
        .await
    }

    /// Somebody besides the registry holds it.
    pub(super) fn is_lent(&self) -> bool {
        Arc::strong_count(&self.inner) > 1
    }
}

struct CancelOnDrop(Option<super::Cancel>);

impl CancelOnDrop {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(cancel) = &self.0 {
            cancel.cancel();
        }
    }
}

/// The schema this build expects, as SQLite itself would print it.
#[expect(
    clippy::disallowed_methods,
    reason = "an empty database in memory, to print its schema"
)]
pub fn schema(of: Schema) -> Result<String, Error> {
    let mut conn = Connection::open_in_memory()?;
    migrations::run(&mut conn, of, "the schema")?;
    let mut list =
        conn.prepare("select sql from sqlite_schema where sql is not null order by name")?;
    let tables = list.query_map([], |row| row.get::<_, String>(0))?;
    Ok(tables.collect::<Result<Vec<_>, _>>()?.join(";\n\n"))
}
