//! What can go wrong with storage.

use rusqlite::{ErrorCode, ffi};

use crate::base::Bound;

/// What can go wrong with storage, by what the caller could do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no such row")]
    NotFound,
    /// Holds the `table.column` SQLite names, for [`ResultExt::on_taken`].
    #[error("{0} is taken")]
    Taken(String),
    #[error("the database is busy")]
    Busy,
    #[error("the database has shut down")]
    Closed,
    #[error("the disk is full, or this workspace has used up its storage; nothing was saved")]
    Full,
    #[error("the query took longer than it may")]
    TooSlow,
    /// A bound of what a file may use was met.
    #[error("{}", super::limits::told(*bound, *most))]
    Limit { bound: Bound, most: u64 },
    #[error("it needs more memory than a query may have; sort or collect less")]
    NoMemory,
    #[error("the query was cancelled")]
    Cancelled,
    #[error("the query gave more than {0} MB")]
    TooMuch(usize),
    /// The engine refused what the query reaches for.
    #[error("this query may not do that: {0}")]
    Denied(String),
    /// What was to be written lies outside a policy, in words for whoever wrote it.
    #[error("{0}")]
    Outside(String),
    /// Somebody's SQL is wrong: the engine's words, and the offset of the place when it tells.
    #[error("{message}")]
    BadSql {
        message: String,
        offset: Option<usize>,
    },
    #[error("{0} cannot be opened with this key")]
    WrongKey(String),
    #[error(
        "{0} was written by a newer version of Onsight: install that version again, or go back to the state before the upgrade with onsight rollback"
    )]
    TooNew(String),
    #[error("the machine gives no random numbers")]
    NoRandomness,
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        let (code, text) = match &error {
            rusqlite::Error::QueryReturnedNoRows => return Error::NotFound,
            rusqlite::Error::SqliteFailure(ffi::Error { code, .. }, text) => (*code, text),
            _ => return Error::Sqlite(error),
        };
        match code {
            ErrorCode::DatabaseBusy => Error::Busy,
            ErrorCode::DiskFull => Error::Full,
            ErrorCode::OperationInterrupted => Error::TooSlow,
            ErrorCode::ConstraintViolation => {
                let taken = text
                    .as_deref()
                    .and_then(|text| text.strip_prefix("UNIQUE constraint failed: "));
                match taken {
                    Some(columns) => Error::Taken(columns.to_owned()),
                    None => Error::Sqlite(error),
                }
            }
            _ => Error::Sqlite(error),
        }
    }
}

impl Error {
    /// What went wrong with SQL that a person wrote: the engine's words go to them.
    pub fn of_query(error: rusqlite::Error) -> Error {
        match error {
            rusqlite::Error::SqlInputError { msg, offset, .. } => Error::BadSql {
                message: msg,
                offset: usize::try_from(offset).ok(),
            },
            rusqlite::Error::SqliteFailure(failure, text) => match failure.code {
                ErrorCode::AuthorizationForStatementDenied => Error::Denied(match text {
                    Some(text) if text != "not authorized" => text,
                    _ => "a query reads tables of this workspace and does nothing else".to_owned(),
                }),
                ErrorCode::OutOfMemory => Error::NoMemory,
                ErrorCode::Unknown | ErrorCode::TooBig | ErrorCode::TypeMismatch => Error::BadSql {
                    message: text.unwrap_or_else(|| failure.to_string()),
                    offset: None,
                },
                _ => rusqlite::Error::SqliteFailure(failure, text).into(),
            },
            rusqlite::Error::MultipleStatement => Error::BadSql {
                message: "only one statement at a time".to_owned(),
                offset: None,
            },
            rusqlite::Error::InvalidParameterName(name) => Error::BadSql {
                message: format!("there is no parameter {name}"),
                offset: None,
            },
            other => other.into(),
        }
    }
}

pub trait ResultExt<T> {
    /// Turns "`column` is taken" into the caller's own word for it.
    fn on_taken<E: From<Error>>(self, column: &str, say: E) -> Result<T, E>;
}

impl<T> ResultExt<T> for Result<T, rusqlite::Error> {
    fn on_taken<E: From<Error>>(self, column: &str, say: E) -> Result<T, E> {
        self.map_err(|error| match Error::from(error) {
            Error::Taken(taken) if taken == column => say,
            other => other.into(),
        })
    }
}
