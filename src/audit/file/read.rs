//! Checks a file, without the instance that wrote it.

use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use serde_json::{Map, Value};

use super::write::time;
use super::{COLUMNS, NUMBERS, begins, ends, goes_on};
use crate::journal::{Checkpoint, from_json, hex, holds, is_signed, unhex};

/// What is wrong first: where, and what.
#[derive(Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The row of the file, counted from 1.
    pub row: u64,
    /// The record, when it is one's.
    pub seq: Option<i64>,
    pub what: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "record {seq} (row {}): {}", self.row, self.what),
            None => write!(f, "row {}: {}", self.row, self.what),
        }
    }
}

/// A file that holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Checked {
    pub records: i64,
    pub checkpoints: u64,
    /// The public key it is signed with.
    pub key: String,
    pub filter: String,
}

/// Checks a whole file. With `key`, it must be signed by that key; without, a
/// file somebody made and signed themselves would hold, too.
pub fn check(file: impl Read, key: Option<&str>) -> Result<Checked, Flaw> {
    let mut file = BufReader::new(file);
    let is_json = file
        .fill_buf()
        .is_ok_and(|start| start.trim_ascii_start().starts_with(b"{"));
    let mut check = Check {
        pinned: key.map(str::to_lowercase),
        ..Check::default()
    };
    if is_json {
        for line in file.lines() {
            check.row += 1;
            let line = line.map_err(|error| check.flaw(None, error.to_string()))?;
            let row = serde_json::from_str(&line)
                .map_err(|_broken| check.flaw(None, "this is no row of an audit file"))?;
            check.see(&row)?;
        }
    } else {
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(file);
        for cells in rows.records() {
            check.row += 1;
            let cells = cells.map_err(|error| check.flaw(None, error.to_string()))?;
            if check.row == 1 {
                if cells.iter().ne(COLUMNS) {
                    return Err(check.flaw(None, "these are not the columns of an audit file"));
                }
                continue;
            }
            check.see(&from_cells(&cells))?;
        }
    }
    check.finish()
}

/// A record has every column but the signature, and no other.
fn has_its_columns(row: &Value) -> bool {
    let Some(fields) = row.as_object() else {
        return false;
    };
    let is_empty = |value: &Value| value.is_null() || value == "";
    let signature = fields.get("signature");
    COLUMNS
        .iter()
        .all(|column| *column == "signature" || fields.contains_key(*column))
        && fields.keys().all(|name| COLUMNS.contains(&name.as_str()))
        && signature.is_none_or(is_empty)
}

fn from_cells(cells: &csv::StringRecord) -> Value {
    let mut row = Map::new();
    for (column, cell) in COLUMNS.into_iter().zip(cells) {
        let value = match (cell, NUMBERS.contains(&column)) {
            ("", true) => Value::Null,
            (cell, true) => cell.parse::<i64>().map_or(Value::Null, Value::from),
            ("", false) if column == "actor" => Value::Null,
            (cell, false) => cell.strip_prefix('\'').unwrap_or(cell).into(),
        };
        row.insert(column.to_owned(), value);
    }
    Value::Object(row)
}

#[derive(Default)]
struct Check {
    pinned: Option<String>,
    row: u64,
    key: Option<Vec<u8>>,
    filter: String,
    proof: Vec<u8>,
    count: i64,
    last: Option<(i64, Vec<u8>)>,
    /// Hashes by number, for the checkpoints.
    hashes: HashMap<i64, Vec<u8>>,
    checkpoints: u64,
    has_ended: bool,
}

impl Check {
    fn flaw(&self, seq: Option<i64>, what: impl Into<String>) -> Flaw {
        Flaw {
            row: self.row,
            seq,
            what: what.into(),
        }
    }

    fn see(&mut self, row: &Value) -> Result<(), Flaw> {
        if self.has_ended {
            return Err(self.flaw(None, "this row stands after the end"));
        }
        match (row["row"].as_str(), self.key.is_some()) {
            (Some("begin"), false) => self.begin(row),
            (Some("record"), true) => self.record(row),
            (Some("checkpoint"), true) => self.checkpoint(row),
            (Some("end"), true) => self.end(row),
            (_, false) => Err(self.flaw(None, "the file does not begin with its first row")),
            _ => Err(self.flaw(None, "this is no row of an audit file")),
        }
    }

