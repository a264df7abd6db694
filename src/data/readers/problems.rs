//! The rows a plan would stumble over.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::cast::{Caster, Reason, shown};
use super::moment::Slot;
use super::read::{check_width, is_too_long};
use super::scan::{Progress, report};
use super::value::{Record, Value};
use super::{Plan, PlannedColumn, Refusal, Upload, recognise};
use crate::base::text;

/// Problems named one by one.
const NAMED: usize = 100;

/// One value that is not what its column should hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u64,
    /// The name the plan gives the column; empty when it is the whole row.
    pub column: String,
    /// Shortened.
    pub value: String,
    /// Goes on after the value: `is not a number`.
    pub reason: String,
}

/// The first problems, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    pub named: Vec<Problem>,
    pub total: u64,
    /// How many rows have one.
    pub rows: u64,
}

impl Problems {
    #[cold]
    pub(super) fn add(
        &mut self,
        line: u64,
        column: &PlannedColumn,
        value: Value<'_>,
        reason: Reason,
    ) {
        self.total += 1;
        if self.named.len() < NAMED {
            let mut slot = Slot::EMPTY;
            self.named.push(Problem {
                line,
                column: column.name.clone(),
                value: text::shorten(&shown(value, &mut slot), 60).into_owned(),
                reason: reason.text().into_owned(),
            });
        }
    }

    #[cold]
    pub(super) fn add_width(&mut self, line: u64, cells: usize, columns: usize) {
        self.total += 1;
        if self.named.len() < NAMED {
            self.named.push(Problem {
                line,
                column: String::new(),
                value: format!("a row of {cells} cells"),
                reason: format!("does not fit {columns} columns"),
            });
        }
    }
}

/// Every value that could not be read as the plan wants it. Whatever the plan
/// says about bad values, nothing is left out here.
pub fn problems(
    upload: &Upload<'_>,
    part: &str,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Problems, Refusal> {
    let caster = Caster::new(&plan.options);
    let mut problems = Problems::default();
    let mut rows = 0;
    let mut outcome = Ok(());
    recognise(upload)?.rows(upload, part, &plan.options, &mut |record| {
        rows += 1;
        if rows == 1 {
            outcome = check_width(record, plan);
            if outcome.is_err() {
                return ControlFlow::Break(());
            }
            if plan.options.header {
                return ControlFlow::Continue(());
            }
        }
        check(record, plan, &caster, &mut problems);
        let flow = report(rows, record, upload, progress);
        if flow.is_break() {
            outcome = Err(Refusal::Stopped);
        }
        flow
    })?;
    outcome.map(|()| problems)
}

fn check(record: &Record<'_>, plan: &Plan, caster: &Caster, problems: &mut Problems) {
    let before = problems.total;
    let mut slot = Slot::EMPTY;
    if is_too_long(record, plan) {
        problems.add_width(record.line, record.values.len(), plan.columns.len());
    }
    for (column, value) in plan.columns.iter().zip(record.values) {
        if column.skip {
            continue;
        }
        if let Err(reason) = caster.cast(*value, column, &mut slot) {
            problems.add(record.line, column, *value, reason);
        }
    }
    problems.rows += u64::from(problems.total > before);
}
