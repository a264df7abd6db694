//! What can be read of a database elsewhere, as statements name it.

use super::{Kind, Source};
use crate::data::sql_text::Dialect;
use crate::data::{Cell, Rows};

/// A table, and its columns with their types.
pub(in crate::data) type TableColumns = (String, Vec<(String, String)>);

/// The rows of a kind's `columns`, put together by table. A schema is named where a
/// statement has to name it.
pub(in crate::data) fn tables(source: &Source, rows: &Rows) -> Vec<TableColumns> {
    let dialect = source.kind().map_or(Dialect::Sqlite, Kind::dialect);
    let mut tables: Vec<TableColumns> = Vec::new();
    for row in 0..rows.len() {
        let word = |column| word(rows.get(row, column));
        let name = |column| named(dialect, &word(column));
        let table = if rows.get(row, 4) == Cell::Integer(1) {
            name(1)
        } else {
            format!("{}.{}", name(0), name(1))
        };
        let column = (name(2), word(3));
        match tables.last_mut().filter(|(known, _)| *known == table) {
            Some((_, columns)) => columns.push(column),
            None => tables.push((table, vec![column])),
        }
    }
    tables
}

/// Names come as text; MySQL may send them as bytes.
fn word(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(word) => word.to_owned(),
        Cell::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    }
}

/// Quoted where it has to be.
fn named(dialect: Dialect, name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_plain {
        name.to_owned()
    } else {
        dialect.quoted(name)
    }
}
