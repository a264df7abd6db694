//! A bounded set of connections for reading, opened when first needed.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Error;

type Open<C> = dyn Fn() -> Result<C, Error> + Send + Sync;

pub(super) struct Readers<C> {
    seats: Arc<Semaphore>,
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
        let seat = Arc::clone(&self.seats)
            .acquire_owned()
            .await
            .map_err(|_closed| Error::Closed)?;
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
    home: &'a Mutex<Vec<C>>,
}

impl<'a, C> Lent<'a, C> {
    fn take(home: &'a Mutex<Vec<C>>, open: &Open<C>) -> Result<Lent<'a, C>, Error> {
        let idle = home.lock().unwrap_or_else(PoisonError::into_inner).pop();
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
