//! Files of rows: what kind a file is, what it holds, and its rows, typed.
//!
//! A kind knows how to cut a file into records of values; everything said
//! about columns, types and problems is said once, for all kinds.

mod cast;
mod distinct;
mod document;
mod findings;
mod guard;
mod moment;
mod number;
mod options;
mod plan;
mod problems;
mod read;
mod recognise;
mod refusal;
#[cfg(test)]
mod sample;
mod scan;
mod sheet;
mod survey;
mod upload;
mod value;

use std::ops::ControlFlow;

use super::ColumnType;
use crate::kinds;

pub use findings::{ColumnFindings, Counts, Distinct, Findings, Ragged};
pub use options::{DateOrder, Decimal, Options};
pub use plan::{OnBad, Plan, PlannedColumn};
pub use problems::{Problem, Problems, problems};
pub use read::{Line, Report, Stop, read};
pub use recognise::{options, parts, recognise};
pub use refusal::Refusal;
pub use scan::{Progress, scan};
pub use upload::{Source, Upload};

use serde::{Deserialize, Serialize};
use value::Record;

kinds! { pub dyn FileKind: csv, xlsx, ods, sqlite }

/// One table inside a file: the only one of a CSV file, a sheet, a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What the file calls it.
    pub name: String,
    /// What people read.
    pub title: String,
}

/// Takes records one by one until it has seen enough.
type Sink<'s> = dyn FnMut(&Record<'_>) -> ControlFlow<()> + 's;

/// A kind of file: how to know it and how to cut it into records.
pub trait FileKind: Sync {
    /// The word kept in the database.
    fn name(&self) -> &'static str;

    /// The words people read.
    fn title(&self) -> &'static str;

    #[doc(hidden)]
    fn knows(&self, head: &recognise::Head) -> bool;

    /// What is inside, in the order of the file.
    fn parts(&self, upload: &Upload<'_>) -> Result<Vec<Part>, Refusal>;

    /// How the file seems to be written; whoever knows better corrects it.
    fn options(&self, upload: &Upload<'_>, part: &str) -> Result<Options, Refusal>;

    /// What the file itself says its columns hold, where it says so.
    fn declared(
        &self,
        _upload: &Upload<'_>,
        _part: &str,
    ) -> Result<Vec<Option<ColumnType>>, Refusal> {
        Ok(Vec::new())
    }

    /// What a person should know about the part before trusting its rows.
    fn notes(&self, _upload: &Upload<'_>, _part: &str) -> Result<Vec<String>, Refusal> {
        Ok(Vec::new())
    }

    #[doc(hidden)]
    fn rows(
        &self,
        upload: &Upload<'_>,
        part: &str,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refusal>;
}
