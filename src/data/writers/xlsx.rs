//! Cells as a workbook of one sheet, written row by row into a sealed file.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use jiff::civil::{Date, DateTime};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::Spool;
use crate::data::{Cell, Column, ColumnType};
use crate::store::{Error as StoreError, SealedReader};

/// Rows below the heading that a sheet of Excel has.
const ROWS: u32 = 1_048_575;
/// Characters a cell of Excel takes.
const CHARACTERS: usize = 32_767;
/// The largest integer Excel shows to its last digit.
const EXACT: u64 = 1 << 53;
/// Bytes of a sheet that are packed together.
const PIECE: usize = 64 << 10;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a sheet of Excel ends at 1,048,575 rows: narrow the rows down, or take a CSV file")]
    TooManyRows,
    #[error("a sheet of Excel ends at 16,384 columns: choose fewer columns, or take a CSV file")]
    TooManyColumns,
    #[error("the workbook cannot be written: {0}")]
    Packing(#[from] zip::result::ZipError),
    #[error("the workbook cannot be written: {0}")]
    Disk(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A workbook being filled. It grows in a file under a key that nobody keeps,
/// so that a million rows cost no memory and never lie readable on the disk.
pub struct Xlsx {
    book: ZipWriter<StreamWriter<Spool>>,
    columns: Vec<(Option<ColumnType>, Style)>,
    names: Vec<String>,
    rows: u32,
    sheet: String,
}

/// How a cell looks: its place among the formats of the workbook.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain = 0,
    Bold = 1,
    Date = 2,
    Moment = 3,
    Whole = 4,
}

impl Xlsx {
    /// A workbook with a sheet of that name and a bold heading, which grows in
    /// `folder` until it is finished.
    pub fn new(title: &str, columns: &[Column], folder: &Path) -> Result<Xlsx, Error> {
        if columns.len() > 16_384 {
            return Err(Error::TooManyColumns);
        }
        let mut book = ZipWriter::new_stream(Spool::begin(folder)?);
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, text) in [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", ROOT),
            ("xl/_rels/workbook.xml.rels", LINKS),
            ("xl/styles.xml", STYLES),
        ] {
            book.start_file(name, options)?;
            book.write_all(text.as_bytes())?;
        }
        book.start_file("xl/workbook.xml", options)?;
        let mut text = String::from(BOOK.0);
        escape(&mut text, &sheet_name(title));
        text.push_str(BOOK.1);
        book.write_all(text.as_bytes())?;
        book.start_file("xl/worksheets/sheet1.xml", options)?;
        let mut xlsx = Xlsx {
            book,
            columns: columns
                .iter()
                .map(|column| (column.kind, style(column.kind)))
                .collect(),
            names: (0..columns.len()).map(letters).collect(),
            rows: 0,
            sheet: String::from(SHEET.0),
        };
        xlsx.heading(columns);
        Ok(xlsx)
    }

    fn heading(&mut self, columns: &[Column]) {
        if !columns.is_empty() {
            self.sheet.push_str("<cols>");
            for (at, column) in (1..).zip(columns) {
                let is_moment = column.kind == Some(ColumnType::DateTime);
                let width = if is_moment { 19 } else { 12 };
                let _ = write!(
                    self.sheet,
                    r#"<col min="{at}" max="{at}" width="{width}" customWidth="1"/>"#
                );
            }
            self.sheet.push_str("</cols>");
        }
        self.sheet.push_str(r#"<sheetData><row r="1">"#);
        for (at, column) in columns.iter().enumerate() {
            self.text(at, Style::Bold, &column.name);
        }
        self.sheet.push_str("</row>");
    }

    /// Adds a row.
    #[expect(single_use_lifetimes, reason = "Rust cannot leave it out here yet")]
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), Error> {
        if self.rows == ROWS {
            return Err(Error::TooManyRows);
        }
        self.rows += 1;
        let _ = write!(self.sheet, r#"<row r="{}">"#, self.rows + 1);
        for (at, cell) in cells.into_iter().take(self.columns.len()).enumerate() {
            self.cell(at, cell);
        }
        self.sheet.push_str("</row>");
        if self.sheet.len() >= PIECE {
            self.book.write_all(self.sheet.as_bytes())?;
            self.sheet.clear();
        }
        Ok(())
    }

    fn cell(&mut self, at: usize, cell: Cell<'_>) {
        let (kind, style) = self.columns[at];
        match cell {
            Cell::Real(number) if number.is_finite() => {
                self.number(at, style, ryu::Buffer::new().format_finite(number));
            }
            Cell::Null | Cell::Real(_) => {}
            Cell::Integer(number) if kind == Some(ColumnType::Boolean) => {
                self.begin(at, Style::Plain, "b");
                let _ = write!(self.sheet, "<v>{}</v></c>", u8::from(number != 0));
            }
            Cell::Integer(number) if number.unsigned_abs() > EXACT => {
                self.text(at, Style::Plain, itoa::Buffer::new().format(number));
            }
            Cell::Integer(number) => {
                self.number(at, style, itoa::Buffer::new().format(number));
            }
            Cell::Text(text) => match serial(style, text) {
                Some(days) => self.number(at, style, ryu::Buffer::new().format_finite(days)),
                None => self.text(at, Style::Plain, &cut(text)),
            },
            Cell::Blob(bytes) => self.text(at, Style::Plain, &format!("{} bytes", bytes.len())),
        }
    }

    fn begin(&mut self, at: usize, style: Style, kind: &str) {
        let row = match self.rows {
            0 => 1,
            rows => rows + 1,
        };
        let _ = write!(
            self.sheet,
            r#"<c r="{}{row}" s="{}" t="{kind}">"#,
            self.names[at], style as u8
        );
    }

    fn number(&mut self, at: usize, style: Style, number: &str) {
        self.begin(at, style, "n");
        let _ = write!(self.sheet, "<v>{number}</v></c>");
    }

    /// Always as text, never as a formula.
    fn text(&mut self, at: usize, style: Style, text: &str) {
        self.begin(at, style, "inlineStr");
        self.sheet.push_str(r#"<is><t xml:space="preserve">"#);
        escape(&mut self.sheet, text);
        self.sheet.push_str("</t></is></c>");
    }

    /// Ends the workbook and gives its bytes to be read.
    pub fn finish(mut self) -> Result<SealedReader, Error> {
        self.sheet.push_str(SHEET.1);
        self.book.write_all(self.sheet.as_bytes())?;
        Ok(self.book.finish()?.into_inner().end()?)
    }
}

/// What Excel takes as the name of a sheet.
fn sheet_name(title: &str) -> String {
    let plain = title.replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
    let name: String = plain.trim_matches([' ', '\'']).chars().take(31).collect();
    if name.is_empty() { "Rows".into() } else { name }
}

fn style(kind: Option<ColumnType>) -> Style {
    match kind {
        Some(ColumnType::Date) => Style::Date,
        Some(ColumnType::DateTime) => Style::Moment,
        Some(ColumnType::Integer) => Style::Whole,
        _ => Style::Plain,
    }
}

/// `A` to `Z`, then `AA`.
fn letters(mut at: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'A' + u8::try_from(at % 26).unwrap_or(0)));
        match (at / 26).checked_sub(1) {
            Some(rest) => at = rest,
            None => return name.iter().rev().collect(),
        }
    }
}

