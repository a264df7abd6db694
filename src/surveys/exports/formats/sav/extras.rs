//! What newer versions of SPSS added to the dictionary, in the order of its numbers.

use std::fmt::Write as _;

use super::dictionary::Bytes;
use super::layout::{Column, Layout};
use crate::surveys::exports::Job;
use crate::surveys::exports::spss::{Measure, Shape, fit, value_labels};
use crate::surveys::map::Set;

/// UTF-8, as Windows numbers it.
const UTF_8: i32 = 65_001;

pub(super) fn written(out: &mut Bytes, job: &Job<'_>, layout: &Layout<'_>) {
    machine(out);
    sets(out, job, layout);
    display(out, layout);
    names(out, layout);
    cases(out, layout);
    record(out, 20, 1, b"UTF-8");
    text_labels(out, job, layout);
    text_missing(out, layout);
}

/// A record of one of the newer kinds: its number, the size of its parts, the parts.
fn record(out: &mut Bytes, kind: i32, size: usize, body: &[u8]) {
    if body.is_empty() {
        return;
    }
    out.int(7);
    out.int(kind);
    out.count(size);
    out.count(body.len() / size);
    out.bytes(body);
}

/// Which machine and which numbers.
fn machine(out: &mut Bytes) {
    let mut body = Bytes::default();
    // A version; the machine is not said; IEEE numbers; packed; little end first.
    for number in [1, 0, 0, -1, 1, 1, 2, UTF_8] {
        body.int(number);
    }
    record(out, 3, 4, &body.0);
    let mut body = Bytes::default();
    for number in [f64::MIN, f64::MAX, f64::MIN.next_up()] {
        body.real(number);
    }
    record(out, 4, 8, &body.0);
}

/// The multi-answer questions: 1 is counted.
fn sets(out: &mut Bytes, job: &Job<'_>, layout: &Layout<'_>) {
    let mut body = String::new();
    for set in job.map.sets() {
        // SPSS knows no set of one variable.
        if set.variables.len() < 2 {
            continue;
        }
        let label = fit(set.question.text(job.lang), 250);
        let _ = write!(body, "${}=D1 1 {} {label}", set_name(&set), label.len());
        for variable in &set.variables {
            let column = layout
                .columns
                .iter()
                .find(|column| column.variable.name == variable.name);
            if let Some(column) = column {
                body.push(' ');
                body.push_str(&column.segments[0].name.to_lowercase());
            }
        }
        body.push('\n');
    }
    record(out, 7, 1, body.as_bytes());
}

fn set_name(set: &Set<'_>) -> String {
    match set.turn {
        Some(turn) => format!("{}_{turn}", set.name),
        None => set.name.to_owned(),
    }
}

/// The level of measurement, the width on the screen, the side it stands on.
fn display(out: &mut Bytes, layout: &Layout<'_>) {
    let mut body = Bytes::default();
    for column in &layout.columns {
        let measure = Measure::of(column.variable) as i32;
        for segment in &column.segments {
            body.int(measure);
            body.int(if segment.width > 0 { 24 } else { 10 });
            body.int(i32::from(segment.width == 0));
        }
    }
    record(out, 11, 4, &body.0);
}

/// The whole names, and how long texts of several segments are.
fn names(out: &mut Bytes, layout: &Layout<'_>) {
    let names: Vec<_> = layout
        .columns
        .iter()
        .map(|column| format!("{}={}", column.segments[0].name, column.variable.name))
        .collect();
    record(out, 13, 1, names.join("\t").as_bytes());
    let mut lengths = String::new();
    for column in &layout.columns {
        if let (Shape::Text(width), true) = (column.shape, column.segments.len() > 1) {
            let _ = write!(lengths, "{}={width:05}\0\t", column.segments[0].name);
        }
    }
    record(out, 14, 1, lengths.as_bytes());
}

fn cases(out: &mut Bytes, layout: &Layout<'_>) {
    let mut body = 1_i64.to_le_bytes().to_vec();
    body.extend_from_slice(&i64::from(layout.cases).to_le_bytes());
    record(out, 16, 8, &body);
}

/// What the marks of missing texts say.
fn text_labels(out: &mut Bytes, job: &Job<'_>, layout: &Layout<'_>) {
    let mut body = Bytes::default();
    // SPSS names the values of no wider texts.
    for (column, width) in texts(layout).filter(|(_, width)| *width <= 120) {
        counted(&mut body, &column.variable.name);
        body.count(width);
        let mut labels = value_labels(column.variable, job.lang);
        labels.retain(|(code, _)| *code != column.not_asked);
        body.count(labels.len());
        for (code, label) in labels {
            // A value is as wide as its variable.
            body.count(width);
            body.padded(&code.to_string(), width);
            counted(&mut body, &label);
        }
    }
    record(out, 21, 1, &body.0);
}

/// The mark of a text that was asked and not given. One, because PSPP before 2
/// and everybody else disagree on how two are written.
fn text_missing(out: &mut Bytes, layout: &Layout<'_>) {
    let mut body = Bytes::default();
    for (column, _) in texts(layout) {
        counted(&mut body, &column.variable.name);
        body.bytes(&[1]);
        body.int(8);
        body.padded(&column.not_answered.to_string(), 8);
    }
    record(out, 22, 1, &body.0);
}

fn texts<'a>(layout: &'a Layout<'_>) -> impl Iterator<Item = (&'a Column<'a>, usize)> {
    layout
        .columns
        .iter()
        .filter_map(|column| match column.shape {
            Shape::Text(width) => Some((column, width)),
            _ => None,
        })
}

fn counted(out: &mut Bytes, text: &str) {
    out.count(text.len());
    out.bytes(text.as_bytes());
}
