//! Keys and limits, as people see them.

use crate::base::{Bound, Limits, Time};
use crate::site::SYSTEM;
use crate::store::{self, FolderError};
use crate::web::{Faults, Fields, WorkspaceId};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such key: it is instance, system, all, or the id of a workspace")]
    NoKey,
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Whose key is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    Instance,
    System,
    Workspace(WorkspaceId),
    All,
}

impl Wanted {
    pub fn parse(word: &str) -> Result<Wanted, Error> {
        match word {
            "instance" => Ok(Wanted::Instance),
            SYSTEM => Ok(Wanted::System),
            "all" => Ok(Wanted::All),
            id => WorkspaceId::parse(id)
                .map(Wanted::Workspace)
                .ok_or(Error::NoKey),
        }
    }
}

/// A workspace, as the operator sees it: never what is in it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: WorkspaceId,
    pub(super) name: String,
    pub(super) created: Time,
}

/// The last change of a key that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) id: i64,
    pub(super) what: String,
    pub(super) asked_by: String,
    pub(super) done: Option<Time>,
    pub(super) fault: Option<String>,
}

/// One key, without the key.
#[derive(Clone, Debug)]
pub struct KeyFacts {
    /// As a change of it is asked for.
    pub what: String,
    pub title: String,
    pub algorithm: &'static str,
    pub place: String,
    /// Since when it is in use.
    pub since: Option<Time>,
    pub is_changing: bool,
    /// Why the last change came to nothing.
    pub fault: Option<String>,
    pub can_change: bool,
}

/// All keys of the instance.
#[derive(Clone, Debug)]
pub struct Keys {
    pub list: Vec<KeyFacts>,
}

/// What a form about limits says: one value per bound, nothing for what is usual.
pub(super) struct NewLimits(pub(super) Vec<(Bound, Option<u64>)>);

impl NewLimits {
    pub(super) fn parse(fields: &Fields) -> Result<NewLimits, Faults> {
        let mut faults = Faults::default();
        let mut limits = Vec::new();
        for bound in Bound::ALL {
            let typed = fields.get(bound.name()).unwrap_or_default().trim();
            let plain = typed.replace([',', ' ', '_'], "");
            let (least, most) = bound.range();
            match plain.parse::<u64>() {
                _ if plain.is_empty() => limits.push((bound, None)),
                Ok(value) if (least..=most).contains(&value) => limits.push((bound, Some(value))),
                _ => faults.add(
                    bound.name(),
                    format!(
                        "write a whole number from {least} to {most}, or nothing for the usual one"
                    ),
                ),
            }
        }
        if faults.is_empty() {
            Ok(NewLimits(limits))
        } else {
            Err(faults)
        }
    }

    /// What then holds.
    pub(super) fn over(&self, usual: Limits) -> Limits {
        let set = self.0.iter();
        set.fold(usual, |limits, (bound, value)| match value {
            Some(value) => limits.with(*bound, *value),
            None => limits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_in_its_range_or_nothing() {
        let fine = NewLimits::parse(&Fields::parse("page_seconds=2&storage_megabytes=1,024"));
        let limits = fine.ok().unwrap().over(Limits::default());
        assert_eq!(limits.get(Bound::Page), 2);
        assert_eq!(limits.get(Bound::Storage), 1024);
        assert_eq!(limits.get(Bound::Rows), Bound::Rows.usual());
        for wrong in [
            "page_seconds=0",
            "page_seconds=-1",
            "answer_rows=many",
            "queries_at_once=1e9",
        ] {
            let faults = NewLimits::parse(&Fields::parse(wrong)).err().unwrap();
            let (field, fault) = faults.iter().next().unwrap();
            assert!(
                wrong.starts_with(field) && fault.contains("whole number"),
                "{fault}"
            );
        }
    }

    #[test]
    fn only_keys_that_there_are_can_be_asked_for() {
        assert_eq!(Wanted::parse("instance").unwrap(), Wanted::Instance);
        for word in ["", "../onsight", "tls:root", "file:system", "Instance"] {
            assert!(matches!(Wanted::parse(word), Err(Error::NoKey)), "{word}");
        }
    }
}
