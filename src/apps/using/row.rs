//! Rows of a form on their way into the tables: what each asks for, and those below it.

use crate::data::{Question, Value};

/// One row to be written, and those below it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where it stands in the form; empty for the form itself.
    pub(super) path: String,
    pub(super) list: String,
    pub(super) act: Act,
    /// Where its query stands in the app.
    pub(super) query: usize,
    pub(super) asks: Asks,
    /// The row it is already.
    pub(super) there: Option<There>,
    /// How many lines each list below it may have.
    pub(super) counts: Vec<Count>,
    pub(super) below: Vec<Row>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Add,
    Change,
    Remove,
    /// Nobody changed it.
    Keep,
}

/// A question some of whose values are the key of the row above.
#[derive(Clone, Debug)]
pub(super) struct Asks {
    pub(super) question: Question,
    pub(super) above: Vec<String>,
}

/// A line that is there, as its list's `load` gives it.
#[derive(Clone, Debug)]
pub(super) struct There {
    pub(super) asks: Asks,
    pub(super) key: Value,
    /// The mark of the row as it was seen.
    pub(super) seen: String,
}

/// A list that is read again when all is written.
#[derive(Clone, Debug)]
pub(super) struct Count {
    pub(super) path: String,
    pub(super) asks: Asks,
    pub(super) min: usize,
    pub(super) max: usize,
}

impl Asks {
    /// The question below the row with that key.
    pub(super) fn below(&self, key: &Value) -> Question {
        let mut question = self.question.clone();
        for (name, value) in &mut question.values {
            if self.above.contains(name) {
                *value = key.clone();
            }
        }
        question
    }
}
