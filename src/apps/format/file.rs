//! The file being loaded: its text, its tables, and where in the text a key stands.

use toml_edit::{Document, Item, TableLike};

use crate::base::written::{Position, item_at, place};

pub(super) struct File<'a> {
    pub(super) text: &'a str,
    pub(super) toml: &'a Document<&'a str>,
}

impl<'a> File<'a> {
    /// Where the last key of `path` that exists stands: a value by its beginning,
    /// a table by its name.
    pub(super) fn at(&self, path: &[&str]) -> usize {
        let mut found = 0;
        let mut table: &dyn TableLike = self.toml.as_table();
        for name in path {
            let Some(item) = table.get(name) else { break };
            found = item_at(table, name);
            let Some(inner) = item.as_table_like() else {
                break;
            };
            table = inner;
        }
        found
    }

    /// The byte `within` the value of the text at `path`.
    pub(super) fn at_byte(&self, path: &[&str], value: &str, within: usize) -> usize {
        let start = self.at(path);
        let source = &self.text[start..];
        let opening = ["'''", "\"\"\"", "'", "\""]
            .into_iter()
            .find(|quote| source.starts_with(quote))
            .unwrap_or_default();
        let inside = &source[opening.len()..];
        let line_end = ["\r\n", "\n"]
            .into_iter()
            .find(|end| opening.len() == 3 && inside.starts_with(end))
            .unwrap_or_default();
        // A value with escapes has no bytes of its own in the file.
        if inside[line_end.len()..].starts_with(value) {
            start + opening.len() + line_end.len() + within
        } else {
            start
        }
    }

    pub(super) fn position(&self, path: &[&str]) -> Position {
        let (line, column) = place(self.text, self.at(path));
        Position { line, column }
    }

    /// The tables under `path`, with their names, in the file's order.
    pub(super) fn tables(&self, path: &[&str]) -> Vec<(&'a str, &'a dyn TableLike)> {
        let mut table: &'a dyn TableLike = self.toml.as_table();
        for name in path {
            let Some(inner) = table.get(name).and_then(Item::as_table_like) else {
                return Vec::new();
            };
            table = inner;
        }
        table
            .iter()
            .filter_map(|(name, item)| Some((name, item.as_table_like()?)))
            .collect()
    }
}
