//! A connection on which a stranger's SQL may run: it reads the tables people
//! made, and nothing else it tries gets through the engine.

use std::cell::Cell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{CachedStatement, Connection};

use super::pace::{Account, Meter};
use super::policy::{Governed, Layer, Rules};
use super::{Error, Key, Lane, allowed, connect, limits, names};
use crate::base::{Bound, Limits};

/// How many virtual machine steps pass between two looks at the clock.
const STEPS: i32 = 1_000;

/// Stops what runs under it, from anywhere.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a piece of work on a guarded connection may cost.
#[derive(Clone, Debug)]
pub struct Budget {
    pub time: Duration,
    pub cancel: Cancel,
}

impl Budget {
    pub fn of(time: Duration) -> Budget {
        Budget {
            time,
            cancel: Cancel::default(),
        }
    }
}

/// A connection for SQL that we did not write.
pub struct Guarded {
    conn: Connection,
    watch: Arc<Watch>,
    started: Cell<Instant>,
    /// For people whom policies bind.
    governed: Option<Governed>,
    limits: Cell<Limits>,
    /// The bound that ends the work first, unless the work asked for less.
    ends_by: Cell<Option<Bound>>,
    rows: Cell<u64>,
}

struct Watch {
    epoch: Instant,
    deadline: AtomicU64,
    cancel: Mutex<Cancel>,
    account: Arc<Account>,
    meter: Mutex<Meter>,
    /// Others needed the memory it had.
    starved: AtomicBool,
}

impl Watch {
    fn is_over(&self) -> bool {
        let now = u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX);
        if now > self.deadline.load(Ordering::Relaxed) || self.is_cancelled() {
            return true;
        }
        let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
        let has_to_stop = self.account.look(&mut meter);
        self.starved.store(has_to_stop, Ordering::Relaxed);
        has_to_stop
    }

    fn is_cancelled(&self) -> bool {
        self.cancel
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_cancelled()
    }
}

impl Guarded {
    pub(super) fn open(
        path: &Path,
        key: &Key,
        cache: u32,
        account: Arc<Account>,
    ) -> Result<Guarded, Error> {
        let mut conn = connect::to_read(path, key, cache)?;
        conn.authorizer(Some(may_read))?;
        Guarded::on(conn, account, None)
    }

    /// One for people whom policies bind: nothing can be read before
    /// [`Guarded::bind`] said whose policies hold.
    pub(super) fn governed(
        path: &Path,
        key: &Key,
        cache: u32,
        account: Arc<Account>,
    ) -> Result<Guarded, Error> {
        let mut conn = connect::to_read(path, key, cache)?;
        let governed = Governed::on(&mut conn)?;
        Guarded::on(conn, account, Some(governed))
    }

    /// One without a file and without tables, for SQL that brings its own rows. The
    /// work on it begins at once.
    pub fn of_nothing(lane: Lane, budget: &Budget) -> Result<Guarded, Error> {
        let mut conn = connect::to_nothing()?;
        conn.authorizer(Some(may_read))?;
        let account = Arc::new(Account::new(Arc::default()));
        let guarded = Guarded::on(conn, account, None)?;
        guarded.begin(lane, budget, Limits::default());
        Ok(guarded)
    }

    /// One without a file, over what `fill` puts into it: for SQL over rows of another
    /// machine. They lie in memory only, and go with it. The work on it begins at once.
    ///
    /// # Errors
    ///
    /// There is not memory enough, or `fill` says so.
    pub fn over(
        lane: Lane,
        (budget, allowed): (&Budget, Limits),
        fill: impl FnOnce(&Connection) -> Result<(), Error>,
    ) -> Result<Guarded, Error> {
        let mut conn = connect::to_memory()?;
        fill(&conn)?;
        connect::close(&conn)?;
        conn.authorizer(Some(may_read))?;
        let account = Arc::new(Account::new(Arc::default()));
        let guarded = Guarded::on(conn, account, None)?;
        guarded.begin(lane, budget, allowed);
        Ok(guarded)
    }

    fn on(
        mut conn: Connection,
        account: Arc<Account>,
        governed: Option<Governed>,
    ) -> Result<Guarded, Error> {
        let watch = Arc::new(Watch {
            epoch: Instant::now(),
            deadline: AtomicU64::new(u64::MAX),
            cancel: Mutex::default(),
            account,
            meter: Mutex::new(Meter::start()),
            starved: AtomicBool::new(false),
        });
        limit(&conn)?;
        let seen = Arc::clone(&watch);
        conn.progress_handler(STEPS, Some(move || seen.is_over()))?;
        Ok(Guarded {
            conn,
            watch,
            started: Cell::new(Instant::now()),
            governed,
            limits: Cell::new(Limits::default()),
            ends_by: Cell::new(None),
            rows: Cell::new(0),
        })
    }

    pub(super) fn is_for(&self, rules: &Arc<Rules>) -> bool {
        self.governed
            .as_ref()
            .is_some_and(|governed| governed.is_for(rules))
    }

    /// Puts the views of these rules before their tables.
    pub(super) fn bind(&self, rules: &Arc<Rules>) -> Result<(), Error> {
        match &self.governed {
            Some(governed) => governed.bind(&self.conn, rules),
            None => Err(Error::Denied(
                "this connection is for nobody bound".to_owned(),
            )),
        }
    }

    pub(super) fn check(&self, table: &str, layer: &Layer) -> Result<(), Error> {
        match &self.governed {
            Some(governed) => governed.check(&self.conn, table, layer),
            None => Err(Error::Denied(
                "this connection is for nobody bound".to_owned(),
            )),
        }
    }

