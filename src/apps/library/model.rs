//! What is kept of an app.

use crate::apps::format::Problem;
use crate::base::Time;
use crate::id;
use crate::{store, web};

/// An app in the list of apps.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: String,
    pub title: String,
    /// The version people use; `None` until it is published.
    pub version: Option<i64>,
    pub draft_at: Time,
    /// The draft says something else than the published version.
    pub is_changed: bool,
}

/// What an app is to one person.
#[derive(Clone, Debug)]
pub(in crate::apps) struct Mine {
    pub(in crate::apps) app: String,
    /// It stands first in their list.
    pub(in crate::apps) is_starred: bool,
    /// When they opened it last.
    pub(in crate::apps) opened: Option<Time>,
}

/// One published version.
#[derive(Clone, Debug)]
pub struct Version {
    pub version: i64,
    pub note: String,
    pub at: Time,
    /// The name of whoever published it.
    pub by: String,
    pub is_current: bool,
}

/// The text builders work on, with what is known about it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: String,
    pub title: String,
    pub text: String,
    pub at: Time,
    /// The name of whoever saved it.
    pub by: String,
    /// The version people use.
    pub version: Option<i64>,
}

/// What can be undone and redone of a draft.
#[derive(Clone, Debug, Default)]
pub(in crate::apps) struct Stood {
    pub(in crate::apps) undo: Option<String>,
    pub(in crate::apps) redo: Option<String>,
    /// How many can be undone, one after the other.
    pub(in crate::apps) behind: i64,
    pub(in crate::apps) most: i64,
}

/// On which side of the draft an earlier text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apps) enum Side {
    Behind,
    Ahead,
    /// Only so that changes of several people can be joined.
    Between,
}

/// A text that another one took the place of.
#[derive(Clone, Debug)]
pub(in crate::apps) struct Step {
    pub(in crate::apps) text: String,
    /// When it was saved.
    pub(in crate::apps) at: Time,
    /// What was done after it, and by whom.
    pub(in crate::apps) what: String,
    pub(in crate::apps) by: String,
}

id!(RequestId);

/// A draft somebody wants published, in a workspace where that takes two.
#[derive(Clone, Debug)]
pub(in crate::apps) struct Request {
    pub(in crate::apps) id: String,
    pub(in crate::apps) app: String,
    pub(in crate::apps) title: String,
    /// Which state of the draft is meant.
    pub(in crate::apps) draft_at: Time,
    pub(in crate::apps) note: String,
    pub(in crate::apps) at: Time,
    /// The id and the name of whoever asks.
    pub(in crate::apps) by: String,
    pub(in crate::apps) by_name: String,
    /// `None` while it is open.
    pub(in crate::apps) verdict: Option<Verdict>,
    pub(in crate::apps) reason: String,
    pub(in crate::apps) decided: Option<Time>,
    pub(in crate::apps) decided_by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apps) enum Verdict {
    Approved,
    Refused,
    Withdrawn,
}

impl Verdict {
    pub(in crate::apps) fn name(self) -> &'static str {
        match self {
            Verdict::Approved => "approved",
            Verdict::Refused => "refused",
            Verdict::Withdrawn => "withdrawn",
        }
    }

    /// What this build does not know was no approval.
    pub(in crate::apps) fn named(name: &str) -> Verdict {
        match name {
            "approved" => Verdict::Approved,
            "refused" => Verdict::Refused,
            _ => Verdict::Withdrawn,
        }
    }
}

/// A version to be.
#[derive(Clone, Copy, Debug)]
pub(in crate::apps) struct NewVersion<'a> {
    pub(in crate::apps) app: &'a str,
    pub(in crate::apps) text: &'a str,
    pub(in crate::apps) note: &'a str,
    pub(in crate::apps) at: Time,
    pub(in crate::apps) by: &'a str,
}

/// What can go wrong with an app, in the words of apps.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such app")]
    Missing,
    /// They may open it, and no more.
    #[error("this app is for others to change; ask an admin of your workspace")]
    NotYours,
    #[error("there is an app called `{0}` already; choose another id")]
    Exists(String),
    /// The file is not a whole app; the problems say where.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// Holds who changed it.
    #[error(
        "{0} saved this draft after you opened it; nothing of yours is lost, and nothing of theirs was overwritten"
    )]
    Stale(String),
    /// Holds who changed the same, and what.
    #[error(
        "{0} changed {1} after you opened it, and so did you; nothing of yours is lost, and nothing of theirs was overwritten"
    )]
    Apart(String, String),
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::Missing => web::Error::NotFound,
            Error::NotYours => web::Error::Forbidden,
            Error::Exists(_) | Error::Stale(_) | Error::Apart(..) => {
                web::Error::Conflict(error.to_string())
            }
            Error::Problems(_) | Error::Refused(_) => web::Error::Invalid(error.to_string()),
        }
    }
}
