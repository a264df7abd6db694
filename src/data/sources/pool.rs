//! Connections that are open, by database: as many as its settings say, closed when idle.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use super::Line;
use super::model::{Account, Error, Source, SourceId};

/// How long a connection stays open that nobody uses.
const IDLE: Duration = Duration::from_mins(1);
/// How long a question waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

/// The pools of every database that was asked.
#[derive(Clone, Default)]
pub(in crate::data) struct Pools(Arc<Mutex<ByAccount>>);

type ByAccount = HashMap<(SourceId, Account), Arc<Pool>>;

pub(super) struct Pool {
    /// Of the settings its connections were opened with.
    revision: i64,
    seats: Arc<Semaphore>,
    idle: Mutex<Vec<(Box<dyn Line>, Instant)>>,
}

/// The right to one connection.
pub(super) struct Seat {
    pool: Arc<Pool>,
    _permit: OwnedSemaphorePermit,
}

impl Pools {
    /// The account's pool of that database as it is set now: one of older settings is
    /// forgotten. No connection ever serves both accounts.
    pub(super) fn of(&self, source: &Source, account: Account) -> Arc<Pool> {
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools
            .get(&(source.id, account))
            .filter(|pool| pool.revision == source.revision)
        {
            return Arc::clone(pool);
        }
        let connections = usize::try_from(source.settings.bounds.connections).unwrap_or(1);
        let pool = Arc::new(Pool {
            revision: source.revision,
            seats: Arc::new(Semaphore::new(connections)),
            idle: Mutex::default(),
        });
        pools.insert((source.id, account), Arc::clone(&pool));
        pool
    }

    /// Closes what is idle of it: it was changed or is gone.
    pub(super) fn forget(&self, source: SourceId) {
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pools.retain(|(id, _), _| *id != source);
    }
}

impl Pool {
    pub(super) async fn seat(self: &Arc<Pool>) -> Result<Seat, Error> {
        let permit = timeout(WAIT, Arc::clone(&self.seats).acquire_owned()).await;
        let permit = permit.map_err(|_elapsed| Error::Busy)?;
        Ok(Seat {
            pool: Arc::clone(self),
            _permit: permit.map_err(|_closed| Error::Busy)?,
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Box<dyn Line>, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close_idle(&self) {
        let now = Instant::now();
        self.idle()
            .retain(|(_, since)| now.duration_since(*since) < IDLE);
    }
}

impl Seat {
    /// A connection from before, if one is left: the one used last.
    pub(super) fn take(&self) -> Option<Box<dyn Line>> {
        self.pool.idle().pop().map(|(line, _)| line)
    }

    /// Keeps the connection for the next question, for a while.
    pub(super) fn keep(self, line: Box<dyn Line>) {
        if !line.is_sound() {
            return;
        }
        self.pool.idle().push((line, Instant::now()));
        let pool = Arc::downgrade(&self.pool);
        tokio::spawn(async move {
            sleep(IDLE).await;
            if let Some(pool) = pool.upgrade() {
                pool.close_idle();
            }
        });
    }
}
