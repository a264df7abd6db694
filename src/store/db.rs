//! One SQLite file with its writer and its readers.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Notify;

use super::asking::Witness;
use super::guarded::Guarded;
use super::lane::Lane;
use super::pace::{Account, Pace};
use super::policy::{self, Kept, Layer, Somebody};
use super::readers::Readers;
use super::scrub::Scrubbed;
use super::still::Still;
use super::{Changes, Error, Key, Schema, connect, limits, migrations, moving, mutation, writer};
use crate::base::{Bound, Limits};

const READERS: usize = 4;
/// How long a read waits for a connection.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes a full file may still grow by, so that what is deleted can be noted.
const SLACK: u64 = 1 << 20;
/// Page cache of a connection that reads, in KiB.
const CACHE: u32 = 8 << 10;

/// One file. Cloning it is cheap and gives the same file, for the same person.
#[derive(Clone)]
pub struct Db {
    pub(super) inner: Arc<Inner>,
    /// Whom policies bind; nobody, for work of our own.
    pub(super) somebody: Option<Arc<dyn Somebody>>,
    /// What binds besides the tables' own policies.
    pub(super) within: Arc<[(String, Layer)]>,
    /// Who is told of what is read.
    pub(super) witness: Option<Arc<dyn Witness>>,
}

pub(super) struct Inner {
    place: Arc<Place>,
    limits: Mutex<Limits>,
    pub(super) account: Arc<Account>,
    /// Bytes the engine lets the file grow to; nothing said: zero.
    room: Arc<AtomicU64>,
    pub(super) writer: writer::Writer,
    readers: Readers<Connection>,
    pages: Readers<Guarded>,
    desk: Readers<Guarded>,
    exports: Readers<Guarded>,
    /// The same three lanes for people whom policies bind: no connection ever
    /// serves both.
    bound: [Readers<Guarded>; 3],
    pub(super) policies: Kept,
}

/// Where the file lies, and what opens it: both change when its key does.
struct Place {
    now: Mutex<(PathBuf, Key)>,
    generation: Arc<AtomicU64>,
}

impl Place {
    fn now(&self) -> (PathBuf, Key) {
        self.now
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, path: PathBuf, key: Key) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = (path, key);
        self.generation.fetch_add(1, Ordering::SeqCst);
    }
}

