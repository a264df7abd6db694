//! A table with one row for each answer.

use std::io::Write;

use super::super::cells::{coded, labelled};
use super::super::{Error, Format, Job, Records};
use crate::data::Cell;
use crate::data::writers::Csv;
use crate::surveys::map::{Datum, Variable};

pub(super) static KIND: Long = Long;

pub(super) struct Long;

/// The respondent stands in the first column of every row.
const HEADING: [&str; 7] = [
    "respondent",
    "variable",
    "block",
    "turn",
    "state",
    "value",
    "label",
];

impl Format for Long {
    fn id(&self) -> &'static str {
        "csv-long"
    }

    fn name(&self) -> &'static str {
        "CSV, one row per answer"
    }

    fn help(&self) -> &'static str {
        "What was asked of whom and what they said, with code and label. For pivot tables and databases."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("csv", "text/csv; charset=utf-8")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let mut buffer = Vec::new();
        Csv::default().heading(HEADING, &mut buffer);
        out.write_all(&buffer)?;
        let mut count = 0;
        records.each(&mut |record| {
            count += 1;
            buffer.clear();
            let serial = match (job.map.variables.first(), record.first()) {
                (Some(first), Some(datum)) if first.block.is_empty() => coded(first, datum),
                _ => Cell::Integer(count),
            };
            for (variable, datum) in job.map.variables.iter().zip(record) {
                answer(job, serial, (variable, datum), &mut buffer);
            }
            Ok(out.write_all(&buffer)?)
        })
    }
}

/// A row, unless the question was not asked.
fn answer(job: &Job<'_>, serial: Cell<'_>, of: (&Variable, &Datum), out: &mut Vec<u8>) {
    let (variable, datum) = of;
    let state = match datum {
        Datum::NotAsked => return,
        Datum::NotAnswered => "not answered",
        Datum::Number(_) if is_unknown(variable, datum) => "don't know",
        Datum::Number(_) | Datum::Text(_) => "answered",
    };
    let (value, label) = match datum {
        Datum::NotAnswered => (Cell::Null, Cell::Null),
        Datum::Number(_) => (
            coded(variable, datum),
            match labelled(variable, datum, job.lang) {
                label @ Cell::Text(_) => label,
                _ => Cell::Null,
            },
        ),
        Datum::NotAsked | Datum::Text(_) => (coded(variable, datum), Cell::Null),
    };
    let turn = variable
        .turn
        .map_or(Cell::Null, |turn| Cell::Integer(turn.into()));
    let row = [
        serial,
        Cell::Text(&variable.name),
        Cell::Text(&variable.block),
        turn,
        Cell::Text(state),
        value,
        label,
    ];
    Csv::default().row(row, out);
}

fn is_unknown(variable: &Variable, datum: &Datum) -> bool {
    let code = match datum {
        Datum::Number(number) => super::super::cells::whole(*number),
        _ => None,
    };
    let code = code.and_then(|code| variable.code(code));
    code.is_some_and(|code| code.is_unknown)
}
