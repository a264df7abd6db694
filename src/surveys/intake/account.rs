//! What became of every row of a questionnaire that was brought along.

use std::fmt;

/// Where something stood: a sheet and its row, from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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

/// How a row fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// As it was.
    Carried,
    /// With a difference that is told.
    Noted,
    /// Not, or not whole: what it was part of cannot be published before somebody
    /// has looked at it.
    Refused,
}

/// A row and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub place: Place,
    /// The type and the name, as they stood there.
    pub what: String,
    pub notes: Vec<String>,
    pub refusals: Vec<String>,
}

impl Line {
    pub fn fate(&self) -> Fate {
        if !self.refusals.is_empty() {
            Fate::Refused
        } else if self.notes.is_empty() {
            Fate::Carried
        } else {
            Fate::Noted
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fate = match self.fate() {
            Fate::Carried => "carried over",
            Fate::Noted => "carried over, with a note",
            Fate::Refused => "refused",
        };
        write!(f, "{}: {fate}: {}", self.place, self.what)?;
        for said in self.refusals.iter().chain(&self.notes) {
            write!(f, "\n    {said}")?;
        }
        Ok(())
    }
}

/// All rows, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    lines: Vec<Line>,
}

impl Account {
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate() == fate).count()
    }

    /// The worst that befell a row.
    pub fn fate(&self) -> Fate {
        let worst = self.lines.iter().map(Line::fate).max();
        worst.unwrap_or(Fate::Carried)
    }

    pub(super) fn has(&self, place: &Place) -> bool {
        self.lines.iter().any(|line| line.place == *place)
    }

    /// A row is there. Asked for again it is the same one.
    pub(super) fn row(&mut self, place: &Place, what: impl Into<String>) {
        let what = what.into();
        let line = self.line(place);
        if line.what.is_empty() {
            line.what = what;
        }
    }

    pub(super) fn note(&mut self, place: &Place, said: impl Into<String>) {
        let said = said.into();
        let line = self.line(place);
        if !line.notes.contains(&said) {
            line.notes.push(said);
        }
    }

    pub(super) fn refuse(&mut self, place: &Place, said: impl Into<String>) {
        let said = said.into();
        let line = self.line(place);
        if !line.refusals.contains(&said) {
            line.refusals.push(said);
        }
    }

    fn line(&mut self, place: &Place) -> &mut Line {
        let found = self.lines.iter().rposition(|line| line.place == *place);
        let at = found.unwrap_or_else(|| {
            self.lines.push(Line {
                place: place.clone(),
                what: String::new(),
                notes: Vec::new(),
                refusals: Vec::new(),
            });
            self.lines.len() - 1
        });
        &mut self.lines[at]
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        let [carried, noted, refused] =
            [Fate::Carried, Fate::Noted, Fate::Refused].map(|fate| self.count(fate));
        let rows = self.lines.len();
        write!(
            f,
            "{rows} rows: {carried} carried over, {noted} with a note, {refused} refused"
        )
    }
}
