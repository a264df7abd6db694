//! Workbooks of `LibreOffice`, read as a stream: nothing but one row is kept.

mod cell;

use std::cell::Cell as Shared;
use std::io::{BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::document::{broken, password};
use super::guard::Guard;
use super::recognise::Head;
use super::sheet::{Row, merged_note};
use super::upload::Counted;
use super::{FileKind, Options, Part, Refusal, Sink, Upload};
use cell::{OpenCell, attribute};

pub(super) static KIND: Workbook = Workbook;

const BUFFER: usize = 64 * 1024;

/// `LibreOffice` has no more rows in a sheet.
const ROWS: u64 = 1 << 24;

pub(super) struct Workbook;

impl FileKind for Workbook {
    fn name(&self) -> &'static str {
        "ods"
    }

    fn title(&self) -> &'static str {
        "OpenDocument workbook"
    }

    fn knows(&self, head: &Head) -> bool {
        head.mimetype.contains("opendocument.spreadsheet")
    }

    fn parts(&self, upload: &Upload<'_>) -> Result<Vec<Part>, Refusal> {
        let mut parts = Vec::new();
        let mut archive = open(upload)?.0;
        each_event(&mut archive, &mut |event| {
            if let Event::Start(start) = event
                && start.name().0 == "table:table"
                && let Some(name) = attribute(start, "table:name")?
            {
                parts.push(Part {
                    title: name.clone(),
                    name,
                });
            }
            Ok(true)
        })?;
        if parts.is_empty() {
            return Err(Refusal::file("the workbook has no sheet: send another one"));
        }
        Ok(parts)
    }

    fn options(&self, _upload: &Upload<'_>, _part: &str) -> Result<Options, Refusal> {
        Ok(Options::default())
    }

    fn notes(&self, upload: &Upload<'_>, part: &str) -> Result<Vec<String>, Refusal> {
        let mut groups = 0;
        let mut first = 0;
        walk(upload, part, &mut |sheet, _| {
            if sheet.merged > groups {
                first = if groups == 0 { sheet.line } else { first };
                groups = sheet.merged;
            }
            Ok(true)
        })?;
        Ok(merged_note(groups, first).into_iter().collect())
    }

    fn rows(
        &self,
        upload: &Upload<'_>,
        part: &str,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refusal> {
        let mut skip = options.skip;
        walk(upload, part, &mut |sheet, read| {
            for _ in 0..sheet.repeated {
                if sheet.row.is_empty() {
                    break;
                }
                if skip > 0 {
                    skip -= 1;
                } else if sheet.row.hand_over(read, sink).is_break() {
                    return Ok(false);
                }
                sheet.row.line += 1;
            }
            Ok(true)
        })
    }
}

fn open(upload: &Upload<'_>) -> Result<(ZipArchive<Counted>, Rc<Shared<u64>>), Refusal> {
    let (source, read) = upload.counted()?;
    let mut archive = ZipArchive::new(source).map_err(|error| broken(&error))?;
    let mut manifest = String::new();
    if let Ok(file) = archive.by_name("META-INF/manifest.xml") {
        file.take(1 << 20).read_to_string(&mut manifest)?;
    }
    if manifest.contains("encryption-data") {
        return Err(password());
    }
    Ok((archive, read))
}

/// Goes through the content until `take` says `false` or it ends.
fn each_event(
    archive: &mut ZipArchive<Counted>,
    take: &mut dyn FnMut(&Event<'_>) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let content = archive.by_name("content.xml").map_err(|error| broken(&error))?;
    let guard = Guard::new(content, BUFFER);
    let mut xml = Reader::from_reader(BufReader::with_capacity(BUFFER, guard));
    let config = xml.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = match xml.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => {
                return Err(match error.get_ref().and_then(|error| error.downcast_ref::<Refusal>()) {
                    Some(refusal) => refusal.clone(),
                    None => broken(&error),
                });
            }
            Err(error) => return Err(broken(&error)),
        };
        if matches!(event, Event::Eof) || !take(&event)? {
            return Ok(());
        }
        xml.get_mut().get_mut().ended();
    }
}

/// Where we are in a sheet.
struct Sheet {
    row: Row<'static>,
    /// The line of the row just read.
    line: u64,
    /// How many rows in a row are the same.
    repeated: u64,
    column: usize,
    cell: Option<OpenCell>,
    merged: usize,
    is_inside: bool,
}

/// Hands over every row of the sheet, blank ones too, until `take` says `false`.
fn walk(
    upload: &Upload<'_>,
    part: &str,
    take: &mut dyn FnMut(&mut Sheet, u64) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let (mut archive, read) = open(upload)?;
    let mut sheet = Sheet {
        row: Row::new(0),
        line: 0,
        repeated: 0,
        column: 0,
        cell: None,
        merged: 0,
        is_inside: false,
    };
    let mut is_found = false;
    each_event(&mut archive, &mut |event| match event {
        Event::Start(start) if !sheet.is_inside => {
            if start.name().0 == "table:table" {
                let name = attribute(start, "table:name")?;
                sheet.is_inside = name.as_deref() == Some(part);
                is_found |= sheet.is_inside;
            }
            Ok(true)
        }
        Event::End(end) if sheet.is_inside && end.name().0 == "table:table" => Ok(false),
        Event::End(end) if sheet.is_inside && end.name().0 == "table:table-row" => {
            let goes_on = take(&mut sheet, read.get())?;
            sheet.line += sheet.repeated - 1;
            Ok(goes_on)
        }
        event if sheet.is_inside => sheet.take(event).map(|()| true),
        _ => Ok(true),
    })?;
    if is_found {
        return Ok(());
    }
    Err(Refusal::file(format!(
        "the workbook has no sheet “{part}”: choose another sheet"
    )))
}

impl Sheet {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Refusal> {
        match event {
            Event::Start(start) => match start.name().0 {
                "table:table-row" => return self.start_row(start),
                "table:table-cell" | "table:covered-table-cell" => {
                    let cell = OpenCell::new(start)?;
                    self.merged += usize::from(cell.is_merged);
                    self.cell = Some(cell);
                }
                name => {
                    if let Some(cell) = &mut self.cell {
                        cell.start(name);
                    }
                }
            },
            Event::End(end) => match end.name().0 {
                "table:table-cell" | "table:covered-table-cell" => return self.end_cell(),
                name => {
                    if let Some(cell) = &mut self.cell {
                        cell.end(name);
                    }
                }
            },
            Event::Text(text) => {
                if let Some(cell) = &mut self.cell {
                    cell.text(&text.xml10_content())?;
                }
            }
            Event::GeneralRef(entity) => {
                if let Some(cell) = &mut self.cell {
                    cell.entity(entity)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start_row(&mut self, start: &BytesStart<'_>) -> Result<(), Refusal> {
        let repeated = attribute(start, "table:number-rows-repeated")?;
        self.repeated = repeated.and_then(|times| times.parse().ok()).unwrap_or(1).clamp(1, ROWS);
        self.line += 1;
        self.column = 0;
        self.row.start(self.line);
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        let Some(cell) = self.cell.take() else {
            return Ok(());
        };
        let times = cell.repeated;
        if !cell.is_empty() {
            for at in 0..times {
                self.row.put(self.column + at, cell.held())?;
            }
        }
        self.column = self.column.saturating_add(times);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
