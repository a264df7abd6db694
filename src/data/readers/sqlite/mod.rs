//! Databases of SQLite: their tables, read where they lie.

mod sql;

use crate::store::types::ValueRef;

use super::recognise::Head;
use super::value::{Record, Value};
use super::{FileKind, Options, Part, Refusal, Sink, Upload};
use crate::data::ColumnType;
use crate::store::SqlResult;

pub(super) static KIND: Database = Database;

pub(super) struct Database;

impl FileKind for Database {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn title(&self) -> &'static str {
        "SQLite database"
    }

    fn knows(&self, head: &Head) -> bool {
        head.bytes.starts_with(b"SQLite format 3\0")
    }

    fn parts(&self, upload: &Upload<'_>) -> Result<Vec<Part>, Refusal> {
        let tables = sql::tables(&sql::open(upload)?).map_err(sql::refusal)?;
        if tables.is_empty() {
            return Err(Refusal::file("the database has no tables: send another one"));
        }
        let parts = tables.into_iter().map(|name| Part {
            title: name.clone(),
            name,
        });
        Ok(parts.collect())
    }

    /// A database says what is missing, and it always names its columns.
    fn options(&self, _upload: &Upload<'_>, _part: &str) -> Result<Options, Refusal> {
        Ok(Options {
            missing: Vec::new(),
            ..Options::default()
        })
    }

    fn declared(
        &self,
        upload: &Upload<'_>,
        part: &str,
    ) -> Result<Vec<Option<ColumnType>>, Refusal> {
        let columns = sql::columns(&sql::open(upload)?, part).map_err(sql::refusal)?;
        Ok(columns.iter().map(|(_, declared)| meant(declared)).collect())
    }

    fn rows(
        &self,
        upload: &Upload<'_>,
        part: &str,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refusal> {
        let conn = sql::open(upload)?;
        let columns = sql::columns(&conn, part).map_err(sql::refusal)?;
        if columns.is_empty() {
            return Err(Refusal::file(format!(
                "the database has no table “{part}”: choose another one"
            )));
        }
        if options.header {
            let names: Vec<Value<'_>> = columns
                .iter()
                .map(|(name, _)| Value::Text(name.as_bytes()))
                .collect();
            let heading = Record {
                line: 0,
                bytes_done: 0,
                values: &names,
            };
            if sink(&heading).is_break() {
                return Ok(());
            }
        }
        let all = sql::count(&conn, part).map_err(sql::refusal)?.max(1);
        let share = |row: u64| u128::from(upload.len) * u128::from(row) / u128::from(all);
        sql::each_row(&conn, part, &mut |line, row| {
            let values = (0..columns.len()).map(|at| row.get_ref(at).map(value));
            let values = values.collect::<SqlResult<Vec<Value<'_>>>>()?;
            Ok(sink(&Record {
                line,
                bytes_done: u64::try_from(share(line)).unwrap_or(upload.len),
                values: &values,
            }))
        })
        .map_err(sql::refusal)
    }
}

fn value(value: ValueRef<'_>) -> Value<'_> {
    match value {
        ValueRef::Null => Value::Nothing,
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Text(text) => Value::Text(text),
        ValueRef::Blob(bytes) => Value::Blob(bytes.len()),
    }
}

/// What a declared type means to people, by the words in it.
fn meant(declared: &str) -> Option<ColumnType> {
    let declared = declared.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    if says(&["bool"]) {
        Some(ColumnType::Boolean)
    } else if says(&["datetime", "timestamp"]) {
        Some(ColumnType::DateTime)
    } else if says(&["date"]) {
        Some(ColumnType::Date)
    } else if says(&["int"]) {
        Some(ColumnType::Integer)
    } else if says(&["char", "clob", "text", "string"]) {
        Some(ColumnType::Text)
    } else if says(&["real", "floa", "doub", "num", "dec"]) {
        Some(ColumnType::Number)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
