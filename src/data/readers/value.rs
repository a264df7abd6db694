//! A value as a file holds it, and what it looks like.

use super::{Decimal, moment, number};

/// One value of a file, before anybody decided what its column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A cell that is not there.
    Nothing,
    /// Characters that may spell anything. UTF-8, unless the file lies.
    Text(&'a [u8]),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    /// A formula gave this error.
    Error(&'static str),
    Blob(usize),
}

/// The cells of one record.
pub struct Record<'a> {
    /// Where it starts in the file, from 1.
    pub line: u64,
    /// How much of the file has been read.
    pub bytes_done: u64,
    pub values: &'a [Value<'a>],
}

/// What a value looks like, at its narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Integer(i64),
    Number,
    Date(moment::Orders),
    DateTime(moment::Orders),
    Boolean,
    Text,
}

/// Without the blanks around it.
#[inline]
pub(super) fn trim(cell: &[u8]) -> &[u8] {
    match (cell.first(), cell.last()) {
        (Some(first), Some(last)) if *first <= b' ' || *last <= b' ' => cell.trim_ascii(),
        _ => cell,
    }
}

/// What trimmed, non-empty characters look like.
#[inline]
pub(super) fn classify(cell: &[u8], decimal: Decimal) -> Class {
    match cell[0] {
        b'0'..=b'9' => digits(cell, decimal),
        b'-' | b'.' | b',' => numeric(cell, decimal),
        b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'n' | b'N' if is_word_for_boolean(cell) => {
            Class::Boolean
        }
        _ => Class::Text,
    }
}

fn digits(cell: &[u8], decimal: Decimal) -> Class {
    let dated = cell.len() >= 8
        && cell[1..5]
            .iter()
            .any(|byte| matches!(byte, b'-' | b'/' | b'.'));
    match dated.then(|| moment::parse(cell)).flatten() {
        Some(moment) if moment.time.is_some() => Class::DateTime(moment.orders),
        Some(moment) => Class::Date(moment.orders),
        None => numeric(cell, decimal),
    }
}

fn numeric(cell: &[u8], decimal: Decimal) -> Class {
    match number::parse(cell, decimal) {
        Some(number::Parsed::Integer(integer)) => Class::Integer(integer),
        Some(number::Parsed::Real(_)) => Class::Number,
        None => Class::Text,
    }
}

fn is_word_for_boolean(cell: &[u8]) -> bool {
    cell.len() <= 5 && boolean_word(cell).is_some()
}

/// Yes or no, in words.
pub(super) fn boolean_word(cell: &[u8]) -> Option<bool> {
    let is = |word: &str| cell.eq_ignore_ascii_case(word.as_bytes());
    if is("true") || is("yes") {
        Some(true)
    } else if is("false") || is("no") {
        Some(false)
    } else {
        None
    }
}

/// The same room, ready for values that live shorter or longer. Collecting
/// into the vector's own memory is what `Vec` does for equal layouts.
pub(super) fn reuse<'b>(mut values: Vec<Value<'_>>) -> Vec<Value<'b>> {
    values.clear();
    values.into_iter().map(|_| Value::Nothing).collect()
}
