//! A bounded set of connections for reading, opened when first needed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::Error;

type Open<C> = dyn Fn() -> Result<C, Error> + Send + Sync;

pub(super) struct Readers<C> {
    seats: Mutex<Arc<Semaphore>>,
    idle: Arc<Idle<C>>,
    open: Arc<Open<C>>,
}

/// Connections nobody uses, all to the same copy of the file.
struct Idle<C> {
    conns: Mutex<Vec<C>>,
    /// Goes up when the file moves: what was opened before is not used again.
    generation: Arc<AtomicU64>,
}

impl<C: Send + 'static> Readers<C> {
    pub(super) fn new(
        seats: usize,
        generation: &Arc<AtomicU64>,
        open: impl Fn() -> Result<C, Error> + Send + Sync + 'static,
    ) -> Readers<C> {
        Readers {
            seats: Mutex::new(Arc::new(Semaphore::new(seats))),
            idle: Arc::new(Idle {
                conns: Mutex::default(),
                generation: Arc::clone(generation),
            }),
            open: Arc::new(open),
        }
    }

    /// Another number of seats, from the next that is taken on.
    pub(super) fn resize(&self, seats: usize) {
        *self.seats.lock().unwrap_or_else(PoisonError::into_inner) =
            Arc::new(Semaphore::new(seats));
    }

    /// Closes what nobody uses.
    pub(super) fn clear(&self) {
        self.idle.lock().clear();
    }

    /// Waits for a seat, for so long at the most.
    pub(super) async fn seat(&self, patience: Duration) -> Result<OwnedSemaphorePermit, Error> {
        let seats = Arc::clone(&self.seats.lock().unwrap_or_else(PoisonError::into_inner));
        match timeout(patience, seats.acquire_owned()).await {
            Ok(seat) => seat.map_err(|_closed| Error::Closed),
            Err(_elapsed) => Err(Error::Busy),
        }
    }

    /// Runs the work on this thread: for the start, before anybody waits.
    pub(super) fn at_once<T>(
        &self,
        work: impl FnOnce(&C) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let lent = Lent::take(&self.idle, &*self.open)?;
        work(lent.conn())
    }

    pub(super) async fn run<T, E>(
        &self,
        seat: OwnedSemaphorePermit,
        work: impl FnOnce(&C) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (idle, open) = (Arc::clone(&self.idle), Arc::clone(&self.open));
        let reading = spawn_blocking(move || {
            let lent = Lent::take(&idle, &*open)?;
            let found = work(lent.conn());
            drop(lent);
            drop(seat);
            found
        });
        reading.await.map_err(|_panicked| Error::Closed)?
    }
}

/// A connection that finds its way back, even if the work panics.
struct Lent<'a, C> {
    conn: Option<C>,
    generation: u64,
    home: &'a Idle<C>,
}

impl<C> Idle<C> {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<C>> {
        self.conns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a, C> Lent<'a, C> {
    fn take(home: &'a Idle<C>, open: &Open<C>) -> Result<Lent<'a, C>, Error> {
        // Read first: a file that moves now makes the connection worthless,
        // never one of before worth something.
        let generation = home.generation.load(Ordering::SeqCst);
        let idle = home.lock().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => open()?,
        };
        Ok(Lent {
            conn: Some(conn),
            generation,
            home,
        })
    }

    fn conn(&self) -> &C {
        self.conn.as_ref().expect("lent until dropped")
    }
}

impl<C> Drop for Lent<'_, C> {
    fn drop(&mut self) {
        let conn = self.conn.take().expect("dropped once");
        let mut idle = self.home.lock();
        if self.generation == self.home.generation.load(Ordering::SeqCst) {
            idle.push(conn);
        }
    }
}
