//! What a person decided: which columns, under which names, as what.

use serde::{Deserialize, Serialize};

use super::{DateOrder, Findings, Options};
use crate::data::ColumnType;

/// How the rows of a part become typed rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub options: Options,
    /// One for each column of the file, left to right.
    pub columns: Vec<PlannedColumn>,
    pub on_bad: OnBad,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedColumn {
    /// What the file calls it.
    pub heading: String,
    /// What the table will call it.
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// How its dates are written, should it hold any.
    #[serde(default)]
    pub dates: DateOrder,
    /// Not wanted.
    #[serde(default)]
    pub skip: bool,
}

/// What becomes of a row with a value that is not of its column's type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBad {
    /// The whole file is refused.
    #[default]
    Refuse,
    /// The row is kept, the cell is left empty.
    Empty,
    /// The row is left out.
    SkipRow,
}

impl Plan {
    /// The plan that takes every column as it was found.
    pub fn of(findings: &Findings) -> Plan {
        let columns = findings.columns.iter().map(|column| PlannedColumn {
            heading: column.heading.clone(),
            name: column.name.clone(),
            kind: column.kind,
            dates: column.dates.unwrap_or(findings.options.dates),
            skip: false,
        });
        Plan {
            options: findings.options.clone(),
            columns: columns.collect(),
            on_bad: OnBad::default(),
        }
    }
}
