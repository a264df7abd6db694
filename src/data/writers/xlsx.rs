//! Cells as a workbook of one sheet, written row by row.

use std::io::{Seek, Write};
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use crate::data::{Cell, Column, ColumnType};

/// Rows below the heading that a sheet of Excel has.
const ROWS: u32 = 1_048_575;

/// Characters a cell of Excel takes.
const CHARACTERS: usize = 32_767;

/// The largest integer Excel shows to its last digit.
const EXACT: u64 = 1 << 53;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a sheet of Excel ends at 1,048,575 rows: narrow the rows down, or take a CSV file")]
    TooManyRows,
    #[error("a sheet of Excel ends at 16,384 columns: choose fewer columns, or take a CSV file")]
    TooManyColumns,
    #[error("the workbook cannot be written: {0}")]
    Broken(#[from] XlsxError),
}

/// A workbook being filled. Rows go to a file without a name as they come, so
/// that a million of them cost no memory.
pub struct Xlsx {
    book: Workbook,
    columns: Vec<(Option<ColumnType>, Option<Format>)>,
    rows: u32,
}

impl Xlsx {
    /// A workbook with a sheet of that name and a bold heading, whose rows wait
    /// in `folder` until it is finished.
    pub fn new(title: &str, columns: &[Column], folder: &Path) -> Result<Xlsx, Error> {
        if columns.len() > 16_384 {
            return Err(Error::TooManyColumns);
        }
        let mut book = Workbook::new();
        book.set_tempdir(folder)?;
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(title))?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (at, column) in (0..).zip(columns) {
            let width = if column.kind == Some(ColumnType::DateTime) {
                19
            } else {
                12
            };
            sheet.set_column_width(at, width)?;
            sheet.write_string_with_format(0, at, &column.name, &bold)?;
        }
        let formats = columns
            .iter()
            .map(|column| (column.kind, format(column.kind)));
        Ok(Xlsx {
            book,
            columns: formats.collect(),
            rows: 0,
        })
    }

    /// Adds a row.
    #[expect(single_use_lifetimes, reason = "Rust cannot leave it out here yet")]
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), Error> {
        if self.rows == ROWS {
            return Err(Error::TooManyRows);
        }
        self.rows += 1;
        for (at, (cell, (kind, format))) in (0..).zip(cells.into_iter().zip(&self.columns)) {
            let sheet = self.book.worksheet_from_index(0)?;
            let place = (self.rows, at);
            match cell {
                Cell::Null => {}
                Cell::Integer(number) if *kind == Some(ColumnType::Boolean) => {
                    sheet.write_boolean(place.0, place.1, number != 0)?;
                }
                Cell::Integer(number) if number.unsigned_abs() > EXACT => {
                    sheet.write_string(place.0, place.1, number.to_string())?;
                }
                Cell::Integer(number) => write_number(sheet, place, real(number), format.as_ref())?,
                Cell::Real(number) => write_number(sheet, place, number, format.as_ref())?,
                Cell::Text(text) => write_text(sheet, place, text, format.as_ref())?,
                Cell::Blob(bytes) => {
                    sheet.write_string(place.0, place.1, format!("{} bytes", bytes.len()))?;
                }
            }
        }
        Ok(())
    }

    /// Ends the workbook and writes it out.
    pub fn finish(mut self, into: impl Write + Seek + Send) -> Result<(), Error> {
        Ok(self.book.save_to_writer(into)?)
    }
}

/// What Excel takes as the name of a sheet.
fn sheet_name(title: &str) -> String {
    let plain = title.replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
    let name: String = plain.trim_matches([' ', '\'']).chars().take(31).collect();
    if name.is_empty() { "Rows".into() } else { name }
}

fn format(kind: Option<ColumnType>) -> Option<Format> {
    match kind? {
        ColumnType::Date => Some(Format::new().set_num_format("yyyy-mm-dd")),
        ColumnType::DateTime => Some(Format::new().set_num_format("yyyy-mm-dd hh:mm:ss")),
        ColumnType::Integer => Some(Format::new().set_num_format("0")),
        ColumnType::Number | ColumnType::Text | ColumnType::Boolean => None,
    }
}

fn write_number(
    sheet: &mut rust_xlsxwriter::Worksheet,
    (row, column): (u32, u16),
    number: f64,
    format: Option<&Format>,
) -> Result<(), Error> {
    if !number.is_finite() {
        return Ok(());
    }
    match format {
        Some(format) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_number(row, column, number)?,
    };
    Ok(())
}

/// As a date where the column holds dates and Excel knows the day; else as
/// text, never as a formula, cut where a cell ends.
fn write_text(
    sheet: &mut rust_xlsxwriter::Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: Option<&Format>,
) -> Result<(), Error> {
    let moment =
        format.and_then(|_| ExcelDateTime::parse_from_str(text.trim_end_matches('Z')).ok());
    if let (Some(format), Some(moment)) = (format, moment) {
        sheet.write_datetime_with_format(row, column, moment, format)?;
        return Ok(());
    }
    if text.len() <= CHARACTERS {
        sheet.write_string(row, column, text)?;
        return Ok(());
    }
    let cut: String = text.chars().take(CHARACTERS / 2).collect();
    sheet.write_string(row, column, cut)?;
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "larger ones are written as text"
)]
fn real(number: i64) -> f64 {
    number as f64
}
