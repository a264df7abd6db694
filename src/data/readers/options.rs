//! How a file is written: found from its bytes, corrected by a person.

use serde::{Deserialize, Serialize};

/// Words that stand for nothing in most files people send.
const MISSING: [&str; 10] = [
    "NA", "N/A", "n/a", "#N/A", "NULL", "null", "NaN", "nan", "-", "\\N",
];

/// How to read a file. Fields that a kind of file has no use for are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// As the web names it: `utf-8`, `windows-1252`, `utf-16le`.
    pub encoding: String,
    /// What stands between two cells: one character of ASCII.
    pub delimiter: char,
    /// Records in front of the heading that say nothing.
    pub skip: u64,
    /// The first record names the columns.
    pub header: bool,
    pub decimal: Decimal,
    /// How to read `03/04/2024` in a column where no value tells.
    pub dates: DateOrder,
    /// Words that stand for nothing, besides the empty cell.
    pub missing: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            encoding: "utf-8".into(),
            delimiter: ',',
            skip: 0,
            header: true,
            decimal: Decimal::Point,
            dates: DateOrder::Dmy,
            missing: MISSING.map(String::from).to_vec(),
        }
    }
}

/// What stands before the tenths. The other one may group thousands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decimal {
    #[default]
    Point,
    Comma,
}

/// In which order a date names day, month and year. A date that starts with
/// the year is read as such under any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    #[default]
    Ymd,
    Dmy,
    Mdy,
}

/// The words for nothing, ready to be met in every cell.
pub(super) struct Missing {
    words: Vec<Vec<u8>>,
    /// Which lengths and which first bytes any word has: most cells differ.
    lengths: u64,
    firsts: [bool; 256],
}

impl Missing {
    pub(super) fn new(words: &[String]) -> Missing {
        let mut missing = Missing {
            words: Vec::new(),
            lengths: 0,
            firsts: [false; 256],
        };
        for word in words.iter().map(|word| word.trim().as_bytes()) {
            if let Some(first) = word.first() {
                missing.firsts[usize::from(*first)] = true;
                missing.lengths |= 1 << word.len().min(63);
                missing.words.push(word.to_vec());
            }
        }
        missing
    }

    /// Which word it is.
    #[inline]
    pub(super) fn find(&self, cell: &[u8]) -> Option<usize> {
        let first = cell.first()?;
        if !self.firsts[usize::from(*first)] || self.lengths & (1 << cell.len().min(63)) == 0 {
            return None;
        }
        self.words.iter().position(|word| word == cell)
    }
}
