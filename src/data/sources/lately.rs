//! What a database elsewhere told of its names a moment ago: where a policy holds, every
//! question needs them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Source, SourceId};

/// A view that is made at the server, or a column, is known this much later.
const FRESH: Duration = Duration::from_secs(5);
/// More are not remembered.
const MOST: usize = 1_000;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Names<'a> {
    /// The columns of a table.
    Columns(&'a str),
    /// Under which rows of other tables can be read: views and the like.
    Others,
}

/// What was told, and when it was asked.
#[derive(Clone, Default)]
pub(in crate::data) struct Lately(Arc<Mutex<HashMap<Of, Told>>>);

type Told = (Instant, Arc<[String]>);

/// The database as it was set, and the table, if it is about one.
type Of = (SourceId, i64, Option<String>);

fn of(source: &Source, names: Names<'_>) -> Of {
    let table = match names {
        Names::Columns(table) => Some(table.to_owned()),
        Names::Others => None,
    };
    (source.id, source.revision, table)
}

impl Lately {
    pub(super) fn recall(&self, source: &Source, names: Names<'_>) -> Option<Arc<[String]>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, told) = known.get(&of(source, names))?;
        (at.elapsed() < FRESH).then(|| Arc::clone(told))
    }

    pub(super) fn remember(
        &self,
        (source, names): (&Source, Names<'_>),
        told: &Arc<[String]>,
        asked: Instant,
    ) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(of(source, names), (asked, Arc::clone(told)));
    }
}
