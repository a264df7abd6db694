//! What the process ends with after something was brought along.

use crate::base::account::{Account, Fate, Spot};

/// A file with something to look at: what the process ends with, and why.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub(super) struct Fared {
    pub(super) exit: u8,
    said: String,
}

impl Fared {
    pub(super) fn new(exit: u8, said: impl Into<String>) -> Fared {
        Fared {
            exit,
            said: said.into(),
        }
    }
}

/// 1 when there are notes, 2 when something is refused.
pub(super) fn fared<P: Spot>(of: &str, account: &Account<P>) -> anyhow::Result<()> {
    let (exit, fate, what) = match account.fate() {
        Fate::Carried => return Ok(()),
        Fate::Noted => (1, Fate::Noted, "carried over with a note"),
        Fate::Refused => (2, Fate::Refused, "refused"),
    };
    let [one, many] = P::WORDS;
    let count = match account.count(fate) {
        1 => format!("1 {one} is"),
        several => format!("{several} {many} are"),
    };
    Err(Fared::new(exit, format!("{of}: {count} {what}")).into())
}
