//! What became of every row of a questionnaire that was brought along.

use std::fmt;

use crate::base::account::{self, Spot};

pub use crate::base::account::Fate;

/// All rows, in the order of the file.
pub type Account = account::Account<Place>;

/// A row and what is to be said of it: its type and its name, as they stood there.
pub type Line = account::Line<Place>;

/// Where something stood: a sheet and its row, from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub sheet: String,
    pub row: u32,
}

impl Place {
    pub fn new(sheet: &str, row: u32) -> Place {
        Place {
            sheet: sheet.to_owned(),
            row,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sheet, self.row)
    }
}

impl Spot for Place {
    const WORDS: [&'static str; 2] = ["row", "rows"];
}
