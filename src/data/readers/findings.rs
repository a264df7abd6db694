//! What one look at every row has shown.

use serde::{Deserialize, Serialize};

use super::{DateOrder, Options};
use crate::data::ColumnType;

/// What a part of a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// How the file was read.
    pub options: Options,
    /// Without the heading.
    pub rows: u64,
    pub columns: Vec<ColumnFindings>,
    /// The first rows, as they are written.
    pub preview: Vec<Vec<String>>,
    /// Rows with too many or too few cells, the first of them.
    pub ragged: Vec<Ragged>,
    pub ragged_rows: u64,
    /// Sentences about the file for the person who sent it.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFindings {
    /// What the file calls it; empty if it does not.
    pub heading: String,
    /// The heading as a name for SQL that no other column has.
    pub name: String,
    /// The narrowest type every value fits.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// How its dates are written; `None` without dates.
    pub dates: Option<DateOrder>,
    /// Day and month could be the other way round: no value tells.
    pub ambiguous_dates: bool,
    /// How many values look like what.
    pub counts: Counts,
    /// Cells with nothing in them.
    pub empty: u64,
    /// Cells with a word that stands for nothing.
    pub missing: u64,
    /// Formulas that gave an error; read as nothing.
    pub errors: u64,
    /// Bytes that are no text; read as nothing.
    pub unreadable: u64,
    /// Characters of the longest value.
    pub longest: usize,
    /// The first few different values.
    pub samples: Vec<String>,
    /// Every different value and how often it occurs; `None` when there are
    /// more than fifty, or long ones.
    pub distinct: Option<Vec<Distinct>>,
    /// Integers, none missing, each greater than the one before.
    pub increasing: bool,
}

/// How many values of a column look like what; every value counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub integer: u64,
    pub number: u64,
    pub date: u64,
    pub datetime: u64,
    pub boolean: u64,
    pub text: u64,
}

impl Counts {
    pub(super) fn all(&self) -> u64 {
        self.integer + self.number + self.date + self.datetime + self.boolean + self.text
    }

    /// How many values can be read as that type. Whole numbers are numbers,
    /// a date is a moment at midnight, and everything is text.
    pub fn fitting(&self, kind: ColumnType) -> u64 {
        match kind {
            ColumnType::Integer => self.integer,
            ColumnType::Number => self.integer + self.number,
            ColumnType::Date => self.date,
            ColumnType::DateTime => self.date + self.datetime,
            ColumnType::Boolean => self.boolean,
            ColumnType::Text => self.all(),
        }
    }

    /// The narrowest type everything fits.
    pub(super) fn best(&self) -> ColumnType {
        let narrowing = [
            ColumnType::Integer,
            ColumnType::Number,
            ColumnType::Date,
            ColumnType::DateTime,
            ColumnType::Boolean,
        ];
        let all = self.all();
        narrowing
            .into_iter()
            .find(|kind| all > 0 && self.fitting(*kind) == all)
            .unwrap_or(ColumnType::Text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distinct {
    pub value: String,
    pub count: u64,
}

/// A row that is longer or shorter than the heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ragged {
    pub line: u64,
    pub cells: usize,
}
