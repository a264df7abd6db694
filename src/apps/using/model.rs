//! What can go wrong when something is sent, in words for whoever sent it.

use crate::base::text::{thousands, title};
use crate::data::Refusal;
use crate::{store, web};

#[derive(Debug, thiserror::Error)]
pub(in crate::apps) enum Error {
    /// Holds the column.
    #[error("another entry has that value already")]
    Taken(String),
    /// Holds the column.
    #[error("this is required")]
    Missing(String),
    #[error("{0}")]
    Broken(String),
    #[error("{}", mismatch(*.wanted, *.found))]
    Expected { wanted: u64, found: usize },
    /// The engine's words, for whoever made the app.
    #[error("{0}")]
    Query(String),
    /// A database elsewhere was not asked; nothing was changed.
    #[error("nothing was changed, because the database this app writes to could not be asked: {0}")]
    Away(String),
    #[error(
        "this was sent to another database, and no answer came back: whether it took effect there is not known. Look at the rows before you send it again with a newly opened page"
    )]
    Unknown,
    #[error(transparent)]
    Store(store::Error),
    /// In a row of a form: where it stands, and which of the app's queries it was.
    #[error("{source}")]
    Within {
        path: String,
        query: usize,
        source: Box<Error>,
    },
}

impl Error {
    /// The same, at that row.
    pub(super) fn within(self, path: &str, query: usize) -> Error {
        match self {
            Error::Store(_) | Error::Within { .. } => self,
            other => Error::Within {
                path: path.to_owned(),
                query,
                source: Box::new(other),
            },
        }
    }
}

fn mismatch(wanted: u64, found: usize) -> String {
    let found = i128::try_from(found).unwrap_or_default();
    let rows = |count: i128| match count {
        0 => "none".to_owned(),
        1 => "1 entry".to_owned(),
        count => format!("{} entries", thousands(count)),
    };
    let wanted = rows(i128::from(wanted));
    format!(
        "this would have changed {} instead of {wanted}, so nothing was changed; perhaps somebody else was faster: open the page again",
        rows(found)
    )
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        let column = |place: &str| {
            place
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let text = match error {
            store::Error::Taken(columns) => {
                // Of several it is the last that tells rows of the same parent apart.
                let last = columns.rsplit(',').next().unwrap_or_default();
                return Error::Taken(column(last));
            }
            store::Error::BadSql { message, .. } => return Error::Query(message),
            store::Error::Outside(said) => return Error::Broken(said),
            store::Error::Denied(_) => return Error::Query(error.to_string()),
            store::Error::Sqlite(ref inner) => inner.to_string(),
            other => return Error::Store(other),
        };
        if let Some(place) = text.strip_prefix("NOT NULL constraint failed: ") {
            return Error::Missing(column(place));
        }
        if text.starts_with("FOREIGN KEY constraint failed") {
            let said = "something this refers to is not there, or something else still refers to it; nothing was changed";
            return Error::Broken(said.to_owned());
        }
        if let Some(rule) = text.strip_prefix("CHECK constraint failed: ") {
            return Error::Broken(format!(
                "this does not meet the rule “{rule}”; nothing was changed"
            ));
        }
        if let Some(rest) = text.strip_prefix("cannot store ") {
            let name = rest.rsplit('.').next().unwrap_or_default();
            return Error::Broken(format!(
                "the value for {} is of another kind than its column takes",
                title(name)
            ));
        }
        Error::Store(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::Taken(column) => Error::Taken(column),
            Refusal::Missing(column) => Error::Missing(column),
            Refusal::Broken(said) => Error::Broken(said),
            Refusal::Expected { wanted, found } => Error::Expected {
                wanted,
                found: usize::try_from(found).unwrap_or(usize::MAX),
            },
            Refusal::Query(said) => Error::Query(said),
            Refusal::Away(said) => Error::Away(said),
            Refusal::Unknown(_) => Error::Unknown,
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::Taken(ref column) | Error::Missing(ref column) => {
                web::Error::Invalid(format!("{}: {error}", title(column)))
            }
            Error::Expected { .. } | Error::Unknown => web::Error::Conflict(error.to_string()),
            Error::Within { source, .. } => (*source).into(),
            Error::Broken(_) | Error::Query(_) | Error::Away(_) => {
                web::Error::Invalid(error.to_string())
            }
        }
    }
}
