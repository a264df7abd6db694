//! What stands before the cases: the header, the variables, their labels.

use super::data::BIAS;
use super::extras;
use super::layout::{Column, Layout, Segment};
use crate::surveys::exports::Job;
use crate::surveys::exports::cells::real;
use crate::surveys::exports::spss::{Declared, Shape, declared, fit, label, value_labels};

/// Bytes, little end first, as every value of the file.
#[derive(Default)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Bytes {
    pub(super) fn int(&mut self, number: i32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// A count; the file has none beyond two thousand million.
    pub(super) fn count(&mut self, count: usize) {
        self.int(i32::try_from(count).unwrap_or(i32::MAX));
    }

    pub(super) fn real(&mut self, number: f64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Text in a place of that many bytes, spaces after it.
    pub(super) fn padded(&mut self, text: &str, bytes: usize) {
        let text = fit(text, bytes);
        self.bytes(text.as_bytes());
        self.0
            .resize(self.0.len() + bytes - text.len().min(bytes), b' ');
    }
}

/// The whole dictionary.
pub(super) fn written(job: &Job<'_>, layout: &Layout<'_>) -> Vec<u8> {
    let mut out = Bytes::default();
    header(&mut out, job, layout);
    for column in &layout.columns {
        for (at, segment) in column.segments.iter().enumerate() {
            variable(&mut out, job, (column, segment), at == 0);
        }
    }
    for column in &layout.columns {
        if !matches!(column.shape, Shape::Text(_)) {
            labels(&mut out, job, column);
        }
    }
    if layout.cut > 0 {
        cut(&mut out, layout.cut);
    }
    extras::written(&mut out, job, layout);
    out.int(999);
    out.int(0);
    out.0
}

fn header(out: &mut Bytes, job: &Job<'_>, layout: &Layout<'_>) {
    out.bytes(b"$FL2");
    out.padded("@(#) SPSS DATA FILE Onsight", 60);
    out.int(2);
    out.count(layout.eights());
    // Packed by the byte; no weights.
    out.int(1);
    out.int(0);
    out.int(i32::try_from(layout.cases).unwrap_or(-1));
    out.real(BIAS);
    let now = job.now.timestamp();
    out.padded(&now.strftime("%d %b %y").to_string(), 9);
    out.padded(&now.strftime("%H:%M:%S").to_string(), 8);
    out.padded(job.title(), 64);
    out.bytes(&[0; 3]);
}

fn variable(
    out: &mut Bytes,
    job: &Job<'_>,
    (column, segment): (&Column<'_>, &Segment),
    is_first: bool,
) {
    let is_text = segment.width > 0;
    let declared = declared(column.variable);
    out.int(2);
    out.count(segment.width);
    out.int(i32::from(is_first));
    out.int(if is_text { 0 } else { missing_count(&declared) });
    let format = format(column.shape, segment.width);
    out.int(format);
    out.int(format);
    out.padded(&segment.name, 8);
    if is_first {
        let label = label(column.variable, job.lang);
        out.count(label.len());
        out.bytes(label.as_bytes());
        out.0.resize(
            out.0.len() + label.len().next_multiple_of(4) - label.len(),
            b' ',
        );
    }
    if !is_text {
        let span = declared
            .span
            .into_iter()
            .flat_map(|(low, high)| [low, high]);
        for value in span.chain(declared.single) {
            out.real(real(value));
        }
    }
    for _ in 1..segment.eights() {
        out.int(2);
        out.int(-1);
        for _ in 0..4 {
            out.int(0);
        }
        out.bytes(&[b' '; 8]);
    }
}

/// How many values are declared missing, below zero where a span is among them.
fn missing_count(declared: &Declared) -> i32 {
    let single = i32::try_from(declared.single.len()).unwrap_or_default();
    match declared.span {
        Some(_) => -2 - single,
        None => single,
    }
}

/// The number SPSS has for a format.
fn format(shape: Shape, width: usize) -> i32 {
    let (kind, width, decimals) = match shape {
        Shape::Number(width, decimals) => (5, width, decimals),
        Shape::Text(_) => (1, u8::try_from(width).unwrap_or(u8::MAX), 0),
        Shape::Time => (21, 8, 0),
        Shape::DateTime => (22, 20, 0),
        Shape::Date => (39, 10, 0),
    };
    i32::from_be_bytes([0, kind, width, decimals])
}

/// What the codes of a variable say, and which variable that was.
fn labels(out: &mut Bytes, job: &Job<'_>, column: &Column<'_>) {
    let labels = value_labels(column.variable, job.lang);
    out.int(3);
    out.count(labels.len());
    for (code, label) in &labels {
        out.real(real(*code));
        let from = out.0.len();
        out.bytes(&[u8::try_from(label.len()).unwrap_or_default()]);
        out.bytes(label.as_bytes());
        let length = out.0.len() - from;
        out.0.resize(from + length.next_multiple_of(8), b' ');
    }
    out.int(4);
    out.int(1);
    out.count(column.segments[0].place as usize);
}

/// A line of the file's own notes, where something did not fit.
fn cut(out: &mut Bytes, cut: u32) {
    out.int(6);
    out.int(1);
    let words = format!(
        "{cut} texts were longer than 32767 bytes and end there; the CSV files have them whole."
    );
    out.padded(&words, 80);
}
