//! What goes on over one HTTP/2 connection, so that one where nothing does can
//! be ended: a client may answer every ping and take no byte of any answer.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, sleep};

/// Answers are handed out in pieces, so that a slow reader is seen to move.
const PIECE: usize = 16 << 10;
/// A connection is not looked at more often.
const SOON: Duration = Duration::from_millis(100);

#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    next: u64,
    /// Since when each answer waits to be asked for its next piece; `None` while
    /// we are the ones who make it wait.
    answers: HashMap<u64, Option<Instant>>,
    quiet_since: Instant,
}

/// A request under way, from its head to the last byte of its answer.
pub(super) struct Answering {
    number: u64,
    on: Activity,
}

impl Activity {
    pub(super) fn new() -> Activity {
        Activity(Arc::new(Mutex::new(State {
            next: 0,
            answers: HashMap::new(),
            quiet_since: Instant::now(),
        })))
    }

    pub(super) fn begin(&self) -> Answering {
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        state.answers.insert(number, None);
        Answering {
            number,
            on: self.clone(),
        }
    }

    /// Returns when the connection holds its place for nothing: an answer that
    /// nobody takes for `silence`, or no request for as long as it may rest now.
    pub(super) async fn ends(&self, silence: Duration, rest: impl Fn() -> Duration) {
        loop {
            sleep((silence / 4).min(rest() / 2).max(SOON)).await;
            let (now, state, idle) = (Instant::now(), self.state(), rest());
            let mut handed = state.answers.values().flatten();
            let is_stuck = handed.any(|since| now.duration_since(*since) > silence);
            let is_idle = state.answers.is_empty() && now.duration_since(state.quiet_since) > idle;
            if is_stuck || is_idle {
                return;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answering {
    /// The head is on its way: from now on the rest has to be asked for.
    pub(super) fn with(self, body: Body) -> Answer {
        self.handed(Some(Instant::now()));
        Answer {
            body,
            rest: Bytes::new(),
            answering: self,
        }
    }

    fn handed(&self, at: Option<Instant>) {
        self.on.state().answers.insert(self.number, at);
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = self.on.state();
        state.answers.remove(&self.number);
        state.quiet_since = Instant::now();
    }
}

/// An answer's body that notes when it is taken.
pub(super) struct Answer {
    body: Body,
    rest: Bytes,
    answering: Answering,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            self.answering.handed(None);
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                other => return Poll::Ready(other),
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        self.answering.handed(Some(Instant::now()));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let left = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        let of_body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(of_body.lower().saturating_add(left));
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper.saturating_add(left));
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use http_body_util::BodyExt;
    use tokio::time::timeout;

    const SILENCE: Duration = Duration::from_secs(30);
    const IDLE: Duration = Duration::from_mins(5);

    async fn ends_within(activity: &Activity, seconds: u64) -> bool {
        let ends = activity.ends(SILENCE, || IDLE);
        timeout(Duration::from_secs(seconds), ends).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_nobody_takes_ends_the_connection() {
        let activity = Activity::new();
        let mut answer = activity.begin().with(Body::from(vec![7; 40_000]));
        assert_eq!(answer.size_hint().exact(), Some(40_000));
        let piece = answer.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(piece.len(), PIECE);
        assert_eq!(answer.size_hint().exact(), Some(40_000 - 16_384));
        assert!(!ends_within(&activity, 29).await);
        assert!(ends_within(&activity, 20).await);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_nobody_asks_for_ends_the_connection() {
        let activity = Activity::new();
        let _answer = activity.begin().with(Body::from("rows"));
        assert!(ends_within(&activity, 40).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_rests_for_as_long_as_it_may_at_that_moment() {
        let activity = Activity::new();
        let is_crowded = AtomicBool::new(false);
        let rest = || {
            if is_crowded.load(Ordering::Relaxed) {
                Duration::from_secs(5)
            } else {
                IDLE
            }
        };
        let mut ends = pin!(activity.ends(SILENCE, rest));
        assert!(
            timeout(Duration::from_mins(1), ends.as_mut())
                .await
                .is_err()
        );

        is_crowded.store(true, Ordering::Relaxed);

        assert!(timeout(SILENCE / 4, ends).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_still_being_made_does_not() {
        let activity = Activity::new();
        let answering = activity.begin();
        assert!(!ends_within(&activity, 1_000).await);
        let taken = answering.with(Body::from("rows")).collect().await;
        assert_eq!(taken.unwrap().to_bytes(), "rows");
        assert!(!ends_within(&activity, 299).await);
        assert!(ends_within(&activity, 200).await);
    }
}
