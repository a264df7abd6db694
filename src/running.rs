//! Whom work is being done for right now, so that it can be told to stop.

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::select_all;
use tokio::sync::watch;

/// More names than this are not kept without need.
const MOST: usize = 20_000;

/// The work of this process, by what it is done under: a person, a workspace, a
/// grant, each by its id.
#[derive(Clone, Default)]
pub struct Running {
    known: Arc<Mutex<HashMap<String, watch::Sender<u64>>>>,
}

/// Tells one piece of work when it has to stop.
pub struct Stopped(Vec<watch::Receiver<u64>>);

impl Running {
    /// Work begins under all of these: it stops when one of them does.
    pub fn under(&self, names: impl IntoIterator<Item = String>) -> Stopped {
        let mut known = self.lock();
        if known.len() > MOST {
            known.retain(|_, told| told.receiver_count() > 0);
        }
        let listen = |name| known.entry(name).or_default().subscribe();
        Stopped(names.into_iter().map(listen).collect())
    }

    /// Stops all that is under way under that name. What begins later goes on.
    pub fn stop(&self, name: &str) {
        if let Some(told) = self.lock().get(name) {
            told.send_modify(|times| *times += 1);
        }
    }

    /// The names something is under way under.
    pub fn names(&self) -> Vec<String> {
        let known = self.lock();
        let busy = known.iter().filter(|(_, told)| told.receiver_count() > 0);
        busy.map(|(name, _)| name.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<u64>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stopped {
    /// Waits until the work has to stop: for ever, if it never has to.
    pub async fn told(mut self) {
        let changes = self.0.iter_mut().map(|told| {
            Box::pin(async move {
                if told.changed().await.is_err() {
                    pending::<()>().await;
                }
            })
        });
        let changes: Vec<_> = changes.collect();
        if changes.is_empty() {
            pending::<()>().await;
        }
        select_all(changes).await;
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
        let under = |names: &[&str]| running.under(names.iter().map(|name| (*name).to_owned()));
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
        let work = running.under(["ada".to_owned()]);
        assert_eq!(running.names(), ["ada"]);
        drop(work);
        assert!(running.names().is_empty());
    }
}
