//! A question that nobody waits for any more is stopped at the server too.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::timeout;

/// How long one tries to tell the server.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells a server to stop what one of its connections is doing.
pub(in crate::data) trait Stopper: Send {
    fn stop(self: Box<Self>) -> BoxFuture<'static, ()>;
}

/// Stops what is under way when it is dropped before it was called off.
pub(super) struct StopOnDrop(Option<Box<dyn Stopper>>);

impl StopOnDrop {
    pub(super) fn new(stopper: Box<dyn Stopper>) -> StopOnDrop {
        StopOnDrop(Some(stopper))
    }

    /// It came to its end by itself.
    pub(super) fn call_off(mut self) {
        self.0 = None;
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        let Some(stopper) = self.0.take() else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            if timeout(PATIENCE, stopper.stop()).await.is_err() {
                tracing::warn!("a database did not take the word to stop a query in {PATIENCE:?}");
            }
        });
    }
}
