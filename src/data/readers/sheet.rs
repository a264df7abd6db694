//! Rows of a sheet, gathered from cells that come one by one.

use std::ops::ControlFlow;

use super::value::{Record, Value};
use super::{Refusal, Sink};
use crate::base::text::thousands;

/// SQLite keeps no more columns in a table.
const WIDEST: usize = 2000;

/// A value that outlives the cell it came from.
pub(super) enum Held<'b> {
    Plain(Value<'b>),
    Words(String),
}

/// The row being gathered, cell by cell.
pub(super) struct Row<'b> {
    pub(super) line: u64,
    cells: Vec<Held<'b>>,
    /// As wide as the first row that is not empty.
    width: usize,
    /// Rows still to be left out.
    skip: u64,
}

impl<'b> Row<'b> {
    pub(super) fn new(skip: u64) -> Row<'b> {
        Row {
            line: 0,
            cells: Vec::new(),
            width: 0,
            skip,
        }
    }

    pub(super) fn start(&mut self, line: u64) {
        self.line = line;
        self.cells.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub(super) fn put(&mut self, column: usize, cell: Held<'b>) -> Result<(), Refusal> {
        if matches!(cell, Held::Plain(Value::Nothing)) {
            return Ok(());
        }
        if column >= WIDEST {
            return Err(Refusal::file(format!(
                "row {} has more than {WIDEST} columns, the most a table takes: send fewer columns",
                self.line
            )));
        }
        while self.cells.len() <= column {
            self.cells.push(Held::Plain(Value::Nothing));
        }
        self.cells[column] = cell;
        Ok(())
    }

    /// Hands the row over unless it is empty, padded to the width of the first.
    pub(super) fn hand_over(&mut self, bytes_done: u64, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        if self.skip > 0 {
            self.skip -= 1;
            return ControlFlow::Continue(());
        }
        if self.width == 0 {
            self.width = self.cells.len();
        }
        while self.cells.len() < self.width {
            self.cells.push(Held::Plain(Value::Nothing));
        }
        let values: Vec<Value<'_>> = self
            .cells
            .iter()
            .map(|cell| match cell {
                Held::Plain(value) => *value,
                Held::Words(words) => Value::Text(words.as_bytes()),
            })
            .collect();
        sink(&Record {
            line: self.line,
            bytes_done,
            values: &values,
        })
    }
}

/// What to know about merged cells, when there are any.
pub(super) fn merged_note(groups: usize, first_row: u64) -> Option<String> {
    (groups > 0).then(|| {
        format!(
            "{} groups of merged cells, the first in row {first_row}: the first cell of a group keeps the value, the others are empty",
            thousands(groups as u64)
        )
    })
}