/// A transaction in flight: the connection that writes, inside the savepoint
/// of one job.
pub struct Transaction<'a> {
    pub(super) conn: &'a Connection,
    /// What binds whoever it is for.
    pub(super) bound: Option<&'a policy::Bound>,
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
        Db::open_beside((path, key), schema, (committed, None), &Arc::default())
    }

    /// The same, sharing the processor with other files; which tables change is told too.
    pub(super) fn open_beside(
        (path, key): (&Path, &Key),
        schema: Schema,
        (committed, changes): (Arc<Notify>, Option<Arc<Changes>>),
        processor: &Arc<Pace>,
    ) -> Result<Db, Error> {
        let mut conn = connect::to_write(path, key)?;
        migrations::run(&mut conn, schema, &path.display().to_string())?;
        mutation::watch(&mut conn)?;
        let (limits, account) = (
            Limits::default(),
            Arc::new(Account::new(Arc::clone(processor))),
        );
        let place = Arc::new(Place {
            now: Mutex::new((path.to_owned(), key.clone())),
            generation: Arc::default(),
        });
        let guarded = |lane: Lane, cache: u32| {
            let (place, account) = (Arc::clone(&place), Arc::clone(&account));
            let generation = Arc::clone(&place.generation);
            Readers::new(limits::seats(&limits, lane), &generation, move || {
                let (path, key) = place.now();
                Guarded::open(&path, &key, cache, Arc::clone(&account))
            })
        };
        let bound = |lane: Lane, cache: u32| {
            let (place, account) = (Arc::clone(&place), Arc::clone(&account));
            let generation = Arc::clone(&place.generation);
            Readers::new(limits::seats(&limits, lane), &generation, move || {
                let (path, key) = place.now();
                Guarded::governed(&path, &key, cache, Arc::clone(&account))
            })
        };
        let at = Arc::clone(&place);
        let room = Arc::new(AtomicU64::new(0));
        Ok(Db {
            somebody: None,
            witness: None,
            within: Arc::default(),
            inner: Arc::new(Inner {
                writer: writer::Writer::start(conn, committed, changes, Arc::clone(&room))?,
                room,
                readers: Readers::new(READERS, &place.generation, move || {
                    let (path, key) = at.now();
                    connect::to_read(&path, &key, CACHE / 4)
                }),
                // Pages come back to the same rows: what is in the cache needs no
                // decryption. It grows as it is used, and only as far as the table.
                pages: guarded(Lane::Page, 4 * CACHE),
                desk: guarded(Lane::Desk, CACHE),
                // An export walks through a table once: what it has read is of no use.
                exports: guarded(Lane::Export, CACHE / 4),
                bound: [
                    bound(Lane::Page, CACHE),
                    bound(Lane::Desk, CACHE),
                    bound(Lane::Export, CACHE / 4),
                ],
                policies: Kept::default(),
                limits: Mutex::new(limits),
                place,
                account,
            }),
        })
    }

    /// What the file may use.
    pub fn limits(&self) -> Limits {
        *self
            .inner
            .limits
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Another measure of what it may use, from the next piece of work on.
    pub(super) fn allow(&self, limits: Limits) {
        *self
            .inner
            .limits
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = limits;
        let room = limits.storage() + SLACK;
        self.inner.room.store(room, Ordering::Relaxed);
        for lane in [Lane::Page, Lane::Desk, Lane::Export] {
            self.lane(lane).resize(limits::seats(&limits, lane));
            self.bound_lane(lane).resize(limits::seats(&limits, lane));
        }
    }

    /// Refuses what makes the file grow when it is full.
    pub fn has_room(&self) -> Result<(), Error> {
        let (path, limits) = (self.inner.place.now().0, self.limits());
        let size = std::fs::metadata(path).map_or(0, |facts| facts.len());
        if size >= limits.storage() {
            return Err(Error::limit(&limits, Bound::Storage));
        }
        Ok(())
    }

    /// Goes on in a copy at `path` under `key`. Reading and writing go on
    /// meanwhile. `commit` makes the copy the one that counts.
    pub(super) async fn go_to(
        &self,
        path: PathBuf,
        key: Key,
        commit: impl FnOnce() -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let (place, at, with) = (Arc::clone(&self.inner.place), path.clone(), key.clone());
        let to = moving::Copy {
            path,
            key,
            take_over: Box::new(move || {
                commit()?;
                place.set(at, with);
                Ok(())
            }),
        };
        self.inner.writer.go_to(to).await?;
        self.inner.readers.clear();
        for lane in [Lane::Page, Lane::Desk, Lane::Export] {
            self.lane(lane).clear();
            self.bound_lane(lane).clear();
        }
        Ok(())
    }

    /// The lane of people whom policies bind.
    pub(super) fn bound_lane(&self, lane: Lane) -> &Readers<Guarded> {
        let [page, desk, export] = &self.inner.bound;
        match lane {
            Lane::Page => page,
            Lane::Desk => desk,
            Lane::Export => export,
        }
    }

    pub(super) fn lane(&self, lane: Lane) -> &Readers<Guarded> {
        match lane {
            Lane::Page => &self.inner.pages,
            Lane::Desk => &self.inner.desk,
            Lane::Export => &self.inner.exports,
        }
    }

    /// Runs `work` on a read-only connection, on this thread: for the start.
    pub fn read_now<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.inner.readers.at_once(work)
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
        let seat = self.inner.readers.seat(PATIENCE).await?;
        self.inner.readers.run(seat, work).await
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

    /// The file as it stands now, for whoever takes all of it: reading and
    /// writing go on, and none of it is seen here.
    pub fn still(&self) -> Result<Still, Error> {
        let (path, key) = self.inner.place.now();
        Still::open(&path, &key)
    }

    /// Leaves nothing of what was deleted in the file or beside it.
    pub async fn scrub(&self) -> Result<Scrubbed, Error> {
        self.inner.writer.scrub().await
    }

    /// A number that is another one after each write of this process that stands: what
    /// was read since it was last asked is as new as the file.
    pub fn standing(&self) -> u64 {
        self.inner.writer.standing()
    }

    /// How many writes wait for their turn.
    pub fn waiting(&self) -> usize {
        self.inner.writer.waiting()
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
