//! A table of the text as the fields of a form. Which fields there are, its keys say.

use toml_edit::Item;

use super::reading::{Field, Offer, drawn};
use super::writing::{self, Value, held, sent};
use crate::apps::format::{Key, KeyKind};
use crate::base::written::edit::{Step, Unfit, find, line_at, parse};
use crate::web::Fields;

/// A part of the text as the fields of a form.
pub trait Filled {
    /// What is wrong with what was typed, by field.
    fn faults(&self, text: &str, typed: &Fields) -> Vec<(String, String)>;

    /// Writes what changed, and nothing else.
    fn write(&self, text: &str, typed: &Fields) -> Result<String, Unfit>;

    /// The field that a line of the text is about.
    fn field_at(&self, text: &str, line: usize) -> Option<String>;

    /// Does a line that is about a field belong to it for certain?
    fn knows_its_lines(&self) -> bool;
}

/// A table, and the keys it is filled in by.
pub struct Sheet {
    pub(super) path: Vec<Step>,
    /// What the names of its fields begin with.
    pub(super) prefix: String,
    pub(super) keys: Vec<&'static Key>,
}

impl Sheet {
    pub fn of(path: Vec<Step>, keys: &'static [Key]) -> Sheet {
        Sheet::at(path, "k.".to_owned(), keys)
    }

    /// The same, its fields under names that begin with `prefix`.
    pub fn at(path: Vec<Step>, prefix: String, keys: &'static [Key]) -> Sheet {
        let has_field = |key: &&Key| !matches!(key.kind, KeyKind::Widgets | KeyKind::Grid);
        Sheet {
            path,
            prefix,
            keys: keys.iter().filter(has_field).collect(),
        }
    }

    /// The same without the keys that are filled in elsewhere.
    #[must_use]
    pub fn only(mut self, known: &[&str]) -> Sheet {
        self.keys.retain(|key| known.contains(&key.name));
        self
    }

    /// The same without some of its keys, which are filled in elsewhere.
    #[must_use]
    pub fn but(mut self, names: &[&str]) -> Sheet {
        self.keys.retain(|key| !names.contains(&key.name));
        self
    }

    pub(super) fn name(&self, key: &Key) -> String {
        format!("{}{}", self.prefix, key.name)
    }

    /// The fields with what the text says, or with what was typed.
    pub fn fields(&self, text: &str, offer: &Offer, typed: Option<&Fields>) -> Vec<Field> {
        let keys = self.keys.iter();
        keys.map(|key| drawn((self, key), text, offer, typed))
            .collect()
    }

    /// What the text says at a key.
    pub(super) fn held(&self, text: &str, key: &Key) -> Value {
        let Ok(toml) = parse(text) else {
            return Value::None;
        };
        let at = find(toml.as_table(), &self.path);
        let item = at.and_then(|at| at.body.get(key.name));
        item.map_or(Value::None, |item| held(text, item, key.kind))
    }

    /// The tables inside of it that are filled in as well: each with its number.
    pub(super) fn inner(&self, text: &str, key: &Key) -> Vec<Sheet> {
        let mut path = self.path.clone();
        path.push(Step::key(key.name));
        let name = self.name(key);
        match key.kind {
            KeyKind::Table(keys) => vec![Sheet::at(path, format!("{name}."), keys)],
            KeyKind::Tables(keys) => {
                let count = writing::count(text, &self.path, key.name);
                let one = |at: usize| {
                    let mut path = path.clone();
                    path.push(Step::At(at));
                    Sheet::at(path, format!("{name}.{at}."), keys)
                };
                (0..=count).map(one).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn is_there(&self, text: &str, key: &Key) -> bool {
        let toml = parse(text).ok();
        let at = toml
            .as_ref()
            .and_then(|toml| find(toml.as_table(), &self.path));
        at.is_some_and(|at| at.body.get(key.name).is_some())
    }

    /// The line of a key, or of the table where there is none.
    pub(super) fn line(&self, text: &str, key: &Key) -> usize {
        let Ok(toml) = parse(text) else { return 1 };
        let Some(at) = find(toml.as_table(), &self.path) else {
            return 1;
        };
        let own = at.body.table().key(key.name).and_then(toml_edit::Key::span);
        let start = own.map_or_else(|| at.body.start(), |span| span.start);
        line_at(text, start)
    }

    /// The field that a line of the text is about.
    pub fn field_at(&self, text: &str, line: usize) -> Option<String> {
        let lines = self.keys.iter().filter(|key| self.is_there(text, key));
        let lines = lines.map(|key| (self.line(text, key), key));
        let before = lines.filter(|(start, _)| *start <= line);
        before
            .max_by_key(|(start, _)| *start)
            .map(|(_, key)| self.name(key))
    }

    /// The keys of the table that have no field, each with its line.
    pub fn others(&self, text: &str, known: &[&str]) -> Vec<(String, usize)> {
        let Ok(toml) = parse(text) else {
            return Vec::new();
        };
        let Some(at) = find(toml.as_table(), &self.path) else {
            return Vec::new();
        };
        let table = at.body.table();
        let has_field =
            |name: &str| known.contains(&name) || self.keys.iter().any(|key| key.name == name);
        let line = |name: &str, item: &Item| {
            let own = table.key(name).and_then(toml_edit::Key::span);
            let start = own.or_else(|| item.span()).map_or(0, |span| span.start);
            (name.to_owned(), line_at(text, start))
        };
        let others = table.iter().filter(|(name, _)| !has_field(name));
        others.map(|(name, item)| line(name, item)).collect()
    }

    /// What is wrong with what was typed, by field.
    pub fn faults(&self, text: &str, typed: &Fields) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        for key in &self.keys {
            let name = self.name(key);
            let inner = self.inner(text, key);
            for one in inner.iter().filter(|one| !one.is_empty(typed)) {
                faults.extend(one.faults(text, typed));
            }
            if !inner.is_empty() {
                continue;
            }
            let Some(now) = sent(typed, &name, key.kind) else {
                continue;
            };
            if self.held(text, key) == now {
                continue;
            }
            if let Err(why) = writing::allowed(key, &now) {
                faults.push((name, why));
            }
        }
        faults
    }

    /// Was nothing typed into any of its fields?
    pub(super) fn is_empty(&self, typed: &Fields) -> bool {
        let filled = |key: &&&Key| {
            let value = sent(typed, &self.name(key), key.kind);
            value.is_some_and(|value| value != Value::None)
        };
        !self.keys.iter().any(|key| filled(&key))
    }

    /// Writes what changed, and nothing else.
    pub fn write(&self, text: &str, typed: &Fields) -> Result<String, Unfit> {
        let mut new = text.to_owned();
        for key in &self.keys {
            new = writing::key((self, key), new, typed)?;
        }
        Ok(new)
    }
}

impl Filled for Sheet {
    fn faults(&self, text: &str, typed: &Fields) -> Vec<(String, String)> {
        Sheet::faults(self, text, typed)
    }

    fn write(&self, text: &str, typed: &Fields) -> Result<String, Unfit> {
        Sheet::write(self, text, typed)
    }

    fn field_at(&self, text: &str, line: usize) -> Option<String> {
        Sheet::field_at(self, text, line)
    }

    fn knows_its_lines(&self) -> bool {
        false
    }
}
