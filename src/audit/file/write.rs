//! Writes the file, piece by piece.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{COLUMNS, FORM, begins, ends, goes_on};
use crate::journal::{Checkpoint, Link, Signer, hex, to_json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Format {
    Csv,
    Ndjson,
}

impl Format {
    pub(in crate::audit) fn named(name: &str) -> Option<Format> {
        match name {
            "csv" => Some(Format::Csv),
            "ndjson" => Some(Format::Ndjson),
            _ => None,
        }
    }

    pub(in crate::audit) fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }
}

/// A file on its way out.
pub(in crate::audit) struct Export {
    format: Format,
    proof: Vec<u8>,
    count: i64,
    /// Numbers and hashes of records, for the checkpoints that name them.
    first: Option<i64>,
    last: i64,
}

impl Export {
    /// A file and its first row. `filter` says what was asked for.
    pub(in crate::audit) fn begin(
        format: Format,
        signer: &Signer,
        filter: &str,
        at: i64,
    ) -> (Export, String) {
        let key = hex(&signer.public());
        let export = Export {
            format,
            proof: begins(&key, filter, at),
            count: 0,
            first: None,
            last: 0,
        };
        let first = json!({
            "row": "begin",
            "version": FORM,
            "at": at,
            "time": time(at),
            "object": filter,
            "hash": key,
        });
        let mut text = String::new();
        if format == Format::Csv {
            text.push_str(&COLUMNS.join(","));
            text.push_str("\r\n");
        }
        text.push_str(&export.row(&first));
        (export, text)
    }

    pub(in crate::audit) fn record(&mut self, link: &Link, before: &[u8]) -> String {
        self.count += 1;
        self.first.get_or_insert(link.seq);
        self.last = link.seq;
        self.proof = goes_on(&self.proof, &link.hash);
        let mut row = json!({ "row": "record", "n": self.count, "time": time(link.past.at) });
        if let Value::Object(fields) = to_json(link) {
            for (name, field) in fields {
                row[name] = field;
            }
        }
        row["before"] = hex(before).into();
        row["proof"] = hex(&self.proof).into();
        self.row(&row)
    }

    /// The checkpoints among the records, and the row that signs the file.
    pub(in crate::audit) fn end(&self, signer: &Signer, checkpoints: &[Checkpoint]) -> String {
        let mut text = String::new();
        let among = checkpoints.iter().filter(|mark| {
            self.first.is_some_and(|first| mark.seq >= first) && mark.seq <= self.last
        });
        for mark in among {
            let mut row = mark.to_json();
            row["row"] = "checkpoint".into();
            row["time"] = time(mark.at.0).into();
            text.push_str(&self.row(&row));
        }
        let signature = signer.sign(&ends(self.count, &self.proof));
        text.push_str(&self.row(&json!({
            "row": "end",
            "n": self.count,
            "proof": hex(&self.proof),
            "signature": hex(&signature),
        })));
        text
    }

    fn row(&self, row: &Value) -> String {
        match self.format {
            Format::Ndjson => format!("{}\n", neutral(&row.to_string())),
            Format::Csv => {
                let cells = COLUMNS.map(|column| cell(&row[column]));
                format!("{}\r\n", cells.join(","))
            }
        }
    }
}

/// `2026-11-21T22:54:01.123Z`
pub(in crate::audit) fn time(at: i64) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// What JSON leaves as it is and terminals and other readers may obey: written
/// as numbers.
fn neutral(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A cell in quotes. What a spreadsheet would take for a formula gets an
/// apostrophe in front, and so does what begins with one, so that it can be
/// taken off again.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => return String::new(),
        Value::String(text) => text,
        other => return other.to_string(),
    };
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}