/// Excel's number of a moment, where the column holds moments and Excel knows
/// the day: days since 1900, of which it believes that February had 29.
fn serial(style: Style, text: &str) -> Option<f64> {
    if !matches!(style, Style::Date | Style::Moment) {
        return None;
    }
    let moment: DateTime = text.trim_end_matches('Z').parse().ok()?;
    let days = Date::constant(1899, 12, 30)
        .until(moment.date())
        .ok()?
        .get_days();
    let days = match days {
        ..2 => return None,
        2..61 => days - 1,
        days => days,
    };
    let seconds = i32::from(moment.hour()) * 3600
        + i32::from(moment.minute()) * 60
        + i32::from(moment.second());
    let exact = f64::from(seconds) + f64::from(moment.subsec_nanosecond()) / 1e9;
    Some(f64::from(days) + exact / 86_400.0)
}

/// As much as a cell takes.
fn cut(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= CHARACTERS {
        return text.into();
    }
    text.chars().take(CHARACTERS / 2).collect::<String>().into()
}

/// Text in XML, and what XML has no way to say as Excel says it: `_x0007_`.
fn escape(into: &mut String, text: &str) {
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '_' if is_escape(&text[at..]) => into.push_str("_x005F_"),
            '\t' | '\n' => into.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(into, "_x{:04X}_", u32::from(letter));
            }
            letter => into.push(letter),
        }
    }
}

/// Looks like `_x0041_`.
fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes[1] == b'x'
        && bytes[6] == b'_'
        && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const LINKS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>"#;
/// What stands before and after the name of the sheet.
const BOOK: (&str, &str) = (
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name=""#,
    r#"" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
);
/// What stands before and after the rows.
const SHEET: (&str, &str) = (
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"#,
    "</sheetData></worksheet>",
);

#[cfg(test)]
mod tests;
