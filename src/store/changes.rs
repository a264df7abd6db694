//! Which tables of a file changed, told to whoever follows once the change is to be
//! seen: names of tables, never a row.

use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::hooks::{AuthAction, AuthContext};
use tokio::sync::watch;

use super::{Files, allowed};

/// More names are not remembered one by one.
const TABLES: usize = 1_000;
/// Files whose changes are remembered although nobody has them open.
const FILES: usize = 1_000;
/// Places of one run of the process lie above a random one, so that a place of another
/// run is known to be none. Half of what a browser counts exactly.
const PLACES: u64 = 1 << 52;

/// What of a file changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// What there is, or what may be seen of it: all may look different.
    pub is_all: bool,
    /// Names of tables, as they were made.
    pub tables: HashSet<String>,
}

impl Touched {
    fn all() -> Touched {
        Touched {
            is_all: true,
            tables: HashSet::new(),
        }
    }

    fn is_empty(&self) -> bool {
        !self.is_all && self.tables.is_empty()
    }

    fn note(&mut self, table: &str) {
        if !self.is_all && !self.tables.contains(table) {
            self.tables.insert(table.to_owned());
        }
    }

    fn add(&mut self, other: Touched) {
        self.is_all |= other.is_all;
        self.tables.extend(other.tables);
    }
}

/// What changed in a file, and when: places are counted, not times.
#[derive(Debug)]
pub struct Changes {
    known: Mutex<Known>,
    now: watch::Sender<u64>,
}

#[derive(Debug)]
struct Known {
    begun: u64,
    /// When all of it changed last.
    all: u64,
    tables: HashMap<String, u64>,
}

impl Changes {
    fn new() -> Changes {
        let begun = RandomState::new().hash_one(()) % PLACES;
        Changes {
            known: Mutex::new(Known {
                begun,
                all: begun,
                tables: HashMap::new(),
            }),
            now: watch::Sender::new(begun),
        }
    }

    /// The place to go on from: what is read after this was asked is as new.
    pub fn now(&self) -> u64 {
        *self.now.borrow()
    }

    /// What changed since that place. A place that is none of this run missed all.
    fn since(&self, place: u64) -> Touched {
        let known = self.lock();
        let is_none = !(known.begun..=self.now()).contains(&place);
        if is_none || known.all > place {
            return Touched::all();
        }
        let later = known.tables.iter().filter(|(_, at)| **at > place);
        Touched {
            is_all: false,
            tables: later.map(|(name, _)| name.clone()).collect(),
        }
    }

    fn tell(&self, touched: Touched) {
        let mut known = self.lock();
        let place = self.now() + 1;
        if touched.is_all || known.tables.len() + touched.tables.len() > TABLES {
            known.all = place;
            known.tables.clear();
        } else {
            let named = touched.tables.into_iter();
            known.tables.extend(named.map(|name| (name, place)));
        }
        self.now.send_replace(place);
    }

    /// Hears of everything after that place, however late it asks.
    pub fn follow(self: &Arc<Changes>, place: u64) -> Follower {
        Follower {
            heard: self.now.subscribe(),
            changes: Arc::clone(self),
            place,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who is told what changed, as much at once as came together meanwhile. It does
/// not hold the file: that is closed and destroyed as if nobody followed.
#[derive(Debug)]
pub struct Follower {
    changes: Arc<Changes>,
    heard: watch::Receiver<u64>,
    place: u64,
}

impl Follower {
    /// Up to where everything was told.
    pub fn place(&self) -> u64 {
        self.place
    }

    /// What changed since the last time; waits until something has. Nothing is lost when
    /// the wait is given up.
    pub async fn next(&mut self) -> Touched {
        loop {
            let now = *self.heard.borrow_and_update();
            if now != self.place {
                let touched = self.changes.since(self.place);
                self.place = now;
                if !touched.is_empty() {
                    return touched;
                }
            }
            // The changes are held here, so somebody can always tell.
            let _ = self.heard.changed().await;
        }
    }
}

/// The changes of each file, open or not.
#[derive(Debug, Default)]
pub(super) struct Ledgers(Mutex<HashMap<String, Arc<Changes>>>);

impl Ledgers {
    pub(super) fn of(&self, file: &str) -> Arc<Changes> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(changes) = known.get(file) {
            return Arc::clone(changes);
        }
        if known.len() >= FILES {
            known.retain(|_, changes| Arc::strong_count(changes) > 1);
        }
        let changes = Arc::new(Changes::new());
        known.insert(file.to_owned(), Arc::clone(&changes));
        changes
    }
}

impl Files {
    /// What changes in that workspace's file, whether or not anybody has it open.
    pub fn changes(&self, id: &str) -> Arc<Changes> {
        self.changes.of(id)
    }
}

thread_local! {
    /// One thread alone writes to a file, so what a write touches is a fact about the thread.
    static NOTED: RefCell<Noted> = RefCell::default();
}

#[derive(Default)]
struct Noted {
    /// Nobody follows files that are no workspace's.
    tells: Option<Arc<Changes>>,
    job: Touched,
    batch: Touched,
}

fn note(noting: impl FnOnce(&mut Touched)) {
    NOTED.with_borrow_mut(|noted| {
        if noted.tells.is_some() {
            noting(&mut noted.job);
        }
    });
}

/// A row of that table was written. Of tables without row ids, which people cannot make,
/// the engine says nothing.
pub(super) fn wrote(table: &str) {
    if allowed::table(table) {
        note(|job| job.note(table));
    }
}

/// Notes what the engine does without a word for each row, when it is about to: tables come,
/// go and change; a table is emptied in one step.
pub(super) fn look(context: &AuthContext<'_>) {
    match context.action {
        AuthAction::CreateTable { .. }
        | AuthAction::DropTable { .. }
        | AuthAction::AlterTable {
            database_name: "main",
            ..
        } => all(),
        AuthAction::Delete { table_name }
            if context.database_name == Some("main") && allowed::table(table_name) =>
        {
            note(|job| job.note(table_name));
        }
        _ => {}
    }
}

/// From now on somebody may see something else in any table.
pub(super) fn all() {
    note(|job| job.is_all = true);
}

/// This thread's writes are told there.
pub(super) fn tell_to(changes: Option<Arc<Changes>>) {
    NOTED.with_borrow_mut(|noted| noted.tells = changes);
}

/// A batch begins: what one before it touched and did not commit is forgotten.
pub(super) fn begin_batch() {
    NOTED.with_borrow_mut(|noted| noted.batch = Touched::default());
}

/// A job begins: what one before it touched and undid is forgotten.
pub(super) fn begin_job() {
    NOTED.with_borrow_mut(|noted| noted.job = Touched::default());
}

/// What the job touched stands, if the batch does.
pub(super) fn keep_job() {
    NOTED.with_borrow_mut(|noted| {
        let job = std::mem::take(&mut noted.job);
        noted.batch.add(job);
    });
}

/// The batch is committed: whoever reads now sees it.
pub(super) fn tell() {
    NOTED.with_borrow_mut(|noted| {
        let batch = std::mem::take(&mut noted.batch);
        if let Some(changes) = noted.tells.as_ref().filter(|_| !batch.is_empty()) {
            changes.tell(batch);
        }
    });
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
