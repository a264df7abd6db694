//! Why nothing more is heard from somebody, and what their page is told.

use crate::store;
use crate::surveys::running;

/// What a page does about it stands in `assets/js/live.js`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("that is no message of this page")]
    Malformed,
    #[error("that is more than fits in one message")]
    TooLarge,
    #[error("the first message says who is there")]
    NoHello,
    /// No such address, or what was there was erased.
    #[error("there is nothing here")]
    Nobody,
    /// They ended, the survey was closed, or it notes nothing.
    #[error("nothing is noted here any more")]
    Over,
    #[error("too much at once; wait {0} seconds")]
    TooMany(i64),
    #[error("nothing was heard for too long")]
    Silent,
    #[error("all places are taken")]
    Busy,
    #[error("this server is about to stop")]
    Leaving,
    #[error(transparent)]
    Store(store::Error),
}

impl Refusal {
    /// The number a socket is closed with.
    pub(super) fn code(&self) -> u16 {
        match self {
            Refusal::Leaving => 1001,
            Refusal::TooLarge => 1009,
            Refusal::Store(_) => 1011,
            Refusal::Busy => 1013,
            Refusal::Malformed => 4400,
            Refusal::NoHello => 4401,
            Refusal::Nobody => 4404,
            Refusal::Silent => 4408,
            Refusal::Over => 4410,
            Refusal::TooMany(_) => 4429,
        }
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Refusal {
        match error {
            store::Error::NotFound => Refusal::Nobody,
            store::Error::Busy | store::Error::Closed => Refusal::Busy,
            error => Refusal::Store(error),
        }
    }
}

impl From<running::Error> for Refusal {
    fn from(error: running::Error) -> Refusal {
        match error {
            running::Error::Missing => Refusal::Nobody,
            running::Error::Broken(_) => Refusal::Over,
            running::Error::Store(error) => error.into(),
        }
    }
}
