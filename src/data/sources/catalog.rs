//! What can be read of a database elsewhere, as statements name it.

use super::Source;
use crate::base::text::title;
use crate::data::sql_text::Dialect;
use crate::data::tables::{Table, TableColumn};
use crate::data::{Cell, ColumnType, Rows};

/// A table, and its columns with their types.
pub(in crate::data) type TableColumns = (String, Vec<(String, String)>);

/// The rows of a kind's `columns`, put together by table. A schema is named where a
/// statement has to name it.
pub(in crate::data) fn tables(source: &Source, rows: &Rows) -> Vec<TableColumns> {
    let dialect = source.dialect();
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
    if is_plain(name) {
        name.to_owned()
    } else {
        dialect.quoted(name)
    }
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The same as tables of ours have it: columns with a name that needs no quotes and of a
/// type that we know.
pub(super) fn as_ours((name, columns): TableColumns) -> Table {
    let columns = columns.into_iter().filter_map(|(name, said)| {
        Some(TableColumn {
            kind: column_type(&said)?,
            title: title(&name),
            name: Some(name).filter(|name| is_plain(name))?,
        })
    });
    Table {
        columns: columns.collect(),
        title: name.clone(),
        key: String::new(),
        references: Vec::new(),
        name,
    }
}

/// What a column holds, by the server's word for its type.
fn column_type(said: &str) -> Option<ColumnType> {
    let said = said.to_ascii_lowercase();
    let is = |words: &[&str]| {
        let bare = said.split(['(', ' ']).next().unwrap_or_default();
        words.contains(&bare)
    };
    // MySQL and MariaDB have no other type for yes and no.
    if is(&["boolean", "bool"]) || said.starts_with("tinyint(1)") {
        return Some(ColumnType::Boolean);
    }
    if is(&[
        "smallint",
        "integer",
        "bigint",
        "int",
        "tinyint",
        "mediumint",
    ]) {
        return Some(ColumnType::Integer);
    }
    if is(&["numeric", "decimal", "real", "double", "float"]) {
        return Some(ColumnType::Number);
    }
    if is(&[
        "text",
        "character",
        "varchar",
        "char",
        "tinytext",
        "mediumtext",
        "longtext",
    ]) {
        return Some(ColumnType::Text);
    }
    if is(&["date"]) {
        return Some(ColumnType::Date);
    }
    is(&["timestamp", "datetime"]).then_some(ColumnType::DateTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_elsewhere_has_the_columns_that_can_be_asked_about() {
        let column = |name: &str, said: &str| (name.to_owned(), said.to_owned());
        let columns = vec![
            column("id", "bigint"),
            column("\"Über\"", "integer"),
            column("amount", "numeric"),
            column("price", "decimal(8,2)"),
            column("name", "character varying"),
            column("code", "varchar(20)"),
            column("at", "timestamp with time zone"),
            column("moment", "datetime(6)"),
            column("day", "date"),
            column("sent", "boolean"),
            column("done", "tinyint(1)"),
            column("level", "tinyint(4)"),
            column("spot", "point"),
            column("clock", "time without time zone"),
        ];

        let table = as_ours(("shop.orders".to_owned(), columns));

        let told: Vec<String> = table.columns.iter().map(TableColumn::told).collect();
        insta::assert_snapshot!(told.join(", "), @"id integer, amount number, price number, name text, code text, at datetime, moment datetime, day date, sent boolean, done boolean, level integer");
        assert_eq!(table.name, "shop.orders");
    }
}
