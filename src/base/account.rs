//! What became of everything that was brought along: a line for each place it stood.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

/// Where something stood, in the words of what it stood in.
pub trait Spot: Clone + Eq + Hash + fmt::Display {
    /// What one such place holds, and several.
    const WORDS: [&'static str; 2];
}

/// How it fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// As it was.
    Carried,
    /// With a difference that is told.
    Noted,
    /// Not, or not whole: somebody has to look at it before it is used.
    Refused,
}

/// A place and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<P> {
    pub place: P,
    /// What it was, as it stood there.
    pub what: String,
    /// Where it is now, where that can be said.
    pub to: Vec<String>,
    pub notes: Vec<String>,
    pub refusals: Vec<String>,
}

impl<P> Line<P> {
    pub fn new(place: P, what: impl Into<String>) -> Line<P> {
        Line {
            place,
            what: what.into(),
            to: Vec::new(),
            notes: Vec::new(),
            refusals: Vec::new(),
        }
    }

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

impl<P: Spot> fmt::Display for Line<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fate = match self.fate() {
            Fate::Carried => "carried over",
            Fate::Noted => "carried over, with a note",
            Fate::Refused => "refused",
        };
        write!(f, "{}: {fate}: {}", self.place, self.what)?;
        if !self.to.is_empty() {
            write!(f, " → {}", self.to.join(", "))?;
        }
        for said in self.refusals.iter().chain(&self.notes) {
            write!(f, "\n    {said}")?;
        }
        Ok(())
    }
}

/// All places, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account<P: Spot> {
    lines: Vec<Line<P>>,
    at: HashMap<P, usize>,
}

impl<P: Spot> Default for Account<P> {
    fn default() -> Account<P> {
        Account {
            lines: Vec::new(),
            at: HashMap::new(),
        }
    }
}

impl<P: Spot> Account<P> {
    /// The account of lines that are whole.
    pub fn of(lines: Vec<Line<P>>) -> Account<P> {
        let at = lines.iter().enumerate();
        let at = at.map(|(at, line)| (line.place.clone(), at)).collect();
        Account { lines, at }
    }

    pub fn lines(&self) -> &[Line<P>] {
        &self.lines
    }

    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate() == fate).count()
    }

    /// The worst that befell a place.
    pub fn fate(&self) -> Fate {
        let worst = self.lines.iter().map(Line::fate).max();
        worst.unwrap_or(Fate::Carried)
    }

    pub fn has(&self, place: &P) -> bool {
        self.at.contains_key(place)
    }

    /// A place is there. Asked for again it is the same one.
    pub fn row(&mut self, place: &P, what: impl Into<String>) {
        let what = what.into();
        let line = self.line(place);
        if line.what.is_empty() {
            line.what = what;
        }
    }

    pub fn note(&mut self, place: &P, said: impl Into<String>) {
        let said = said.into();
        let line = self.line(place);
        if !line.notes.contains(&said) {
            line.notes.push(said);
        }
    }

    pub fn refuse(&mut self, place: &P, said: impl Into<String>) {
        let said = said.into();
        let line = self.line(place);
        if !line.refusals.contains(&said) {
            line.refusals.push(said);
        }
    }

    fn line(&mut self, place: &P) -> &mut Line<P> {
        let lines = &mut self.lines;
        let at = *self.at.entry(place.clone()).or_insert_with(|| {
            lines.push(Line::new(place.clone(), ""));
            lines.len() - 1
        });
        &mut lines[at]
    }
}

impl<P: Spot> fmt::Display for Account<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        let [carried, noted, refused] =
            [Fate::Carried, Fate::Noted, Fate::Refused].map(|fate| self.count(fate));
        let [_, many] = P::WORDS;
        write!(
            f,
            "{} {many}: {carried} carried over, {noted} with a note, {refused} refused",
            self.lines.len()
        )
    }
}
