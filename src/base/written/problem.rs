//! What is wrong with a text, and where.

use std::fmt;

/// How far a file with this problem gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It loads and publishes; something in it is not acted upon.
    Note,
    /// It loads as a draft and is refused at publish.
    Refused,
    /// It does not load.
    Error,
}

/// A sentence for whoever writes the file: `message` names what is wrong and the fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub message: String,
    pub level: Level,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Problems while they are found, by offset in bytes; the same one is kept once.
#[derive(Clone, Debug, Default)]
pub struct Notes(Vec<(usize, Level, String)>);

impl Notes {
    pub fn error(&mut self, at: usize, message: impl Into<String>) {
        self.add(at, Level::Error, message.into());
    }

    pub fn add(&mut self, at: usize, level: Level, message: String) {
        let note = (at, level, message);
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    pub fn take(&mut self, others: Notes) {
        for (at, level, message) in others.0 {
            self.add(at, level, message);
        }
    }

    /// In the order of the file.
    pub fn into_problems(mut self, text: &str) -> Vec<Problem> {
        self.0.sort_by_key(|note| note.0);
        let place = |(at, level, message)| {
            let (line, column) = place(text, at);
            Problem {
                line,
                column,
                message,
                level,
            }
        };
        self.0.into_iter().map(place).collect()
    }
}

/// Line and column of the byte `at`, both from 1, the column in characters.
pub fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(at)];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// `; did you mean …?` or which names there are.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    match crate::base::text::nearest(word, known.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; known here: {}", known.join(", ")),
    }
}

/// What the reader of TOML says, with its place.
pub fn syntax(text: &str, error: &toml_edit::TomlError) -> Problem {
    let (line, column) = place(text, error.span().map_or(0, |span| span.start));
    let (said, hint) = (
        error.message().trim_end(),
        "see https://toml.io for how it is written",
    );
    Problem {
        line,
        column,
        message: format!("this is not TOML: {}; {hint}", said.replace('\n', ", ")),
        level: Level::Error,
    }
}
