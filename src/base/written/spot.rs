//! Where in a text a key or a table stands.

use std::ops::Range;

use toml_edit::{Item, TableLike};

/// Line and column in the file, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Where `name` stands in `table`: a value by its beginning, a table by its name.
pub fn item_at(table: &dyn TableLike, name: &str) -> usize {
    let value = table.get(name).filter(|item| item.is_value());
    value
        .and_then(Item::span)
        .map_or_else(|| key_at(table, name), |span| span.start)
}

pub fn key_at(table: &dyn TableLike, name: &str) -> usize {
    table
        .key(name)
        .and_then(toml_edit::Key::span)
        .map_or(0, |span| span.start)
}

/// The tables of a list, each with where it begins, in bytes.
pub fn tables(item: &Item) -> Option<Vec<(usize, &dyn TableLike)>> {
    fn placed<T: TableLike>(table: &T, span: Option<Range<usize>>) -> (usize, &dyn TableLike) {
        (span.map_or(0, |span| span.start), table)
    }
    if let Some(list) = item.as_array_of_tables() {
        return Some(
            list.iter()
                .map(|table| placed(table, table.span()))
                .collect(),
        );
    }
    item.as_array()?
        .iter()
        .map(|value| Some(placed(value.as_inline_table()?, value.span())))
        .collect()
}
