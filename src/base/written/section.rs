//! A table of a text, read key by key: every look at it notes what is wrong, with its place.

use toml_edit::{Item, TableLike, Value};

use super::{Level, Notes, item_at, key_at, suggestion, tables};

/// A table and what was found wrong with it so far. A reader yields nothing
/// where nothing fitting stands, and notes why if something else does;
/// [`finish`](Section::finish) notes the keys that nobody asked for.
pub struct Section<'a> {
    table: &'a dyn TableLike,
    at: usize,
    asked: Vec<&'a str>,
    notes: Notes,
}

impl<'a> Section<'a> {
    /// `at` is where the table begins, in bytes.
    pub fn new(table: &'a dyn TableLike, at: usize) -> Section<'a> {
        Section {
            table,
            at,
            asked: Vec::new(),
            notes: Notes::default(),
        }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the value at `key` begins, or the table when there is none.
    pub fn place(&self, key: &str) -> usize {
        if self.has(key) {
            item_at(self.table, key)
        } else {
            self.at
        }
    }

    pub fn error(&mut self, key: &str, message: impl Into<String>) {
        self.notes.error(self.place(key), message);
    }

    pub fn say(&mut self, key: &str, level: Level, message: impl Into<String>) {
        self.notes.add(self.place(key), level, message.into());
    }

    /// Notes of another look at the same text.
    pub fn take(&mut self, notes: Notes) {
        self.notes.take(notes);
    }

    /// Whatever stands there.
    pub fn item(&mut self, key: &'a str) -> Option<&'a Item> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.get(key)
    }

    pub fn text(&mut self, key: &'a str) -> Option<&'a str> {
        self.read(key, "text in quotes", Item::as_str)
    }

    /// Empty when it is missing, which is noted.
    pub fn needed_text(&mut self, key: &'a str) -> &'a str {
        let text = self.text(key).unwrap_or_default();
        if !self.has(key) {
            self.error(key, format!("`{key}` is missing here; add it"));
        } else if text.trim().is_empty() {
            self.error(key, format!("`{key}` is empty; fill it in"));
        }
        text
    }

    pub fn integer(&mut self, key: &'a str) -> Option<i64> {
        self.read(key, "a whole number", Item::as_integer)
    }

    /// A whole number of at least 0.
    pub fn count(&mut self, key: &'a str) -> Option<u32> {
        self.read(key, "a whole number of at least 0", |item| {
            item.as_integer().and_then(|whole| whole.try_into().ok())
        })
    }

    pub fn number(&mut self, key: &'a str) -> Option<f64> {
        self.read(key, "a number", |item| number(item.as_value()?))
    }

    pub fn boolean(&mut self, key: &'a str) -> Option<bool> {
        self.read(key, "true or false", Item::as_bool)
    }

    pub fn texts(&mut self, key: &'a str) -> Vec<&'a str> {
        let found = self.read(key, "a list of texts, like [\"a\", \"b\"]", |item| {
            item.as_array()?.iter().map(Value::as_str).collect()
        });
        found.unwrap_or_default()
    }

    pub fn numbers(&mut self, key: &'a str) -> Option<Vec<f64>> {
        self.read(key, "a list of numbers, like [0, 10]", |item| {
            item.as_array()?.iter().map(number).collect()
        })
    }

    pub fn one_of(&mut self, key: &'a str, known: &[&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let found = known.iter().find(|name| **name == text);
        if found.is_none() {
            let near = suggestion(text, known);
            self.error(key, format!("`{key}` cannot be `{text}`{near}"));
        }
        found.copied()
    }

    /// Reads the table at `key`.
    pub fn one<T>(&mut self, key: &'a str, read: impl FnOnce(&mut Section<'a>) -> T) -> Option<T> {
        let table = self.read(key, "a table", Item::as_table_like)?;
        Some(self.within(table, key_at(self.table, key), read))
    }

    /// Reads each table of the list at `key`.
    pub fn each<T>(&mut self, key: &'a str, mut read: impl FnMut(&mut Section<'a>) -> T) -> Vec<T> {
        let list = self.read(key, "a list of tables, like [{ a = \"b\" }]", tables);
        let list = list.unwrap_or_default().into_iter();
        list.map(|(at, table)| self.within(table, at, &mut read))
            .collect()
    }

    /// Reads each table under `key` with its name.
    pub fn named<T>(
        &mut self,
        key: &'a str,
        mut read: impl FnMut(&'a str, &mut Section<'a>) -> T,
    ) -> Vec<T> {
        let Some(table) = self.read(key, "a table of tables", Item::as_table_like) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (name, item) in table.iter() {
            let at = key_at(table, name);
            match item.as_table_like() {
                Some(inner) => {
                    found.push(self.within(inner, at, |section| read(name, section)));
                }
                None => self.notes.error(at, format!("`{name}` needs a table here")),
            }
        }
        found
    }

    /// What is in the table, in its order.
    pub fn entries(&self) -> Vec<(&'a str, &'a Item)> {
        self.table.iter().collect()
    }

    /// Everything may stand here from now on: the other keys are the author's own.
    pub fn rest(&mut self) -> Vec<(&'a str, &'a Item)> {
        let asked = self.asked.clone();
        let all = self.table.iter();
        let rest: Vec<_> = all.filter(|(key, _)| !asked.contains(key)).collect();
        self.asked.extend(rest.iter().map(|(key, _)| *key));
        rest
    }

    /// Notes the keys that nobody asked for, and gives away what was found.
    pub fn finish(mut self) -> Notes {
        for (name, _) in self.table.iter() {
            if !self.asked.contains(&name) {
                let near = suggestion(name, &self.asked);
                let message = format!("unknown key `{name}`{near}");
                self.notes.error(key_at(self.table, name), message);
            }
        }
        self.notes
    }

    fn within<T>(
        &mut self,
        table: &'a dyn TableLike,
        at: usize,
        read: impl FnOnce(&mut Section<'a>) -> T,
    ) -> T {
        let mut section = Section::new(table, at);
        let result = read(&mut section);
        self.notes.take(section.finish());
        result
    }

    fn read<T>(
        &mut self,
        key: &'a str,
        wanted: &str,
        read: impl FnOnce(&'a Item) -> Option<T>,
    ) -> Option<T> {
        let item = self.item(key)?;
        let found = read(item);
        if found.is_none() {
            let is = item.type_name();
            self.error(key, format!("`{key}` needs {wanted}; found: {is}"));
        }
        found
    }
}

/// A number with or without a point.
pub fn number(value: &Value) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "people write short numbers")]
    value
        .as_float()
        .filter(|number| number.is_finite())
        .or_else(|| value.as_integer().map(|whole| whole as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml_edit::Document;

    #[test]
    fn what_is_wrong_is_said_where_it_stands() {
        let text = "a = 1\nb = \"x\"\nlist = [{ n = \"y\" }, { m = 1 }]\n";
        let toml = Document::parse(text).unwrap();
        let mut section = Section::new(toml.as_table(), 0);

        assert_eq!(section.text("a"), None);
        let names = section.each("list", |one| one.integer("n"));
        let problems = section.finish().into_problems(text);

        assert_eq!(names, [None, None]);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "1:5: `a` needs text in quotes; found: integer",
                "2:1: unknown key `b`; did you mean `a`?",
                "3:15: `n` needs a whole number; found: string",
                "3:24: unknown key `m`; did you mean `n`?",
            ]
        );
    }

    #[test]
    fn a_number_without_an_end_is_none() {
        let toml = Document::parse("a = inf\nb = -1\n").unwrap();
        let mut section = Section::new(toml.as_table(), 0);

        assert_eq!(section.number("a"), None);
        assert_eq!(section.count("b"), None);
        assert_eq!(section.number("b"), Some(-1.0));
    }
}
