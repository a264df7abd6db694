//! Where SQL that we did not write runs, and who is told of what it read.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::guarded::{Budget, Guarded};
use super::lane::Lane;
use super::policy;
use super::{Db, Error};
use crate::base::Bound;

/// Is told of every answer given through [`Db::ask`], before it is given.
pub trait Witness: Send + Sync {
    /// So many rows were read. Unless this succeeds, nobody gets to see them.
    fn saw(&self, rows: u64) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + '_>>;
}

impl Db {
    /// The same file, with somebody who is told what is asked of it.
    #[must_use]
    pub fn witnessed(&self, witness: Arc<dyn Witness>) -> Db {
        Db {
            witness: Some(witness),
            ..self.clone()
        }
    }

    /// Tells whoever stands beside the file of rows read: for those that were
    /// read in another way than through [`ask`](Db::ask).
    pub async fn saw(&self, rows: u64) -> Result<(), Error> {
        match &self.witness {
            Some(witness) => witness.saw(rows).await,
            None => Ok(()),
        }
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
        let (bound, limits) = (self.bound().await?, self.limits());
        let readers = match bound {
            Some(_) => self.bound_lane(lane),
            None => self.lane(lane),
        };
        let abandoned = CancelOnDrop(Some(budget.cancel.clone()));
        // Who waits longer than work of this kind may take asks too much at once.
        let patience = Duration::from_secs(limits.get(lane.bound()));
        let seat = match readers.seat(patience).await {
            Err(Error::Busy) => return Err(Error::limit(&limits, Bound::AtOnce).into()),
            seat => seat?,
        };
        let (account, rows) = (Arc::clone(&self.inner.account), Arc::new(AtomicU64::new(0)));
        let counted = Arc::clone(&rows);
        let work = move |guarded: &Guarded| {
            let done = work(guarded);
            counted.store(guarded.rows(), Ordering::Relaxed);
            done
        };
        let done = if let Some(policy::Bound { rules, asker }) = bound {
            let fits = {
                let rules = Arc::clone(&rules);
                move |one: &Guarded| one.is_for(&rules)
            };
            let work = move |guarded: &Guarded| {
                let _turn = account.begin();
                guarded.begin(lane, &budget, limits);
                guarded.bind(&rules)?;
                policy::asking(&asker, || work(guarded))
            };
            readers.run_fitting(seat, fits, work).await
        } else {
            let work = move |guarded: &Guarded| {
                let _turn = account.begin();
                guarded.begin(lane, &budget, limits);
                work(guarded)
            };
            readers.run(seat, work).await
        };
        abandoned.keep();
        self.saw(rows.load(Ordering::Relaxed)).await?;
        done
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
