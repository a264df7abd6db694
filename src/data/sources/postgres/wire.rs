//! The wire below a connection: it runs in the task of whoever asks, so that neither wakes
//! the other on another thread for each message.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

pub(super) struct Wire {
    /// `None` once it has ended.
    running: Option<BoxFuture<'static, Result<(), tokio_postgres::Error>>>,
}

impl Wire {
    pub(super) fn new(
        running: impl Future<Output = Result<(), tokio_postgres::Error>> + Send + 'static,
    ) -> Wire {
        Wire {
            running: Some(running.boxed()),
        }
    }

    /// Does what goes over the wire. Where the wire ends meanwhile, the work hears of it.
    pub(super) async fn carry<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|context| {
            loop {
                // What is asked is sent by the wire's turn after it, what came is taken by the
                // next of the work.
                if let Poll::Ready(done) = work.as_mut().poll(context) {
                    return Poll::Ready(done);
                }
                let Some(running) = &mut self.running else {
                    return Poll::Pending;
                };
                if running.poll_unpin(context).is_pending() {
                    return Poll::Pending;
                }
                self.running = None;
            }
        })
        .await
    }
}

impl Drop for Wire {
    /// The server is told that nobody asks any more, by the wire itself: that ends once the
    /// client is gone and it has said so.
    fn drop(&mut self) {
        if let (Some(running), Ok(runtime)) = (self.running.take(), Handle::try_current()) {
            runtime.spawn(running);
        }
    }
}
