//! A bounded set of connections for reading, opened when first needed.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Error;

type Open<C> = dyn Fn() -> Result<C, Error> + Send + Sync;

pub(super) struct Readers<C> {
    seats: Arc<Semaphore>,
    most: usize,
    idle: Arc<Mutex<Vec<C>>>,
    open: Arc<Open<C>>,
}

impl<C: Send + 'static> Readers<C> {
    pub(super) fn new(
        seats: usize,
        open: impl Fn() -> Result<C, Error> + Send + Sync + 'static,
    ) -> Readers<C> {
        Readers {
            seats: Arc::new(Semaphore::new(seats)),
            most: seats,
            idle: Arc::default(),
            open: Arc::new(open),
        }
    }

    pub(super) async fn run<T, E>(
        &self,
        work: impl FnOnce(&C) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.run_fitting(|_any| true, work).await
    }

    /// As `run`, on a connection that fits if one is idle.
    pub(super) async fn run_fitting<T, E>(
        &self,
        fits: impl Fn(&C) -> bool + Send + 'static,
        work: impl FnOnce(&C) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let seat = Arc::clone(&self.seats)
            .acquire_owned()
            .await
            .map_err(|_closed| Error::Closed)?;
        let seats = self.most;
        let (idle, open) = (Arc::clone(&self.idle), Arc::clone(&self.open));
        let reading = spawn_blocking(move || {
            let lent = Lent::take(&idle, (&*open, seats), &fits)?;
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
    home: &'a Mutex<Vec<C>>,
}

impl<'a, C> Lent<'a, C> {
    fn take(
        home: &'a Mutex<Vec<C>>,
        (open, most): (&Open<C>, usize),
        fits: &dyn Fn(&C) -> bool,
    ) -> Result<Lent<'a, C>, Error> {
        let idle = {
            let mut idle = home.lock().unwrap_or_else(PoisonError::into_inner);
            // The one used last has the most in its cache; where none fits, the
            // one not used for longest is given away, once there are enough.
            let fitting = idle.iter().rposition(fits);
            match fitting {
                Some(at) => Some(idle.remove(at)),
                None if idle.len() >= most => Some(idle.remove(0)),
                None => None,
            }
        };
        let conn = match idle {
            Some(conn) => conn,
            None => open()?,
        };
        Ok(Lent {
            conn: Some(conn),
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
        self.home
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(conn);
    }
}
