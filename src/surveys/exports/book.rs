//! Responses as a workbook.

use std::io::{self, Write};

use super::{Error, Job, Records};
use crate::data::writers::Xlsx;
use crate::data::{Cell, Column, ColumnType};
use crate::surveys::map::{Datum, Kind, Variable};

pub(super) const FILE: (&str, &str) = (
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
);

/// How a value becomes a cell.
pub(super) type Shown<'a> = dyn for<'d> Fn(&'d Variable, &'d Datum) -> Cell<'d> + 'a;

pub(super) fn write(
    job: &Job<'_>,
    records: &mut dyn Records,
    out: &mut dyn Write,
    shown: &Shown<'_>,
) -> Result<(), Error> {
    let columns: Vec<_> = job.map.variables.iter().map(column).collect();
    let mut book = Xlsx::new(job.title(), &columns, job.folder)?;
    records.each(&mut |record| {
        let cells = job.map.variables.iter().zip(record);
        Ok(book.row(cells.map(|(variable, datum)| shown(variable, datum)))?)
    })?;
    io::copy(&mut book.finish()?, out)?;
    Ok(())
}

fn column(variable: &Variable) -> Column {
    let kind = match variable.kind {
        Kind::Date => Some(ColumnType::Date),
        Kind::DateTime => Some(ColumnType::DateTime),
        Kind::Number { .. } => Some(ColumnType::Number),
        Kind::Text | Kind::File | Kind::Time => Some(ColumnType::Text),
        Kind::Single | Kind::Flag => None,
    };
    Column {
        name: variable.name.clone(),
        kind,
    }
}
