//! A bounded set of connections for reading, opened when first needed.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::Error;

type Open<C> = dyn Fn() -> Result<C, Error> + Send + Sync;

pub(super) struct Readers<C> {
    seats: Mutex<Arc<Semaphore>>,
    most: AtomicUsize,
    idle: Arc<Idle<C>>,
    open: Arc<Open<C>>,
}

/// Connections nobody uses, each with the generation it was opened in.
struct Idle<C> {
    conns: Mutex<Vec<(u64, C)>>,
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
            most: AtomicUsize::new(seats),
            idle: Arc::new(Idle {
                conns: Mutex::default(),
                generation: Arc::clone(generation),
            }),
            open: Arc::new(open),
        }
    }

    /// Another number of seats, from the next that is taken on.
    pub(super) fn resize(&self, seats: usize) {
        self.most.store(seats, Ordering::Relaxed);
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
    pub(super) fn at_once<T>(&self, work: impl FnOnce(&C) -> Result<T, Error>) -> Result<T, Error> {
        let lent = Lent::take(
            &self.idle,
            (&*self.open, self.most.load(Ordering::Relaxed)),
            &|_any| true,
        )?;
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
        self.run_fitting(seat, |_any| true, work).await
    }

    /// As `run`, on a connection that fits if one is idle.
    pub(super) async fn run_fitting<T, E>(
        &self,
        seat: OwnedSemaphorePermit,
        fits: impl Fn(&C) -> bool + Send + 'static,
        work: impl FnOnce(&C) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let most = self.most.load(Ordering::Relaxed);
        let (idle, open) = (Arc::clone(&self.idle), Arc::clone(&self.open));
        let reading = spawn_blocking(move || {
            let lent = Lent::take(&idle, (&*open, most), &fits)?;
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
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(u64, C)>> {
        self.conns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a, C> Lent<'a, C> {
    fn take(
        home: &'a Idle<C>,
        (open, most): (&Open<C>, usize),
        fits: &dyn Fn(&C) -> bool,
    ) -> Result<Lent<'a, C>, Error> {
        // Read first: a file that moves now makes the connection worthless,
        // never one of before worth something.
        let generation = home.generation.load(Ordering::SeqCst);
        let idle = {
            let mut idle = home.lock();
            idle.retain(|(opened, _)| *opened == generation);
            // The one used last has the most in its cache; where none fits, the
            // one not used for longest is given away, once there are enough.
            let fitting = idle.iter().rposition(|(_, conn)| fits(conn));
            match fitting {
                Some(at) => Some(idle.remove(at)),
                None if idle.len() >= most => Some(idle.remove(0)),
                None => None,
            }
        };
        let conn = match idle {
            Some((_, conn)) => conn,
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
            idle.push((self.generation, conn));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_from_before_a_move_is_never_lent_again() {
        let generation = Arc::new(AtomicU64::new(1));
        let place = Arc::clone(&generation);
        let readers = Readers::new(2, &generation, move || Ok(place.load(Ordering::SeqCst)));
        let opened = |readers: &Readers<u64>| readers.at_once(|conn| Ok(*conn)).unwrap();
        assert_eq!(opened(&readers), 1);
        readers
            .at_once(|lent| {
                // Idle ones are closed a little later than the file moves.
                generation.store(2, Ordering::SeqCst);
                assert_eq!((*lent, opened(&readers)), (1, 2));
                Ok(())
            })
            .unwrap();
        assert_eq!(opened(&readers), 2, "the one from before did not come back");
        generation.store(3, Ordering::SeqCst);
        assert_eq!(opened(&readers), 3, "nobody has cleared");
    }
}
