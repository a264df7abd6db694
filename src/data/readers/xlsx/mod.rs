//! Workbooks of Excel since 2007.

use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

use calamine::{CellErrorType, DataRef, Reader, SheetType, Xlsx, XlsxError};

use super::document::{broken, names, password, spell_days, spell_duration, unzip};
use super::recognise::Head;
use super::upload::Counted;
use super::sheet::{Held, Row, merged_note};
use super::value::Value;
use super::{FileKind, Options, Part, Refusal, Sink, Upload};

pub(super) static KIND: Workbook = Workbook;

/// Words shared by cells lie in memory while a sheet is read.
const SHARED_BYTES: u64 = 256 << 20;
const SHARED_WORDS: u64 = 5_000_000;

/// Within so many bytes the list of shared words must say how many they are.
const TAG: usize = 4096;

/// Days between the two days workbooks count from.
const SINCE_1904: f64 = 1462.0;

pub(super) struct Workbook;

impl FileKind for Workbook {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn title(&self) -> &'static str {
        "Excel workbook"
    }

    fn knows(&self, head: &Head) -> bool {
        let is_workbook = |name: &String| name.to_ascii_lowercase().ends_with("workbook.xml");
        head.packed.iter().any(is_workbook)
    }

    fn parts(&self, upload: &Upload<'_>) -> Result<Vec<Part>, Refusal> {
        let (book, _) = open(upload)?;
        let sheets = book.sheets_metadata().iter();
        let parts: Vec<Part> = sheets
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| Part {
                name: sheet.name.clone(),
                title: sheet.name.clone(),
            })
            .collect();
        if parts.is_empty() {
            return Err(Refusal::file("the workbook has no sheet with cells: send another one"));
        }
        Ok(parts)
    }

    fn options(&self, _upload: &Upload<'_>, _part: &str) -> Result<Options, Refusal> {
        Ok(Options::default())
    }

    fn notes(&self, upload: &Upload<'_>, part: &str) -> Result<Vec<String>, Refusal> {
        let (mut book, _) = open(upload)?;
        let merged = book.merge_cells_by_sheet_name(part).map_err(|error| refusal(&error, part))?;
        let first = merged.first().map_or(0, |merged| merged.start.0 + 1);
        Ok(merged_note(merged.len(), first.into()).into_iter().collect())
    }

    fn rows(
        &self,
        upload: &Upload<'_>,
        part: &str,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refusal> {
        let (mut book, read) = open(upload)?;
        let shift = if book.has_1904_epoch() { SINCE_1904 } else { 0.0 };
        let mut cells = book.worksheet_cells_reader(part).map_err(|error| refusal(&error, part))?;
        let mut row = Row::new(options.skip);
        while let Some(cell) = cells.next_cell().map_err(|error| refusal(&error, part))? {
            let (line, column) = cell.get_position();
            let line = u64::from(line) + 1;
            if line != row.line {
                if row.hand_over(read.get(), sink).is_break() {
                    return Ok(());
                }
                row.start(line);
            }
            row.put(usize::try_from(column).unwrap_or(usize::MAX), held(cell.get_value(), shift))?;
        }
        let _ = row.hand_over(read.get(), sink);
        Ok(())
    }
}

type Book = Xlsx<Counted>;

fn open(upload: &Upload<'_>) -> Result<(Book, Rc<Cell<u64>>), Refusal> {
    check_shared_words(upload)?;
    let (source, read) = upload.counted()?;
    let book = Xlsx::new(source).map_err(|error| refusal(&error, upload.name))?;
    Ok((book, read))
}

/// The reader takes all shared words at once, and believes their number.
fn check_shared_words(upload: &Upload<'_>) -> Result<(), Refusal> {
    let mut archive = unzip(upload)?;
    let is_words = |name: &String| name.to_ascii_lowercase().ends_with("sharedstrings.xml");
    let names = names(&mut archive)?;
    let Some(name) = names.iter().find(|name| is_words(name)) else {
        return Ok(());
    };
    let file = archive.by_name(name).map_err(|error| broken(&error))?;
    let mut start = Vec::new();
    let mut file = file.take(SHARED_BYTES + 1);
    file.by_ref().take(TAG as u64).read_to_end(&mut start)?;
    let rest = std::io::copy(&mut file, &mut std::io::sink());
    let bytes = start.len() as u64 + rest.map_err(|error| broken(&error))?;
    if bytes > SHARED_BYTES || announced(&start) > SHARED_WORDS {
        return Err(Refusal::file(
            "the workbook has more text than this server reads at once: save the sheet as a CSV file and send that",
        ));
    }
    Ok(())
}

/// How many words the list says it has, in its first tag.
fn announced(start: &[u8]) -> u64 {
    let start = String::from_utf8_lossy(start);
    let tag = start.split_once("sst").and_then(|(_, rest)| rest.split_once('>'));
    let Some((tag, _)) = tag else {
        // Whoever hides the tag behind other things has something to hide.
        return if start.len() < TAG { 0 } else { u64::MAX };
    };
    let Some((_, count)) = tag.split_once("uniqueCount") else {
        return 0;
    };
    let count = count.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = count.find(|c: char| !c.is_ascii_digit()).unwrap_or(count.len());
    count[..end].parse().unwrap_or(u64::MAX)
}

fn refusal(error: &XlsxError, part: &str) -> Refusal {
    match error {
        XlsxError::Password => password(),
        XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_) => Refusal::file(format!(
            "the workbook has no sheet “{part}” with cells: choose another sheet"
        )),
        error => broken(error),
    }
}

fn held<'b>(cell: &DataRef<'b>, shift: f64) -> Held<'b> {
    let spelled = |words: Option<String>| words.map_or(Held::Plain(Value::Nothing), Held::Words);
    match cell {
        DataRef::Empty => Held::Plain(Value::Nothing),
        DataRef::Int(integer) => Held::Plain(Value::Integer(*integer)),
        DataRef::Float(real) => Held::Plain(Value::Real(*real)),
        DataRef::Bool(yes) => Held::Plain(Value::Boolean(*yes)),
        DataRef::SharedString(words) => Held::Plain(Value::Text(words.as_bytes())),
        DataRef::Error(error) => Held::Plain(Value::Error(error_name(error))),
        DataRef::String(words) | DataRef::DateTimeIso(words) | DataRef::DurationIso(words) => {
            Held::Words(words.clone())
        }
        DataRef::DateTime(moment) if moment.is_duration() => {
            spelled(spell_duration(moment.as_f64()))
        }
        DataRef::DateTime(moment) => spelled(spell_days(moment.as_f64() + shift)),
    }
}

fn error_name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests;
