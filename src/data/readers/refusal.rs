//! Why a file is not read.

use std::io;

use serde::{Deserialize, Serialize};

/// The end of reading a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "lowercase")]
pub enum Refusal {
    /// Something about the file, in a sentence for the person who sent it.
    #[error("{0}")]
    File(String),
    /// Whoever asked wants no more.
    #[error("reading the file was stopped")]
    Stopped,
    /// Our own copy of the file is gone or broken: for the log.
    #[error("the copy of the file on this server cannot be read: {0}")]
    Disk(String),
}

impl Refusal {
    pub(super) fn file(text: impl Into<String>) -> Refusal {
        Refusal::File(text.into())
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        match error.downcast::<Refusal>() {
            Ok(refusal) => refusal,
            Err(error) => Refusal::Disk(error.to_string()),
        }
    }
}

/// So that a refusal can travel through a crate that only knows `io::Error`.
impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> io::Error {
        io::Error::other(refusal)
    }
}
