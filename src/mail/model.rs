//! A letter in the queue, and when it is tried.

use crate::base::Time;
use crate::id;
use crate::store;
use crate::web;

id!(LetterId);

/// What has become of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Sent,
    Failed,
    /// Nobody wants it any more.
    Discarded,
}

impl State {
    pub(super) const ALL: [State; 4] =
        [State::Waiting, State::Failed, State::Sent, State::Discarded];

    pub(super) fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Discarded => "discarded",
        }
    }

    pub(super) fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|one| one.name() == name)
    }

    pub(super) fn badge(self) -> &'static str {
        match self {
            State::Waiting => "info",
            State::Sent => "good",
            State::Failed => "bad",
            State::Discarded => "",
        }
    }
}

/// A letter in the queue, without what it says.
#[derive(Clone, Debug)]
pub(super) struct Queued {
    pub(super) id: LetterId,
    pub(super) kind: String,
    pub(super) address: String,
    pub(super) name: String,
    pub(super) subject: String,
    pub(super) state: State,
    pub(super) tries: i64,
    pub(super) made: Time,
    pub(super) next: Time,
    pub(super) fault: String,
    /// What it says is still there: it can be sent.
    pub(super) has_body: bool,
}

/// How long a letter is tried.
const PATIENCE: i64 = Time::DAY;
/// Minutes to wait after the first try, the second, and so on.
const WAITS: [i64; 6] = [1, 5, 15, 60, 120, 240];

/// When to try again after that many tries; `None`: it is given up.
pub fn next_try(made: Time, tries: i64, now: Time) -> Option<Time> {
    let end = made.plus(PATIENCE);
    if now >= end {
        return None;
    }
    let last = WAITS.len() - 1;
    let at = usize::try_from(tries - 1).unwrap_or_default().min(last);
    // The last try is made when the day is over.
    Some(now.plus(WAITS[at] * Time::MINUTE).min(end))
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no server for mail is set up; an operator can name one")]
    Off,
    #[error("ten thousand letters wait already; see why they do not leave")]
    Crowded,
    #[error("what this letter said is gone; have it written anew")]
    Gone,
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            other => web::Error::Conflict(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_less_and_less_often_and_given_up_after_a_day() {
        let made = Time(1_800_000_000_000);
        let (mut now, mut tries, mut waits) = (made, 1, Vec::new());
        while let Some(next) = next_try(made, tries, now) {
            waits.push((next.0 - now.0) / Time::MINUTE);
            (now, tries) = (next, tries + 1);
        }
        assert_eq!(waits, [1, 5, 15, 60, 120, 240, 240, 240, 240, 240, 39]);
        assert_eq!(now, made.plus(PATIENCE));
    }
}
