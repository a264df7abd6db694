//! What is known about a file on its way in, and how an import can fail.

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Mode};
use crate::base::Time;
use crate::data::readers::{Findings, Part, Problems, Refusal, Report};
use crate::data::tables;
use crate::journal::Actor;
use crate::store::{Db, Error as StoreError, Key};
use crate::web::{self, WorkspaceId};

crate::id!(UploadId);

/// Who brings rows, and into whose file.
#[derive(Clone)]
pub struct Bringer {
    pub actor: Actor,
    pub workspace: WorkspaceId,
    pub db: Db,
}

/// How far an upload has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The bytes are here; nobody has looked at them.
    Received,
    Looking,
    /// The file cannot be read; `fault` says why.
    Refused,
    /// Looked at: a person may decide now.
    Seen,
    Importing,
    Imported,
}

impl Stage {
    const ALL: [Stage; 6] = [
        Stage::Received,
        Stage::Looking,
        Stage::Refused,
        Stage::Seen,
        Stage::Importing,
        Stage::Imported,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Stage::Received => "received",
            Stage::Looking => "looking",
            Stage::Refused => "refused",
            Stage::Seen => "seen",
            Stage::Importing => "importing",
            Stage::Imported => "imported",
        }
    }

    pub(super) fn named(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// A file somebody sent, with everything known about it.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) id: UploadId,
    pub(super) workspace: WorkspaceId,
    /// As its sender calls it.
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) key: Key,
    pub(super) stage: Stage,
    /// The table it was brought for.
    pub(super) wanted: Option<String>,
    pub(super) seen: Option<Seen>,
    pub(super) draft: Option<Draft>,
    pub(super) problems: Option<Problems>,
    pub(super) outcome: Option<Outcome>,
    /// Why the last attempt came to nothing.
    pub(super) fault: Option<String>,
    pub(super) created: Time,
}

/// What a look at the file has shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The kind of the file, in the words people read.
    pub(super) kind: String,
    pub(super) parts: Vec<Part>,
    /// The part that was looked at.
    pub(super) part: String,
    pub(super) findings: Findings,
}

impl Seen {
    /// The part that was looked at, as people read it.
    pub(super) fn part_title(&self) -> &str {
        let part = self.parts.iter().find(|part| part.name == self.part);
        part.map_or(self.part.as_str(), |part| part.title.as_str())
    }
}

/// What became of an import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub table: String,
    pub mode: Mode,
    /// Rows that were there before and are new now.
    pub updated: u64,
    pub report: Report,
    pub milliseconds: u64,
}

/// Why rows do not come in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("choose a file first")]
    NoFile,
    #[error("the file did not arrive whole; nothing was saved, send it again")]
    Broken,
    #[error("something is being done with this file already; wait, or cancel it")]
    Running,
    #[error("the file has not been looked at yet")]
    NotSeen,
    #[error("the import was cancelled; nothing was kept")]
    Cancelled,
    /// A value of the column that names the rows comes twice, or not at all.
    #[error("line {line}: {reason}; correct the file, or choose another key column")]
    Key { line: u64, reason: String },
    #[error(
        "the file has more than one row with “{value}” in {column}, so nobody can say which of them counts: correct the file, or choose another column"
    )]
    Ambiguous { column: String, value: String },
    #[error(
        "the table has a row with “{value}” in {column} already: choose to update such rows, or leave the column out"
    )]
    Clash { column: String, value: String },
    /// Several sentences, by field.
    #[error("{0}")]
    Unready(String),
    #[error(transparent)]
    File(#[from] Refusal),
    #[error(transparent)]
    Table(#[from] tables::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Error::Store(StoreError::Full),
            _ => Error::Store(StoreError::Io(error)),
        }
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::Table(error) => error.into(),
            Error::File(Refusal::Disk(_)) => web::Error::broken(error),
            Error::Running => web::Error::Conflict(error.to_string()),
            Error::NoFile
            | Error::Broken
            | Error::NotSeen
            | Error::Cancelled
            | Error::Key { .. }
            | Error::Ambiguous { .. }
            | Error::Clash { .. }
            | Error::Unready(_)
            | Error::File(Refusal::File(_) | Refusal::Stopped) => {
                web::Error::Invalid(error.to_string())
            }
        }
    }
}

impl Error {
    /// The sentence for the person who waits for the import; what only the log
    /// should know goes there.
    pub(super) fn tell(&self, upload: UploadId) -> String {
        match self {
            Error::Store(StoreError::Full) => {
                "the server's disk is full; nothing was kept".to_owned()
            }
            Error::Store(error @ (StoreError::Sqlite(_) | StoreError::Io(_)))
            | Error::Table(tables::Error::Store(
                error @ (StoreError::Sqlite(_) | StoreError::Io(_)),
            )) => {
                tracing::error!(upload.id = %upload, "upload {upload} failed: {error}");
                "something broke on our side; nothing was kept, and it is in the log".to_owned()
            }
            Error::File(Refusal::Disk(cause)) => {
                tracing::error!(upload.id = %upload, "upload {upload} cannot be read: {cause}");
                "our copy of the file cannot be read any more: send the file again".to_owned()
            }
            other => other.to_string(),
        }
    }
}
