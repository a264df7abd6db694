//! One SQLite file with its writer and its readers.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Notify;

use super::guarded::{Budget, Guarded};
use super::policy::{self, Asker, Bound, Kept, Layer, Rules};
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

/// One file. Cloning it is cheap and gives the same file, for the same person.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    /// Whom policies bind; nobody, for work of our own.
    asker: Option<Arc<Asker>>,
    /// What binds besides the tables' own policies.
    within: Arc<[(String, Layer)]>,
}

struct Inner {
    writer: writer::Writer,
    readers: Readers<Connection>,
    pages: Readers<Guarded>,
    desk: Readers<Guarded>,
    exports: Readers<Guarded>,
    /// The same three lanes for people whom policies bind: no connection ever
    /// serves both.
    bound: [Readers<Guarded>; 3],
    policies: Kept,
}

/// A transaction in flight: the connection that writes, inside the savepoint
/// of one job.
pub struct Transaction<'a> {
    pub(super) conn: &'a Connection,
    /// What binds whoever it is for.
    pub(super) bound: Option<&'a Bound>,
}

impl Transaction<'_> {
    /// Do policies bind whoever this is for? Then rows of tables are read by
    /// [`super::look`] and written by [`super::mutate`] and [`super::add`].
    pub fn is_bound(&self) -> bool {
        self.bound.is_some()
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
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
        let bound = |seats: usize, cache: u32| {
            let (path, key) = (path.to_owned(), key.clone());
            Readers::new(seats, move || Guarded::governed(&path, &key, cache))
        };
        Ok(Db {
            asker: None,
            within: Arc::default(),
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
                bound: [bound(4, CACHE), bound(2, CACHE), bound(2, CACHE / 4)],
                policies: Kept::default(),
            }),
        })
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
        let bound = self.bound().await?;
        self.inner.writer.run(bound, work).await
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
        let (readers, at) = match lane {
            Lane::Page => (&self.inner.pages, 0),
            Lane::Desk => (&self.inner.desk, 1),
            Lane::Export => (&self.inner.exports, 2),
        };
        let bound = self.bound().await?;
        let abandoned = CancelOnDrop(Some(budget.cancel.clone()));
        if let Some(Bound { rules, asker }) = bound {
            let fits = {
                let rules = Arc::clone(&rules);
                move |one: &Guarded| one.is_for(&rules)
            };
            let work = move |guarded: &Guarded| {
                guarded.begin(&budget);
                guarded.bind(&rules)?;
                policy::asking(&asker, || work(guarded))
            };
            let done = self.inner.bound[at].run_fitting(fits, work).await;
            abandoned.keep();
            return done;
        }
        let done = readers
            .run(move |guarded: &Guarded| {
                guarded.begin(&budget);
                work(guarded)
            })
            .await;
        abandoned.keep();
        done
    }

    /// The same file as somebody may use it: what they ask and write is bound by
    /// the policies of its tables. What we read ourselves is not.
    #[must_use]
    pub fn for_person(&self, asker: Asker) -> Db {
        Db {
            asker: Some(Arc::new(asker)),
            ..self.clone()
        }
    }

    /// The same file and person, bound by these layers too: table and layer.
    #[must_use]
    pub fn within(&self, layers: Arc<[(String, Layer)]>) -> Db {
        Db {
            within: layers,
            ..self.clone()
        }
    }

    /// To be called after a policy was kept or forgotten.
    pub fn policies_changed(&self) {
        self.inner.policies.forget();
    }

    /// What binds whoever this is for; nothing, for most people and tables.
    async fn bound(&self) -> Result<Option<Bound>, Error> {
        let Some(asker) = &self.asker else {
            return Ok(None);
        };
        let policies = match self.inner.policies.known() {
            (_, Some(policies)) => policies,
            (number, None) => {
                let policies: Arc<[_]> = self.read(policy::policies).await?.into();
                self.inner.policies.keep(number, &policies);
                policies
            }
        };
        if policies.is_empty() && self.within.is_empty() {
            return Ok(None);
        }
        let rules = Rules::of(&policies, &asker.marks, &self.within);
        Ok((!rules.is_empty()).then(|| Bound {
            rules: Arc::new(rules),
            asker: Arc::clone(asker),
        }))
    }

    /// Does a policy bind whoever this is for, on that table?
    pub async fn is_governed(&self, table: &str) -> Result<bool, Error> {
        let bound = self.bound().await?;
        Ok(bound.is_some_and(|bound| bound.rules.governs(table)))
    }

    /// Whether a policy of that table could be enforced: its expressions read
    /// the table's columns and who asks, and nothing else.
    pub async fn check_policy(&self, table: String, layer: Layer) -> Result<(), Error> {
        let check = move |guarded: &Guarded| {
            guarded.begin(&Budget::of(Duration::from_secs(5)));
            guarded.check(&table, &layer)
        };
        self.inner.bound[1].run(check).await
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
