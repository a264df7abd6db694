//! What a block says in the keys of its kind.

use super::{Picture, Words};

/// A key of a kind of block, and what may stand there.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// A sentence for the reference.
    pub doc: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    Texts,
    Words,
    Number,
    /// A whole number of at least 0.
    Count,
    /// Two numbers, the lower first.
    Range,
    Boolean,
    /// A table of texts by name, like `{ a = "b" }`.
    Pairs,
    /// The name of a picture, with `alt` beside it.
    Picture,
    OneOf(&'static [&'static str]),
}

/// What stood there.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    Text(String),
    Texts(Vec<String>),
    Words(Words),
    Number(f64),
    Boolean(bool),
    Picture(Picture),
    Range(f64, f64),
    Pairs(Vec<(String, String)>),
}

/// The settings of a block, as its kind reads them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(Vec<(&'static str, Setting)>);

impl Key {
    pub const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Key {
        Key {
            name,
            shape,
            required: false,
            doc,
        }
    }

    #[must_use]
    pub const fn required(self) -> Key {
        Key {
            required: true,
            ..self
        }
    }
}

impl Settings {
    pub fn put(&mut self, key: &'static str, setting: Setting) {
        self.0.push((key, setting));
    }

    pub fn get(&self, key: &str) -> Option<&Setting> {
        let found = self.0.iter().find(|(name, _)| *name == key);
        found.map(|(_, setting)| setting)
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Setting::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn texts(&self, key: &str) -> &[String] {
        match self.get(key) {
            Some(Setting::Texts(texts)) => texts,
            _ => &[],
        }
    }

    pub fn pairs(&self, key: &str) -> &[(String, String)] {
        match self.get(key) {
            Some(Setting::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }

    pub fn words(&self, key: &str) -> Option<&Words> {
        match self.get(key)? {
            Setting::Words(words) => Some(words),
            _ => None,
        }
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            Setting::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn count(&self, key: &str) -> Option<u32> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "read as a count"
        )]
        self.number(key).map(|number| number as u32)
    }

    pub fn picture(&self, key: &str) -> Option<&Picture> {
        match self.get(key)? {
            Setting::Picture(picture) => Some(picture),
            _ => None,
        }
    }

    pub fn is(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Setting::Boolean(true)))
    }

    /// Does it say `false`?
    pub fn is_not(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Setting::Boolean(false)))
    }

    pub fn range(&self, key: &str) -> Option<(f64, f64)> {
        match self.get(key)? {
            Setting::Range(low, high) => Some((*low, *high)),
            _ => None,
        }
    }
}
