//! Rows put into a table.

use super::define::quoted;
use crate::data::Value;
use crate::store::{Error as StoreError, ToSql, Transaction};

/// A row at the end; the engine gives it its key.
pub(in crate::data) fn insert_row(
    tx: &Transaction<'_>,
    table: &str,
    columns: &[&str],
    row: &[Value],
) -> Result<(), StoreError> {
    let names: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let places: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
    let mut insert = tx.prepare_cached(&format!(
        "insert into {} ({}) values ({})",
        quoted(table),
        names.join(", "),
        places.join(", ")
    ))?;
    let values: Vec<&dyn ToSql> = row.iter().map(|value| value as &dyn ToSql).collect();
    insert.execute(&*values)?;
    Ok(())
}
