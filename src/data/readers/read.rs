//! The rows of a part, typed as a plan wants them.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::cast::Caster;
use super::moment::Slot;
use super::survey::is_blank;
use super::value::Record;
use super::{OnBad, Plan, Problem, Problems, Refusal, Upload, recognise};
use crate::data::Cell;

/// One row, ready to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Where it starts in the file, from 1.
    pub number: u64,
    pub bytes_done: u64,
    /// A cell for each column the plan does not skip.
    pub cells: &'a [Cell<'a>],
}

/// No more rows are wanted. Why, the one who says so knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// What became of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Rows handed over.
    pub rows: u64,
    /// Rows left out.
    pub skipped: u64,
    /// Rows with fewer cells than columns: the rest is empty.
    pub short: u64,
    /// Values that were left empty, and rows that were left out, by line.
    pub changes: Problems,
    /// The rows ended because no more were wanted.
    pub stopped: bool,
}

/// Hands over the rows of a part, one by one, in the order of the file.
pub fn read(
    upload: &Upload<'_>,
    part: &str,
    plan: &Plan,
    sink: &mut dyn FnMut(Line<'_>) -> ControlFlow<Stop>,
) -> Result<Report, Refusal> {
    let mut reading = Reading::new(plan);
    let mut first = true;
    recognise(upload)?.rows(upload, part, &plan.options, &mut |record| {
        if std::mem::take(&mut first) {
            if let Err(refusal) = check_width(record, plan) {
                return reading.refuse(refusal);
            }
            if plan.options.header {
                return ControlFlow::Continue(());
            }
        }
        reading.row(record, sink)
    })?;
    match reading.refusal {
        Some(refusal) => Err(refusal),
        None => Ok(reading.report),
    }
}

/// The file still has the columns the plan was made for.
pub(super) fn check_width(first: &Record<'_>, plan: &Plan) -> Result<(), Refusal> {
    let (found, planned) = (first.values.len(), plan.columns.len());
    if found == planned
        || is_blank(first.values.get(planned..).unwrap_or_default()) && found > planned
    {
        return Ok(());
    }
    Err(Refusal::file(format!(
        "the file has {found} columns and the plan {planned}: look at the file again and make a new plan"
    )))
}

/// There are cells no column takes.
pub(super) fn is_too_long(record: &Record<'_>, plan: &Plan) -> bool {
    let extra = record.values.get(plan.columns.len()..).unwrap_or_default();
    !is_blank(extra)
}

struct Reading<'p> {
    plan: &'p Plan,
    caster: Caster,
    /// Room for the cells of a row, kept from row to row.
    cells: Vec<Cell<'static>>,
    slots: Vec<Slot>,
    report: Report,
    refusal: Option<Refusal>,
}

impl<'p> Reading<'p> {
    fn new(plan: &'p Plan) -> Reading<'p> {
        Reading {
            plan,
            caster: Caster::new(&plan.options),
            cells: Vec::with_capacity(plan.columns.len()),
            slots: vec![Slot::EMPTY; plan.columns.len()],
            report: Report::default(),
            refusal: None,
        }
    }

    fn row(
        &mut self,
        record: &Record<'_>,
        sink: &mut dyn FnMut(Line<'_>) -> ControlFlow<Stop>,
    ) -> ControlFlow<()> {
        let before = self.report.changes.total;
        let mut wanted = self.check_length(record);
        let mut cells = reuse(std::mem::take(&mut self.cells));
        let columns = self.plan.columns.iter().zip(&mut self.slots);
        for ((column, slot), value) in columns.zip(record.values) {
            if column.skip {
                continue;
            }
            match self.caster.cast(*value, column, slot) {
                Ok(cell) => cells.push(cell),
                Err(reason) => {
                    cells.push(Cell::Null);
                    wanted &= self.plan.on_bad == OnBad::Empty || reason.is_forgiven();
                    self.report.changes.add(record.line, column, *value, reason);
                }
            }
        }
        if record.values.len() < self.plan.columns.len() {
            let lacking = self.plan.columns[record.values.len()..].iter();
            cells.extend(lacking.filter(|column| !column.skip).map(|_| Cell::Null));
        }
        self.report.changes.rows += u64::from(self.report.changes.total > before);
        let mut flow = ControlFlow::Continue(());
        if wanted {
            self.report.rows += 1;
            let (number, bytes_done) = (record.line, record.bytes_done);
            let line = Line {
                number,
                bytes_done,
                cells: &cells,
            };
            self.report.stopped = sink(line).is_break();
            if self.report.stopped {
                flow = ControlFlow::Break(());
            }
        }
        self.cells = reuse(cells);
        if wanted { flow } else { self.unwanted() }
    }

    /// Whether the row can be kept for all its length says.
    fn check_length(&mut self, record: &Record<'_>) -> bool {
        let columns = self.plan.columns.len();
        self.report.short += u64::from(record.values.len() < columns);
        if record.values.len() <= columns || !is_too_long(record, self.plan) {
            return true;
        }
        self.report
            .changes
            .add_width(record.line, record.values.len(), columns);
        self.plan.on_bad == OnBad::Empty
    }

    fn unwanted(&mut self) -> ControlFlow<()> {
        if self.plan.on_bad == OnBad::SkipRow {
            self.report.skipped += 1;
            return ControlFlow::Continue(());
        }
        let refusal = match self.report.changes.named.last() {
            Some(problem) => refused(problem),
            None => Refusal::file("a row does not fit the plan: look at the file again"),
        };
        self.refuse(refusal)
    }

    fn refuse(&mut self, refusal: Refusal) -> ControlFlow<()> {
        self.refusal = Some(refusal);
        ControlFlow::Break(())
    }
}

fn refused(problem: &Problem) -> Refusal {
    let Problem {
        line,
        column,
        value,
        reason,
    } = problem;
    let place = if column.is_empty() {
        format!("line {line}")
    } else {
        format!("line {line}, column {column}")
    };
    Refusal::file(format!(
        "{place}: “{value}” {reason}; correct the file, change the type, or choose to skip such rows"
    ))
}

/// The same room, ready for cells that live shorter or longer. Collecting into
/// the vector's own memory is what `Vec` does for equal layouts.
fn reuse<'b>(mut cells: Vec<Cell<'_>>) -> Vec<Cell<'b>> {
    cells.clear();
    cells.into_iter().map(|_| Cell::Null).collect()
}
