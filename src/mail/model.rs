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
