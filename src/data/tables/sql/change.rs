//! Rows of one table, written.

use super::define::quoted;
use crate::data::tables::model::{Error, Table};
use crate::data::{Value, cell, typed};
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, ToSql, Transaction, named_params,
};

/// Adds a row and gives its key. Columns not named stay empty.
pub(in crate::data) fn insert(
    tx: &Transaction<'_>,
    table: &Table,
    values: &[(String, Value)],
) -> Result<i64, Error> {
    let names: Vec<_> = values.iter().map(|(name, _)| quoted(name)).collect();
    let places: Vec<_> = (0..values.len()).map(|at| format!(":v{at}")).collect();
    let what = if values.is_empty() {
        "default values".to_owned()
    } else {
        format!("({}) values ({})", names.join(", "), places.join(", "))
    };
    let mut insert = tx
        .prepare_cached(&format!("insert into {} {what}", quoted(&table.name)))
        .map_err(StoreError::from)?;
    insert
        .execute(&bound(&places, values)[..])
        .on_taken(&key_of(table), Error::Taken(table.key.clone()))?;
    Ok(tx.last_insert_rowid())
}

/// Sets some columns of one row.
pub(in crate::data) fn set(
    tx: &Transaction<'_>,
    table: &Table,
    key: i64,
    values: &[(String, Value)],
) -> Result<(), Error> {
    let places: Vec<_> = (0..values.len()).map(|at| format!(":v{at}")).collect();
    let sets = values.iter().zip(&places);
    let sets: Vec<_> = sets
        .map(|((name, _), place)| format!("{} = {place}", quoted(name)))
        .collect();
    let mut update = tx
        .prepare_cached(&format!(
            "update {} set {} where {} = :key",
            quoted(&table.name),
            sets.join(", "),
            quoted(&table.key)
        ))
        .map_err(StoreError::from)?;
    let mut params = bound(&places, values);
    params.push((":key", &key));
    update
        .execute(&params[..])
        .on_taken(&key_of(table), Error::Taken(table.key.clone()))?;
    Ok(())
}

fn key_of(table: &Table) -> String {
    format!("{}.{}", table.name, table.key)
}

fn bound<'a>(places: &'a [String], values: &'a [(String, Value)]) -> Vec<(&'a str, &'a dyn ToSql)> {
    let values = values.iter().map(|(_, value)| value as &dyn ToSql);
    places.iter().map(String::as_str).zip(values).collect()
}

/// What a row holds, column by column, as fields hold it; `None` when it is gone.
pub(in crate::data) fn written(
    conn: &Connection,
    table: &Table,
    key: i64,
) -> Result<Option<Vec<String>>, StoreError> {
    let columns: Vec<_> = table.columns.iter().map(|one| quoted(&one.name)).collect();
    let mut find = conn.prepare_cached(&format!(
        "select {} from {} where {} = :key",
        columns.join(", "),
        quoted(&table.name),
        quoted(&table.key)
    ))?;
    let found = find.query_row(named_params! { ":key": key }, |row| {
        (0..columns.len())
            .map(|at| Ok(typed::written(cell(row.get_ref(at)?))))
            .collect()
    });
    Ok(found.optional()?)
}

/// Deletes rows and gives how many there were.
pub(in crate::data) fn delete(
    tx: &Transaction<'_>,
    table: &Table,
    keys: &[i64],
) -> Result<usize, StoreError> {
    let mut delete = tx.prepare_cached(&format!(
        "delete from {} where {} = :key",
        quoted(&table.name),
        quoted(&table.key)
    ))?;
    let mut gone = 0;
    for key in keys {
        gone += delete.execute(named_params! { ":key": key })?;
    }
    Ok(gone)
}