    fn begin(&mut self, row: &Value) -> Result<(), Flaw> {
        let word = |name: &str| row[name].as_str().unwrap_or_default();
        let key = word("hash").to_lowercase();
        if self.pinned.as_ref().is_some_and(|pinned| *pinned != key) {
            return Err(self.flaw(None, format!("the file is signed with another key: {key}")));
        }
        let at = row["at"].as_i64().unwrap_or_default();
        self.proof = begins(&key, word("object"), at);
        word("object").clone_into(&mut self.filter);
        self.key = Some(unhex(&key).ok_or_else(|| self.flaw(None, "there is no public key"))?);
        Ok(())
    }

    fn record(&mut self, row: &Value) -> Result<(), Flaw> {
        let seq = row["seq"].as_i64();
        if !has_its_columns(row) {
            return Err(self.flaw(seq, "a field of it is missing or not its own"));
        }
        let number = row["n"].as_i64().unwrap_or_default();
        if number != self.count + 1 {
            let what = if number > self.count + 1 {
                format!(
                    "record number {} of the file is missing before it",
                    self.count + 1
                )
            } else {
                "it stands where another belongs: it was put in or moved".to_owned()
            };
            return Err(self.flaw(seq, what));
        }
        let (Some(link), Some(before)) = (from_json(row), row["before"].as_str().and_then(unhex))
        else {
            return Err(self.flaw(seq, "a field of it is missing or has no form"));
        };
        let is_as_sealed = holds(&before, &link);
        if !is_as_sealed || row["time"].as_str() != Some(&time(link.past.at)) {
            return Err(self.flaw(seq, "it was changed: its hash does not fit what it says"));
        }
        let follows = self.last.as_ref().is_none_or(|(last, hash)| {
            link.seq > *last && (link.seq > last + 1 || before == *hash)
        });
        self.proof = goes_on(&self.proof, &link.hash);
        if !follows || row["proof"].as_str() != Some(&hex(&self.proof)) {
            return Err(self.flaw(
                seq,
                "it does not follow the record before it: one was taken out, put in, moved or rewritten here",
            ));
        }
        self.count += 1;
        self.hashes.insert(link.seq, link.hash.clone());
        self.last = Some((link.seq, link.hash));
        Ok(())
    }

    fn checkpoint(&mut self, row: &Value) -> Result<(), Flaw> {
        let mark = Checkpoint::from_json(row)
            .ok_or_else(|| self.flaw(None, "a field of this checkpoint has no form"))?;
        let key = self.key.as_deref().unwrap_or_default();
        if !mark.fits(key) {
            return Err(self.flaw(Some(mark.seq), "the checkpoint's signature does not fit"));
        }
        let known = self.hashes.get(&mark.seq);
        if known.is_some_and(|hash| *hash != mark.hash) {
            return Err(self.flaw(
                Some(mark.seq),
                "it is not the record that was signed: the chain was rewritten at or before it",
            ));
        }
        self.checkpoints += 1;
        Ok(())
    }

    fn end(&mut self, row: &Value) -> Result<(), Flaw> {
        if row["n"].as_i64() != Some(self.count) {
            let next = self.count + 1;
            return Err(self.flaw(
                None,
                format!("record number {next} of the file and what followed it was cut off"),
            ));
        }
        let signature = row["signature"]
            .as_str()
            .and_then(unhex)
            .unwrap_or_default();
        let key = self.key.as_deref().unwrap_or_default();
        if !is_signed(key, &ends(self.count, &self.proof), &signature) {
            return Err(self.flaw(None, "the file's signature does not fit: it was rewritten"));
        }
        self.has_ended = true;
        Ok(())
    }

    fn finish(self) -> Result<Checked, Flaw> {
        if !self.has_ended {
            let next = self.count + 1;
            return Err(self.flaw(
                None,
                format!("the file was cut off: record number {next} or the end is missing"),
            ));
        }
        Ok(Checked {
            records: self.count,
            checkpoints: self.checkpoints,
            key: hex(self.key.as_deref().unwrap_or_default()),
            filter: self.filter,
        })
    }
}
