//! Whom work is being done for right now, so that it can be told to stop.

use std::collections::{BTreeSet, HashMap};
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// More kinds of work than this are not kept without need.
const MOST: usize = 20_000;

/// What lasts until somebody ends it stands under this name, besides its own: the process
/// that ends does not wait for it.
pub const LASTING: &str = "lasting";

/// By all the names a piece of work stands under: a page looks here once, stopping
/// somebody looks through all.
type Known = HashMap<Arc<[String]>, watch::Sender<u64>>;

/// The work of this process, by what it is done under: a person, a workspace, a
/// grant, each by its id.
#[derive(Clone, Default)]
pub struct Running {
    known: Arc<Mutex<Known>>,
}

/// Tells one piece of work when it has to stop.
pub struct Stopped(watch::Receiver<u64>);

impl Running {
    /// Work begins under all of these: it stops when one of them does.
    pub fn under(&self, names: &Arc<[String]>) -> Stopped {
        let mut known = self.lock();
        if let Some(told) = known.get(names) {
            return Stopped(told.subscribe());
        }
        if known.len() > MOST {
            known.retain(|_, told| told.receiver_count() > 0);
        }
        Stopped(known.entry(Arc::clone(names)).or_default().subscribe())
    }

    /// Stops all that is under way under that name. What begins later goes on.
    pub fn stop(&self, name: &str) {
        let known = self.lock();
        let meant = known.iter();
        for (_, told) in meant.filter(|(names, _)| names.iter().any(|one| one == name)) {
            told.send_modify(|times| *times += 1);
        }
    }

    /// The names something is under way under, each once.
    pub fn names(&self) -> Vec<String> {
        let known = self.lock();
        let busy = known.iter().filter(|(_, told)| told.receiver_count() > 0);
        let names: BTreeSet<_> = busy.flat_map(|(names, _)| names.iter()).collect();
        names.into_iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stopped {
    /// Waits until the work has to stop: for ever, if it never has to.
    pub async fn told(mut self) {
        if self.0.changed().await.is_err() {
            pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn is_told(stopped: Stopped) -> bool {
        timeout(Duration::from_millis(20), stopped.told())
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn only_what_runs_under_the_name_stops() {
        let running = Running::default();
        let under =
            |names: &[&str]| running.under(&names.iter().map(|name| (*name).to_owned()).collect());
        let (ada, bob) = (under(&["ada", "north"]), under(&["bob", "north"]));
        let lasting = under(&["cyd"]);

        running.stop("ada");
        running.stop("nobody");

        assert!(is_told(ada).await);
        assert!(!is_told(lasting).await);
        running.stop("north");
        assert!(is_told(bob).await);
        assert!(
            !is_told(under(&["north"])).await,
            "what begins later goes on"
        );
    }

    #[tokio::test]
    async fn names_are_those_with_work_under_way() {
        let running = Running::default();
        let work = running.under(&["ada".to_owned()].into());
        assert_eq!(running.names(), ["ada"]);
        drop(work);
        assert!(running.names().is_empty());
    }
}