    /// Sets the limits for the work that follows on this connection.
    pub(super) fn begin(&self, lane: Lane, budget: &Budget, allowed: Limits) {
        let now = Instant::now();
        self.started.set(now);
        self.rows.set(0);
        self.limits.set(allowed);
        let time = limits::time(&allowed, lane, budget.time);
        let is_the_lanes = time == Duration::from_secs(allowed.get(lane.bound()));
        self.ends_by.set(is_the_lanes.then(|| lane.bound()));
        self.watch.starved.store(false, Ordering::Relaxed);
        *self
            .watch
            .meter
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Meter::start();
        let deadline = now.duration_since(self.watch.epoch) + time;
        self.watch.deadline.store(
            u64::try_from(deadline.as_micros()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
        *self
            .watch
            .cancel
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = budget.cancel.clone();
    }

    /// Everything until the end of `work` sees one state of the data.
    pub fn at_once<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let _snapshot = Snapshot::begin(&self.conn)?;
        work()
    }

    /// Prepares one statement that only reads. The engine refuses what reaches
    /// beyond the tables people made; `explain` and `vacuum` are refused here,
    /// because the engine would not.
    pub fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, Error> {
        match &self.governed {
            Some(governed) => governed.screen(sql)?,
            None => names::refuse_joins(sql)?,
        }
        let statement = self.conn.prepare_cached(sql).map_err(|e| self.explain(e))?;
        if statement.is_explain() != 0 {
            return Err(Error::Denied(
                "explain has a button of its own, Plan".to_owned(),
            ));
        }
        if !statement.readonly() {
            return Err(Error::Denied("it writes, and this query reads".to_owned()));
        }
        if statement.column_count() == 0 {
            return Err(Error::Denied("it gives no rows".to_owned()));
        }
        Ok(statement)
    }

    /// The engine's plan for a statement, a line each, indented by depth.
    pub fn plan(&self, sql: &str) -> Result<Vec<String>, Error> {
        self.prepare(sql)?;
        let explained = format!("explain query plan {sql}");
        let mut statement = self.conn.prepare(&explained).map_err(|e| self.explain(e))?;
        let mut depth = std::collections::HashMap::from([(0, 0)]);
        let mut lines = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|e| self.explain(e))? {
            let (id, parent): (i64, i64) = (row.get(0)?, row.get(1)?);
            let indent = depth.get(&parent).copied().unwrap_or(0);
            depth.insert(id, indent + 1);
            let detail: String = row.get(3)?;
            let detail = match &self.governed {
                Some(governed) => governed.veiled(&detail),
                None => detail,
            };
            lines.push(format!("{}{detail}", "  ".repeat(indent)));
        }
        Ok(lines)
    }

    /// Says in our words why a statement failed on this connection.
    pub fn explain(&self, error: rusqlite::Error) -> Error {
        match Error::of_query(error) {
            Error::TooSlow if self.watch.is_cancelled() => Error::Cancelled,
            Error::TooSlow if self.watch.starved.load(Ordering::Relaxed) => Error::NoMemory,
            Error::TooSlow => match self.ends_by.get() {
                Some(bound) => Error::limit(&self.limits.get(), bound),
                None => Error::TooSlow,
            },
            other => match &self.governed {
                Some(governed) => governed.told(other),
                None => other,
            },
        }
    }

    /// What the file may use, as it was when the work began.
    pub fn limits(&self) -> Limits {
        self.limits.get()
    }

    /// After [`Error::NoMemory`]: whether it is worth trying once more, because
    /// somebody else took the memory and was told to give it back.
    pub fn may_try_again(&self) -> bool {
        self.watch.account.is_out_of_memory()
    }

    /// One more row was handed out.
    pub fn count_row(&self) {
        self.rows.set(self.rows.get() + 1);
    }

    /// How many rows the work on this connection has handed out.
    pub(super) fn rows(&self) -> u64 {
        self.rows.get()
    }

    /// How long the work on this connection has run.
    pub fn elapsed(&self) -> Duration {
        self.started.get().elapsed()
    }
}

/// One state of the data, until dropped.
struct Snapshot<'a>(&'a Connection);

impl<'a> Snapshot<'a> {
    fn begin(conn: &'a Connection) -> Result<Snapshot<'a>, Error> {
        conn.prepare_cached("begin")?.execute([])?;
        Ok(Snapshot(conn))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Reading only: there is nothing to lose when it ends, however it ends.
        let end = self.0.prepare_cached("rollback");
        if let Err(error) = end.and_then(|mut end| end.execute([])) {
            tracing::error!("a read could not be ended: {error}");
        }
    }
}

/// Bounds that hold before a statement even runs.
fn limit(conn: &Connection) -> Result<(), Error> {
    for (what, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, 8 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 64 << 10),
        (Limit::SQLITE_LIMIT_COLUMN, 256),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 64),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 16),
        (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 16),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 128),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 256),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 4),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        conn.set_limit(what, most)?;
    }
    Ok(())
}

/// What SQL that we did not write may read. An allow-list: what it does not
/// name is refused.
fn may_read(context: AuthContext<'_>) -> Authorization {
    let is_fine = match context.action {
        // `at_once` begins a transaction; a stranger cannot, because `prepare`
        // wants columns.
        AuthAction::Select | AuthAction::Recursive | AuthAction::Transaction { .. } => true,
        AuthAction::Function { function_name } => allowed::function(function_name),
        // `count(*)` names no column, and outside the main file no table of ours.
        AuthAction::Read { table_name, .. } => match context.database_name {
            Some("main") => allowed::table(table_name),
            Some(_) => false,
            None => allowed::not_a_system_name(table_name),
        },
        _ => false,
    };
    if is_fine {
        Authorization::Allow
    } else {
        Authorization::Deny
    }
}
