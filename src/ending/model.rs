//! What is on its way out, and what can go wrong with that.

use crate::base::Time;
use crate::surveys::keeping;
use crate::web::WorkspaceId;
use crate::{id, store, web};

id!(EndingId);

/// How long something can be had back, in hours, at the most.
pub(super) const LONGEST_UNDO: i64 = 23;
/// How long after it was asked for a deletion is late.
pub(super) const LATE: i64 = Time::DAY;

/// Something that can end, as it is before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    /// What addresses and databases call it.
    pub(super) object: String,
    /// What people call it.
    pub(super) title: String,
    pub(super) made: Time,
}

/// How far an ending is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Hidden, and to be had back until it is due.
    Going,
    /// On its way back.
    Returning,
    /// Out of the rows of all files, and not yet out of their pages.
    Cleared,
    Gone,
}

impl State {
    const ALL: [State; 4] = [State::Going, State::Returning, State::Cleared, State::Gone];

    pub(super) fn name(self) -> &'static str {
        match self {
            State::Going => "going",
            State::Returning => "returning",
            State::Cleared => "cleared",
            State::Gone => "gone",
        }
    }

    /// What this build does not know is left alone: it counts as gone.
    pub(super) fn named(name: &str) -> State {
        let found = State::ALL.into_iter().find(|state| state.name() == name);
        found.unwrap_or(State::Gone)
    }
}

/// Something on its way out.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    pub(super) id: EndingId,
    pub(super) kind: String,
    pub(super) workspace: WorkspaceId,
    /// Empty when it is gone.
    pub(super) object: String,
    /// Empty when it is gone.
    pub(super) title: String,
    pub(super) hash: String,
    pub(super) parent: Option<EndingId>,
    pub(super) state: State,
    pub(super) asked: Time,
    /// The user's id; empty when nobody asked.
    pub(super) asked_by: String,
    pub(super) asked_by_name: String,
    pub(super) due: Time,
    pub(super) late: Time,
    pub(super) fault: Option<String>,
    pub(super) counts: Counts,
    pub(super) ended: Option<Time>,
}

impl Ending {
    pub(super) fn can_come_back(&self, now: Time) -> bool {
        self.state == State::Going && now < self.due
    }
}

/// What went, by word.
pub(super) type Counts = std::collections::BTreeMap<String, u64>;

/// What goes with a thing, for whoever is about to end it.
#[derive(Clone, Debug, Default)]
pub(super) struct Preview {
    /// What goes, and how much of it.
    pub(super) goes: Vec<(&'static str, u64)>,
    /// Who used it lately, and on which day.
    pub(super) used: Vec<(String, Time)>,
    /// What stops working without it, by what kind of thing it is.
    pub(super) breaks: Vec<(&'static str, String)>,
    /// The tables it works with.
    pub(super) tables: Vec<TableUse>,
}

/// A table something works with.
#[derive(Clone, Debug)]
pub(super) struct TableUse {
    pub(super) thing: Thing,
    pub(super) rows: u64,
    /// The titles of other apps that work with it.
    pub(super) others: Vec<String>,
}

/// What becomes of an app's tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tables {
    #[default]
    Keep,
    /// Those that no other app works with go too.
    Own,
    /// All of them go.
    All,
}

impl Tables {
    /// What a form says: keeping is what is meant when nothing is.
    pub(super) fn of(choice: &str, is_forced: bool) -> Tables {
        match (choice, is_forced) {
            ("with", true) => Tables::All,
            ("with", false) => Tables::Own,
            _ => Tables::Keep,
        }
    }

    pub(super) fn takes(self, table: &TableUse) -> bool {
        match self {
            Tables::Keep => false,
            Tables::Own => table.others.is_empty(),
            Tables::All => true,
        }
    }
}

/// What can go wrong with an ending, in the words of whoever asks for it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such thing here")]
    Missing,
    #[error("nothing was deleted: write `{0}` to delete it")]
    Mistyped(String),
    #[error("it is on its way out already: see Deleting")]
    Twice,
    #[error("it is too late: it is being destroyed, or is gone")]
    TooLate,
    #[error(
        "a {kind} called `{name}` was made meanwhile; delete that one, then take this one back"
    )]
    Replaced { kind: &'static str, name: String },
    #[error("a policy hides rows of this table from you; ask an admin to delete it")]
    Hidden,
    #[error("only who asked for it, or an admin, takes it back")]
    NotYours,
    #[error("a visitor leaves this to the workspace's own admins")]
    Visitor,
    #[error("{0}")]
    Refused(String),
    #[error("something of it is still there: {0}")]
    Remains(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::Missing => web::Error::NotFound,
            Error::NotYours | Error::Visitor => web::Error::Forbidden,
            Error::Mistyped(_) | Error::Hidden | Error::Refused(_) => {
                web::Error::Invalid(error.to_string())
            }
            Error::Twice | Error::TooLate | Error::Replaced { .. } | Error::Remains(_) => {
                web::Error::Conflict(error.to_string())
            }
        }
    }
}

impl From<keeping::Error> for Error {
    fn from(error: keeping::Error) -> Error {
        match error {
            keeping::Error::Missing => Error::Missing,
            keeping::Error::Refused(words) => Error::Refused(words),
            keeping::Error::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(others: &[&str]) -> TableUse {
        TableUse {
            thing: Thing {
                object: "orders".to_owned(),
                title: "Orders".to_owned(),
                made: Time(0),
            },
            rows: 1,
            others: others.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn a_table_of_two_apps_goes_only_when_forced() {
        let (own, shared) = (table(&[]), table(&["Law desk"]));

        for (choice, is_forced, goes) in [
            ("keep", false, [false, false]),
            ("keep", true, [false, false]),
            ("", true, [false, false]),
            ("with", false, [true, false]),
            ("with", true, [true, true]),
        ] {
            let tables = Tables::of(choice, is_forced);
            assert_eq!(
                [tables.takes(&own), tables.takes(&shared)],
                goes,
                "{choice}"
            );
        }
    }
}
