//! Rows into the table where they are collected, and from there to where they
//! belong. Names of tables and columns are always quoted.

use crate::base::Time;
use crate::data::Cell;
use crate::data::imports::batch::Batch;
use crate::data::imports::model::Error;
use crate::data::tables::NewTable;
use crate::data::tables::sql::{create, drop_table, quoted};
use crate::store::types::{ToSqlOutput, ValueRef};
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};

/// Makes the table where the rows are collected.
pub(in crate::data::imports) fn begin(
    tx: &Transaction<'_>,
    staging: &str,
    new: &NewTable,
) -> Result<(), StoreError> {
    drop_table(tx, staging)?;
    create(tx, staging, new)
}

fn list(columns: &[String], before: &str) -> String {
    let columns = columns
        .iter()
        .map(|name| format!("{before}{}", quoted(name)));
    columns.collect::<Vec<_>>().join(", ")
}

/// The statement that puts one row there.
pub(in crate::data::imports) fn insertion(staging: &str, columns: &[String]) -> String {
    let places = vec!["?"; columns.len()].join(", ");
    let (table, columns) = (quoted(staging), list(columns, ""));
    format!("insert into {table} ({columns}) values ({places})")
}

/// Puts the rows of a batch there. `key` is the column that names the rows:
/// the engine would number a row that has none, so it is looked at here.
pub(in crate::data::imports) fn insert(
    tx: &Transaction<'_>,
    insertion: &str,
    batch: &Batch,
    key: Option<usize>,
) -> Result<(), Error> {
    let mut statement = tx.prepare_cached(insertion).map_err(StoreError::from)?;
    for (line, cells) in batch.rows() {
        let mut named = Cell::Null;
        for (at, cell) in cells.enumerate() {
            if key == Some(at) {
                named = cell;
            }
            statement
                .raw_bind_parameter(at + 1, bound(cell))
                .map_err(StoreError::from)?;
        }
        if key.is_some() && named == Cell::Null {
            let reason = "the key is empty".to_owned();
            return Err(Error::Key { line, reason });
        }
        if let Err(error) = statement.raw_execute() {
            return Err(refused(error.into(), line, named));
        }
    }
    Ok(())
}

#[cold]
fn refused(error: StoreError, line: u64, named: Cell<'_>) -> Error {
    match (error, named) {
        (StoreError::Taken(_), Cell::Integer(key)) => Error::Key {
            line,
            reason: format!("the key {key} comes a second time"),
        },
        (error, _) => error.into(),
    }
}

/// As the engine takes it, without a copy of our own.
fn bound(cell: Cell<'_>) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match cell {
        Cell::Null => ValueRef::Null,
        Cell::Integer(number) => ValueRef::Integer(number),
        Cell::Real(number) => ValueRef::Real(number),
        Cell::Text(text) => ValueRef::Text(text.as_bytes()),
        Cell::Blob(bytes) => ValueRef::Blob(bytes),
    })
}

/// A value that more than one collected row has in that column.
pub(in crate::data::imports) fn twice(
    tx: &Transaction<'_>,
    staging: &str,
    column: &str,
) -> Result<Option<String>, StoreError> {
    let (staging, column) = (quoted(staging), quoted(column));
    let sql = format!(
        "select cast({column} as text) from {staging} where {column} is not null
         group by {column} having count(*) > 1 limit 1"
    );
    Ok(tx.query_row(&sql, [], |row| row.get(0)).optional()?)
}

/// A value of that column which both the collected rows and the table have.
pub(in crate::data::imports) fn clash(
    tx: &Transaction<'_>,
    staging: &str,
    table: &str,
    column: &str,
) -> Result<Option<String>, StoreError> {
    let (staging, table, column) = (quoted(staging), quoted(table), quoted(column));
    let sql = format!(
        "select cast(new.{column} as text) from {staging} as new
         where exists (select 1 from {table} as old where old.{column} = new.{column}) limit 1"
    );
    Ok(tx.query_row(&sql, [], |row| row.get(0)).optional()?)
}

/// Adds all collected rows to the table.
pub(in crate::data::imports) fn append(
    tx: &Transaction<'_>,
    staging: &str,
    table: &str,
    columns: &[String],
) -> Result<(), StoreError> {
    let (staging, table, columns) = (quoted(staging), quoted(table), list(columns, ""));
    let sql = format!("insert into {table} ({columns}) select {columns} from {staging}");
    tx.execute(&sql, [])?;
    Ok(())
}

pub(in crate::data::imports) fn delete_all(
    tx: &Transaction<'_>,
    table: &str,
) -> Result<usize, StoreError> {
    Ok(tx.execute(&format!("delete from {}", quoted(table)), [])?)
}

/// Brings the rows up to date that have their value of `on` among the
/// collected ones. Gives their number.
pub(in crate::data::imports) fn update(
    tx: &Transaction<'_>,
    staging: &str,
    table: &str,
    columns: &[String],
    on: &str,
) -> Result<usize, StoreError> {
    let set = columns.iter().filter(|name| *name != on).map(|name| {
        let name = quoted(name);
        format!("{name} = new.{name}")
    });
    let set = set.collect::<Vec<_>>().join(", ");
    if set.is_empty() {
        return Ok(0);
    }
    let (staging, table, on) = (quoted(staging), quoted(table), quoted(on));
    let sql =
        format!("update {table} set {set} from {staging} as new where {table}.{on} = new.{on}");
    Ok(tx.execute(&sql, [])?)
}

/// Adds the collected rows whose value of `on` no row of the table has.
pub(in crate::data::imports) fn insert_new(
    tx: &Transaction<'_>,
    staging: &str,
    table: &str,
    columns: &[String],
    on: &str,
) -> Result<(), StoreError> {
    let new = list(columns, "new.");
    let (staging, table, columns) = (quoted(staging), quoted(table), list(columns, ""));
    let on = quoted(on);
    let sql = format!(
        "insert into {table} ({columns}) select {new} from {staging} as new
         where not exists (select 1 from {table} as old where old.{on} = new.{on})"
    );
    tx.execute(&sql, [])?;
    Ok(())
}

/// Tables where rows were collected, and nobody came back for them.
pub(in crate::data::imports) fn leftovers(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name from sqlite_schema where type = 'table' and name glob '_import_*'",
    )?;
    let names = list.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Writes down, with the rows themselves, that this import is done.
pub(in crate::data::imports) fn set_done(
    tx: &Transaction<'_>,
    staging: &str,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert or replace into _once (key, at) values (:key, :now)",
        named_params! { ":key": staging, ":now": now.0 },
    )?;
    Ok(())
}

/// Whether the rows of that import are in.
pub(in crate::data::imports) fn is_done(
    conn: &Connection,
    staging: &str,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached("select 1 from _once where key = :key")?;
    Ok(find.exists(named_params! { ":key": staging })?)
}
