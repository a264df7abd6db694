//! The sheets of a workbook as rows of texts, told apart by its first bytes.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, SheetType, Xls, Xlsx};

use super::Unreadable;

/// Questionnaires are far smaller; what is larger is something else.
const LARGEST: usize = 32 << 20;
const UNPACKED: u64 = 256 << 20;
const MOST_CELLS: usize = 2_000_000;
const MOST_COLUMNS: usize = 1_000;

/// One sheet, without its empty rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) rows: Vec<Row>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// As the workbook counts, from 1.
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
}

impl Row {
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Is it a workbook, old or new?
pub(super) fn is_book(bytes: &[u8]) -> bool {
    is_new(bytes) || is_old(bytes)
}

fn is_new(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

fn is_old(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable::new(
            "the file is larger than 32 MB; that is no questionnaire",
        ));
    }
    let read = || {
        if is_new(bytes) {
            new_book(bytes)
        } else {
            old_book(bytes)
        }
    };
    // The reader of old workbooks trusts what it reads; a broken one must not end us.
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_panic| Err(damaged("its parts do not fit together")))
}

fn damaged(why: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(format!(
        "the workbook cannot be read ({why}); open it, save it again and try once more"
    ))
}

fn new_book(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(at).map_err(damaged)?.size());
    }
    if unpacked > UNPACKED {
        return Err(Unreadable::new(
            "unpacked, the workbook is larger than 256 MB",
        ));
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = { book.sheets_metadata().iter() }
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut sheets = Vec::new();
    for name in names {
        let mut rows = Rows::default();
        let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let (row, column) = cell.get_position();
            rows.put(row, column, text(&owned(cell.get_value())))?;
        }
        sheets.push(rows.sheet(name));
    }
    Ok(sheets)
}

fn owned(value: &DataRef<'_>) -> Data {
    match value {
        DataRef::SharedString(text) => Data::String((*text).to_owned()),
        other => Data::from(other.clone()),
    }
}

fn old_book(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut sheets = Vec::new();
    for (name, range) in book.worksheets() {
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut rows = Rows::default();
        for (row, column, value) in range.used_cells() {
            let row = u32::try_from(row)
                .unwrap_or(u32::MAX)
                .saturating_add(first_row);
            let column = u32::try_from(column)
                .unwrap_or(u32::MAX)
                .saturating_add(first_column);
            rows.put(row, column, text(value))?;
        }
        sheets.push(rows.sheet(name));
    }
    Ok(sheets)
}

#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    cells: usize,
}

impl Rows {
    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), Unreadable> {
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if text.is_empty() || column >= MOST_COLUMNS {
            return Ok(());
        }
        self.cells += 1;
        if self.cells > MOST_CELLS {
            return Err(Unreadable::new("a sheet has more than two million cells"));
        }
        let number = row.saturating_add(1);
        if self.rows.last().is_none_or(|last| last.number != number) {
            self.rows.push(Row {
                number,
                cells: Vec::new(),
            });
        }
        if let Some(last) = self.rows.last_mut() {
            let wide = last.cells.len().max(column + 1);
            last.cells.resize(wide, String::new());
            last.cells[column] = text;
        }
        Ok(())
    }

    fn sheet(self, name: String) -> Sheet {
        Sheet {
            name,
            rows: self.rows,
        }
    }
}

/// What a cell says, as its author sees it: whole numbers without a point, days as
/// `2026-11-22`.
fn text(value: &Data) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            text.trim().to_owned()
        }
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            match moment.as_f64() {
                days if days < 1.0 => time,
                days if days.fract() == 0.0 => date,
                _ => format!("{date}T{time}"),
            }
        }
    }
}
