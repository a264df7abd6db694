//! What a table of the built-in database is.

use serde_json::{Value as Json, json};

use crate::base::text;
use crate::data::{ColumnType, Value};
use crate::journal;
use crate::{store, web};

/// A table somebody made. Every table has one column of whole numbers that
/// names its rows, `key`; it is the engine's row id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub title: String,
    pub key: String,
    /// The key among them, in the order people see.
    pub columns: Vec<TableColumn>,
    /// The columns whose values are keys of another table's rows, or of its own.
    pub references: Vec<Reference>,
}

/// A column that names rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub column: String,
    /// The table's name.
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    pub name: String,
    pub title: String,
    pub kind: ColumnType,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&TableColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The table whose rows that column names.
    pub fn refers(&self, column: &str) -> Option<&str> {
        let mut references = self.references.iter();
        let found = references.find(|reference| reference.column == column);
        found.map(|reference| reference.to.as_str())
    }

    /// Only whole numbers are keys, and a key names its own row.
    pub fn may_refer(&self, column: &TableColumn) -> bool {
        column.kind == ColumnType::Integer && column.name != self.key
    }
}

impl TableColumn {
    /// `amount real`
    pub(in crate::data) fn told(&self) -> String {
        format!("{} {}", self.name, self.kind.name())
    }
}

/// A table to be made. Build it with [`NewTable::new`], which adds a key when
/// none of the columns is to be it.
#[derive(Clone, Debug)]
pub struct NewTable {
    pub name: TableName,
    pub title: String,
    pub key: String,
    pub columns: Vec<TableColumn>,
}

impl NewTable {
    /// `key`: the column of whole numbers that names the rows; `None` adds a
    /// column `id` (or `row_id`, `row_id_2`, … when that name is taken) in front.
    pub fn new(
        name: TableName,
        title: &str,
        key: Option<&str>,
        mut columns: Vec<TableColumn>,
    ) -> Result<NewTable, Error> {
        for (at, column) in columns.iter().enumerate() {
            check_name(&column.name)?;
            if columns[..at]
                .iter()
                .any(|before| same(&before.name, &column.name))
            {
                return Err(Error::ColumnTwice(column.name.clone()));
            }
        }
        let key = if let Some(key) = key {
            match columns.iter().find(|column| column.name == key) {
                Some(column) if column.kind == ColumnType::Integer => key.to_owned(),
                Some(_) => return Err(Error::KeyNotWhole(key.to_owned())),
                None => return Err(Error::NoColumn(key.to_owned())),
            }
        } else {
            let key = free_key(&columns);
            let column = TableColumn {
                name: key.clone(),
                title: "Id".to_owned(),
                kind: ColumnType::Integer,
            };
            columns.insert(0, column);
            key
        };
        Ok(NewTable {
            name,
            title: title.trim().to_owned(),
            key,
            columns,
        })
    }

    /// What a record says of it: a fingerprint, since records stay when the table
    /// is destroyed, and no word of it may.
    pub(in crate::data) fn told(&self) -> Json {
        let columns: Vec<_> = self.columns.iter().map(TableColumn::told).collect();
        let said = format!("{}\n{}", self.title, columns.join("\n"));
        let hash = journal::hex(&journal::sha256(said.as_bytes()));
        json!({ "columns": columns.len(), "sha256": hash })
    }
}

/// A table to be made with what it begins with.
#[derive(Clone, Debug)]
pub struct MadeTable {
    pub new: NewTable,
    /// Its columns that name rows, of tables made with it or there before.
    pub references: Vec<Reference>,
    /// Values of all columns but the key, which counts from 1.
    pub rows: Vec<Vec<Value>>,
}

fn free_key(columns: &[TableColumn]) -> String {
    let names = ["id".to_owned(), "row_id".to_owned()];
    let more = (2..).map(|number| format!("row_id_{number}"));
    names
        .into_iter()
        .chain(more)
        .find(|name| columns.iter().all(|column| !same(&column.name, name)))
        .expect("numbers do not end")
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A name a table may have: `a-z`, `0-9` and `_`, a letter first, at most 60.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableName(String);

impl TableName {
    pub fn parse(name: &str) -> Result<TableName, Error> {
        check_name(name)?;
        // Addresses under /data that are no table's.
        let is_address = ["import", "imports", "new"].contains(&name);
        if name.starts_with("sqlite_") || name == "journal" || is_address {
            return Err(Error::Reserved(name.to_owned()));
        }
        Ok(TableName(name.to_owned()))
    }

    /// Whether a column may be called that.
    pub fn column(name: &str) -> Result<(), Error> {
        check_name(name)
    }

    /// A name made of a title or a file's name.
    pub fn of_title(title: &str) -> Result<TableName, Error> {
        TableName::parse(&text::identifier(title))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names stand in SQL that people write: lower case, no quotes needed.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if starts && name.len() <= 60 && name.chars().all(plain) {
        Ok(())
    } else {
        Err(Error::BadName(text::shorten(name, 60).into_owned()))
    }
}

/// What can go wrong with a table, in the words of tables.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("`{0}` cannot be a name: use a-z, 0-9 and _, a letter first, at most 60")]
    BadName(String),
    #[error("`{0}` is a name Onsight keeps for itself; choose another")]
    Reserved(String),
    #[error("there is a table called `{0}` already; choose another name")]
    Exists(String),
    #[error("two columns are called `{0}`; rename one")]
    ColumnTwice(String),
    #[error("the key `{0}` must be a column of whole numbers")]
    KeyNotWhole(String),
    #[error("there is no column `{0}`")]
    NoColumn(String),
    #[error("there is no table `{0}`")]
    NoTable(String),
    /// Holds the column and what is wrong with its value.
    #[error("{0}: {1}")]
    BadValue(String, String),
    #[error("another row has that value in {0}")]
    Taken(String),
    #[error("a table needs a column: name at least one")]
    NoColumns,
    /// Holds the column and what stands there now.
    #[error("{0} was changed meanwhile; there stands now: {1}")]
    Changed(String, String),
    #[error("this row was deleted meanwhile")]
    Gone,
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::NoTable(_) | Error::Gone => web::Error::NotFound,
            Error::Changed(..) => web::Error::Conflict(error.to_string()),
            Error::BadName(_)
            | Error::Reserved(_)
            | Error::Exists(_)
            | Error::ColumnTwice(_)
            | Error::KeyNotWhole(_)
            | Error::NoColumn(_)
            | Error::BadValue(..)
            | Error::NoColumns
            | Error::Taken(_) => web::Error::Invalid(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: ColumnType) -> TableColumn {
        TableColumn {
            name: name.to_owned(),
            title: name.to_owned(),
            kind,
        }
    }

    #[test]
    fn a_table_without_a_key_gets_one() {
        let name = TableName::parse("people").unwrap();
        let columns = vec![column("id", ColumnType::Text)];
        let table = NewTable::new(name, "People", None, columns).unwrap();
        assert_eq!(table.key, "row_id");
        assert_eq!(table.columns[0].name, "row_id");
    }

    #[test]
    fn a_key_is_a_column_of_whole_numbers() {
        let name = TableName::parse("people").unwrap();
        let columns = vec![column("email", ColumnType::Text)];
        let refused = NewTable::new(name, "People", Some("email"), columns).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the key `email` must be a column of whole numbers"
        );
    }

    #[test]
    fn names_need_no_quotes() {
        assert!(TableName::parse("orders_2026").is_ok());
        for wrong in ["", "Orders", "2026", "_x", "a b", "sqlite_x", "journal"] {
            assert!(TableName::parse(wrong).is_err(), "{wrong}");
        }
    }
}
