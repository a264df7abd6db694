//! Files that tests make up.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use super::{Findings, Line, Options, Plan, Refusal, Report, Source, Upload};
use crate::data::Cell;

/// Calls `act` with an upload of these bytes.
pub(super) fn with<T>(name: &str, bytes: &[u8], act: impl FnOnce(&Upload<'_>) -> T) -> T {
    let owned = bytes.to_vec();
    let open = move || -> io::Result<Box<dyn Source>> { Ok(Box::new(Cursor::new(owned.clone()))) };
    act(&Upload {
        name,
        len: bytes.len() as u64,
        open: &open,
        path: None,
    })
}

/// The first part, looked at with the options found.
pub(super) fn look(upload: &Upload<'_>) -> Result<Findings, Refusal> {
    let part = super::parts(upload)?.remove(0).name;
    let options = super::options(upload, &part)?;
    look_with(upload, &part, &options)
}

pub(super) fn look_with(
    upload: &Upload<'_>,
    part: &str,
    options: &Options,
) -> Result<Findings, Refusal> {
    super::scan(upload, part, options, &mut |_| ControlFlow::Continue(()))
}

/// Why the file is refused.
pub(super) fn refused(name: &str, bytes: &[u8]) -> String {
    with(name, bytes, |upload| look(upload).unwrap_err().to_string())
}

/// All rows as words: `12: 1 | 2.5 | Ada | ·`.
pub(super) fn rows(upload: &Upload<'_>, plan: &Plan) -> (Vec<String>, Report) {
    let part = super::parts(upload).unwrap().remove(0).name;
    let mut rows = Vec::new();
    let report = super::read(upload, &part, plan, &mut |line| {
        rows.push(words(&line));
        ControlFlow::Continue(())
    });
    (rows, report.unwrap())
}

fn words(line: &Line<'_>) -> String {
    let cells: Vec<String> = line
        .cells
        .iter()
        .map(|cell| match cell {
            Cell::Null => "·".into(),
            Cell::Integer(number) => number.to_string(),
            Cell::Real(number) => format!("{number:?}"),
            Cell::Text(text) => (*text).into(),
            Cell::Blob(_) => unreachable!(),
        })
        .collect();
    format!("{}: {}", line.number, cells.join(" | "))
}

/// The names and types found: `id integer, name text`.
pub(super) fn types(findings: &Findings) -> String {
    let columns = findings.columns.iter();
    let columns: Vec<String> = columns
        .map(|column| format!("{} {}", column.name, column.kind.name()))
        .collect();
    columns.join(", ")
}

/// A file of one letter over and over, as long as it says; it counts what
/// was read of it.
pub(super) struct Endless {
    pub(super) len: u64,
    pub(super) at: u64,
    pub(super) read: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len - self.at).unwrap();
        let got = left.min(into.len());
        into[..got].fill(b'x');
        self.at += got as u64;
        self.read
            .fetch_add(got as u64, std::sync::atomic::Ordering::Relaxed);
        Ok(got)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(by) => self.len.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}
