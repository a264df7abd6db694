//! How a text table is written: what stands between cells, what is a heading.

use std::io::Read;

use ::csv::{ByteRecord, ReaderBuilder};
use encoding_rs::Encoding;

use super::super::moment;
use super::super::value::{Class, classify, trim};
use super::super::{DateOrder, Decimal, Options, Refusal, Upload};
use super::decode::Decode;

/// How much of a file the guess is made from.
const SAMPLE: u64 = 256 * 1024;
const RECORDS: usize = 200;

/// What may stand between cells; when two do equally well, the first wins:
/// commas also stand inside cells.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

pub(super) fn find(upload: &Upload<'_>, encoding: &'static Encoding) -> Result<Options, Refusal> {
    let mut options = Options {
        encoding: encoding.name().to_ascii_lowercase(),
        ..Options::default()
    };
    let mut text = Vec::new();
    Decode::new(upload.source()?, &options.encoding)?
        .take(SAMPLE)
        .read_to_end(&mut text)?;
    let mut text = text.as_slice();
    let said = announced(text);
    if let Some((_, rest)) = said {
        options.skip = 1;
        text = rest;
    }
    let is_cut = text.len() as u64 >= SAMPLE / 2;
    let delimiter = said.map_or_else(|| delimiter(text, is_cut), |(delimiter, _)| delimiter);
    let records = records(text, delimiter, is_cut);
    options.delimiter = char::from(delimiter);
    options.decimal = decimal(&records, delimiter);
    options.header = has_heading(&records, options.decimal);
    options.dates = dates(&records, options.decimal);
    Ok(options)
}

/// Excel reads a first line `sep=;` as what stands between cells.
fn announced(text: &[u8]) -> Option<(u8, &[u8])> {
    let rest = text.strip_prefix(b"sep=").or_else(|| text.strip_prefix(b"\"sep="))?;
    let (delimiter, rest) = rest.split_first()?;
    let end = rest.iter().take(3).position(|byte| *byte == b'\n')?;
    Some((*delimiter, &rest[end + 1..]))
}

fn records(text: &[u8], delimiter: u8, is_cut: bool) -> Vec<ByteRecord> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut records: Vec<ByteRecord> = reader
        .byte_records()
        .take(RECORDS)
        .map_while(Result::ok)
        .collect();
    if is_cut && records.len() > 1 && records.len() < RECORDS {
        records.pop();
    }
    records
}

/// The one under which most records are equally wide, and wider than one.
fn delimiter(text: &[u8], is_cut: bool) -> u8 {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let records = records(text, delimiter, is_cut);
        let score = consistency(&records);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

/// In thousandths, how many records have the commonest width above one.
fn consistency(records: &[ByteRecord]) -> usize {
    let mut widths: Vec<usize> = records.iter().map(ByteRecord::len).collect();
    widths.sort_unstable();
    widths
        .chunk_by(|a, b| a == b)
        .filter(|same| same[0] > 1)
        .map(|same| same.len() * 1000 / widths.len())
        .max()
        .unwrap_or(0)
}

/// Whether tenths follow a comma or a point: whoever is seen more often where
/// only tenths can follow. Three digits might as well be thousands.
fn decimal(records: &[ByteRecord], delimiter: u8) -> Decimal {
    let (mut commas, mut points, mut unclear) = (0, 0, 0);
    for cell in records.iter().flatten() {
        let cell = trim(cell);
        let digits = cell.strip_prefix(b"-").unwrap_or(cell);
        let is_number = digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b','));
        let Some(at) = digits.iter().rposition(|byte| matches!(byte, b'.' | b',')).filter(|_| is_number) else {
            continue;
        };
        let (whole, places) = (&digits[..at], digits.len() - at - 1);
        if whole.contains(&digits[at]) {
            continue;
        }
        match digits[at] {
            b',' if places == 3 && !whole.contains(&b'.') => unclear += 1,
            b'.' if places == 3 => points += usize::from(whole.contains(&b',') || whole == b"0"),
            b',' => commas += 1,
            _ => points += 1,
        }
    }
    let leans_to_comma = delimiter == b';' && unclear > 0;
    if commas > points || (commas == points && leans_to_comma) {
        Decimal::Comma
    } else {
        Decimal::Point
    }
}

/// Each column votes: words over numbers speak for a heading, a number on top
/// against it, unless it looks like a year.
fn has_heading(records: &[ByteRecord], decimal: Decimal) -> bool {
    let Some((first, rest)) = records.split_first() else {
        return true;
    };
    let mut votes = 0_i64;
    for (at, cell) in first.iter().enumerate().filter(|(_, cell)| !trim(cell).is_empty()) {
        let below = rest.iter().filter_map(|record| record.get(at)).map(trim);
        let below = below.filter(|cell| !cell.is_empty());
        let (words, others): (Vec<&[u8]>, Vec<&[u8]>) =
            below.partition(|cell| classify(cell, decimal) == Class::Text);
        match classify(trim(cell), decimal) {
            Class::Text if others.len() > words.len() => votes += 1,
            Class::Text | Class::Integer(1900..=2100) => {}
            _ => votes -= 1,
        }
    }
    votes > 0 || (votes == 0 && are_names(first))
}

/// Every cell says something, and something else.
fn are_names(first: &ByteRecord) -> bool {
    let mut names: Vec<&[u8]> = first.iter().map(trim).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    names.len() == count && names.first().is_some_and(|name| !name.is_empty())
}

/// The order of day and month some date of the sample can only be read in.
fn dates(records: &[ByteRecord], decimal: Decimal) -> DateOrder {
    let (mut day_first, mut month_first) = (0, 0);
    for cell in records.iter().flatten().map(trim).filter(|cell| !cell.is_empty()) {
        match classify(cell, decimal) {
            Class::Date(moment::DMY) | Class::DateTime(moment::DMY) => day_first += 1,
            Class::Date(moment::MDY) | Class::DateTime(moment::MDY) => month_first += 1,
            _ => {}
        }
    }
    if month_first > day_first {
        DateOrder::Mdy
    } else {
        DateOrder::Dmy
    }
}
