//! Rules that read the journal: what of it is counted, and when that is worth
//! an alert. They are always on.

mod tally;

use std::collections::BTreeSet;

use crate::journal::Past;
use crate::kinds;
use crate::store::{Connection, Error};
use crate::web::WorkspaceId;

use super::model::Alert;

pub(super) use tally::{LONGEST, Tally};

kinds! {
    pub dyn Rule:
    guessed_account,
    guessing_address,
    spray,
    shut_out,
    turned_away,
    refused_key,
    moved_key,
    mass_export,
}

/// One rule.
pub trait Rule: Sync {
    /// What it looks for, for whoever wants to know what is watched.
    fn title(&self) -> &'static str;

    /// The actions it is about: no other record is shown to it.
    fn actions(&self) -> &'static [&'static str];

    /// What the record adds to a count, if it is one this rule is about.
    fn counts(&self, record: &Past, conn: &Connection) -> Result<Option<Count>, Error>;

    /// What is said once the count is full. `record` is the one that filled it.
    fn alert(&self, record: &Past, count: &Reached) -> Alert;
}

/// What a record adds to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What is counted together: an account, an address, a key.
    pub(super) group: String,
    pub(super) adds: Adds,
    /// So many within so many milliseconds fill it.
    pub(super) most: i64,
    pub(super) window: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adds {
    /// One more.
    Once,
    /// One more if it was not among those of the window.
    Different(String),
    /// Full at once, if the group was seen before and never with this.
    New(String),
}

/// A count that is full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    pub(super) group: String,
    pub(super) number: i64,
    pub(super) minutes: i64,
}

/// Somebody was not let in.
const REFUSED_SIGN_INS: [&str; 2] = ["session.refused", "session.throttled"];

fn is_refused_sign_in(record: &Past) -> bool {
    REFUSED_SIGN_INS.contains(&&*record.action)
}

/// The actions that any rule is about, each once.
pub(super) fn actions() -> Vec<&'static str> {
    let all: BTreeSet<_> = ALL
        .iter()
        .flat_map(|rule| rule.actions())
        .copied()
        .collect();
    all.into_iter().collect()
}

fn workspace_of(record: &Past) -> Option<WorkspaceId> {
    WorkspaceId::parse(&record.workspace)
}

/// What strangers typed, as it may be shown: one short line.
fn shown(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(100)
        .collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests;
