//! Text with a record on each line: CSV, TSV and whatever separates the cells.

mod decode;
mod dialect;
mod encoding;

use std::io::Read;

use ::csv::{ByteRecord, Reader, ReaderBuilder};

use super::guard::Guard;
use super::recognise::Head;
use super::value::{Record, Value, reuse};
use super::{FileKind, Options, Part, Refusal, Sink, Upload};
use crate::base::text::thousands;
use decode::Decode;

pub(super) static KIND: Csv = Csv;

/// What is read at once.
const BUFFER: usize = 128 * 1024;

/// SQLite keeps no more columns in a table.
const WIDEST: usize = 2000;

pub(super) struct Csv;

impl FileKind for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn title(&self) -> &'static str {
        "CSV or another text table"
    }

    fn knows(&self, head: &Head) -> bool {
        encoding::is_text(&head.bytes)
    }

    fn parts(&self, upload: &Upload<'_>) -> Result<Vec<Part>, Refusal> {
        let file = upload.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let title = file.rsplit_once('.').map_or(file, |(title, _)| title);
        Ok(vec![Part {
            name: "rows".into(),
            title: title.into(),
        }])
    }

    fn options(&self, upload: &Upload<'_>, _part: &str) -> Result<Options, Refusal> {
        let encoding = encoding::find(upload)?;
        dialect::find(upload, encoding)
    }

    fn rows(
        &self,
        upload: &Upload<'_>,
        _part: &str,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refusal> {
        let (source, read) = upload.counted()?;
        let mut lines = Lines::open(source, options)?;
        let mut record = ByteRecord::new();
        let mut room = Vec::new();
        while let Some(line) = lines.next(&mut record)? {
            if lines.records <= options.skip {
                continue;
            }
            let mut values: Vec<Value<'_>> = reuse(room);
            values.extend((0..record.len()).map(|at| Value::Text(&record[at])));
            let done = Record {
                line,
                bytes_done: read.get(),
                values: &values,
            };
            if sink(&done).is_break() {
                return Ok(());
            }
            room = reuse(values);
        }
        Ok(())
    }
}

/// The records of a text, with the line each starts on.
pub(super) struct Lines<R> {
    reader: Reader<Guard<Decode<R>>>,
    records: u64,
    /// Lines end in two characters, and the parser leaves the second one to
    /// the next record.
    returns: bool,
}

impl<R: Read> Lines<R> {
    fn open(source: R, options: &Options) -> Result<Lines<R>, Refusal> {
        let Ok(delimiter) = u8::try_from(options.delimiter) else {
            return Err(Refusal::file("the character between the cells must be a plain one: choose , ; | or a tab"));
        };
        let guard = Guard::new(Decode::new(source, &options.encoding)?, BUFFER);
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(guard);
        Ok(Lines {
            reader,
            records: 0,
            returns: false,
        })
    }

    /// The next record and its line; `None` after the last.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Refusal> {
        let before = self.reader.position().line();
        match self.reader.read_byte_record(record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(self.refusal(error)),
        }
        let after = self.reader.position().line();
        self.reader.get_mut().ended();
        self.records += 1;
        if self.records == 1 {
            let inside = newlines(record.as_slice());
            self.returns = after == before + inside;
        }
        if record.len() > WIDEST {
            return Err(Refusal::file(format!(
                "line {before} has {} cells and a table at most {WIDEST}: choose another character between the cells, or send fewer columns",
                thousands(record.len() as u64)
            )));
        }
        let start = before + u64::from(self.returns && self.records > 1);
        if after - before <= 1 {
            return Ok(Some(start));
        }
        // Blank lines before the record, or line breaks in its cells.
        let end = after - u64::from(!self.returns);
        Ok(Some(end.saturating_sub(newlines(record.as_slice())).max(start)))
    }

    fn refusal(&self, error: ::csv::Error) -> Refusal {
        let at = self.reader.position();
        if self.reader.get_ref().is_over() {
            return too_long(at.line(), at.byte());
        }
        match error.into_kind() {
            ::csv::ErrorKind::Io(error) => error.into(),
            kind => Refusal::file(format!(
                "line {} cannot be read as a table: {kind:?}; choose another character between the cells",
                at.line()
            )),
        }
    }
}

/// The record around that place never ends.
fn too_long(line: u64, byte: u64) -> Refusal {
    Refusal::file(format!(
        "the row around line {}, byte {}, is longer than 1 MiB: close a quotation mark left open, or send a file with line breaks",
        thousands(line),
        thousands(byte)
    ))
}

#[expect(clippy::naive_bytecount, reason = "the compiler makes it wide enough")]
fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests;
