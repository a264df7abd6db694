//! What the parts of a survey promise each other: names, order, loops, translations.

mod langs;
mod names;
mod pictures;
mod way;

use super::{Position, Survey};
use crate::base::written::Notes;

pub(super) fn survey(survey: &Survey, text: &str, notes: &mut Notes) {
    let mut said = Said { text, notes };
    names::check(survey, &mut said);
    way::check(survey, &mut said);
    langs::check(survey, &mut said);
    pictures::check(survey, &mut said);
}

/// Notes by line and column.
struct Said<'a> {
    text: &'a str,
    notes: &'a mut Notes,
}

impl Said<'_> {
    fn error(&mut self, at: Position, message: impl Into<String>) {
        self.notes.error(self.offset(at), message);
    }

    fn refuse(&mut self, at: Position, message: impl Into<String>) {
        let at = self.offset(at);
        self.notes.add(at, super::Level::Refused, message.into());
    }

    fn note(&mut self, at: Position, message: impl Into<String>) {
        let at = self.offset(at);
        self.notes.add(at, super::Level::Note, message.into());
    }

    fn offset(&self, at: Position) -> usize {
        let lines = self.text.split_inclusive('\n');
        let before: usize = lines.take(at.line.saturating_sub(1)).map(str::len).sum();
        let line = self.text.get(before..).unwrap_or_default();
        let column = line.char_indices().nth(at.column.saturating_sub(1));
        before + column.map_or(0, |(byte, _)| byte)
    }
}

#[cfg(test)]
mod tests;
