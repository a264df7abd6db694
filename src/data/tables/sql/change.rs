//! Rows of one table, written.

use super::define::quoted;
use crate::data::tables::model::{Error, Table};
use crate::data::{Caps, Catalog, Question, Value, cell, fetch, typed};
use crate::store::{Error as StoreError, Guarded, Mutation, ToSql, Transaction, add, look, mutate};

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
    let insert = Mutation {
        sql: &format!("insert into {} {what}", quoted(&table.name)),
        values: &bound(&places, values),
    };
    add(tx, &insert).map_err(|error| of_key(table, error))
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
    let mut params = bound(&places, values);
    params.push((":key", &key));
    let update = Mutation {
        sql: &format!(
            "update {} set {} where {} = :key",
            quoted(&table.name),
            sets.join(", "),
            quoted(&table.key)
        ),
        values: &params,
    };
    match mutate(tx, &update).map_err(|error| of_key(table, error))? {
        0 => Err(Error::Gone),
        _ => Ok(()),
    }
}

fn of_key(table: &Table, error: StoreError) -> Error {
    match error {
        StoreError::Taken(taken) if taken == format!("{}.{}", table.name, table.key) => {
            Error::Taken(table.key.clone())
        }
        other => other.into(),
    }
}

fn bound<'a>(places: &'a [String], values: &'a [(String, Value)]) -> Vec<(&'a str, &'a dyn ToSql)> {
    let values = values.iter().map(|(_, value)| value as &dyn ToSql);
    places.iter().map(String::as_str).zip(values).collect()
}

/// What a row holds, column by column, as fields hold it; `None` when it is gone
/// or not for whoever writes to see.
pub(in crate::data) fn written(
    tx: &Transaction<'_>,
    table: &Table,
    key: i64,
) -> Result<Option<Vec<String>>, StoreError> {
    let query = Mutation {
        sql: &one(table),
        values: &[(":key", &key)],
    };
    let row = look(tx, &query)?;
    Ok(row.map(|row| {
        row.iter()
            .map(|value| typed::written(cell(value.into())))
            .collect()
    }))
}

/// The same for whoever reads.
pub(in crate::data) fn held(
    guarded: &Guarded,
    catalog: &Catalog,
    table: &Table,
    key: i64,
) -> Result<Option<Vec<String>>, StoreError> {
    let question = Question {
        sql: one(table),
        values: vec![("key".to_owned(), Value::Integer(key))],
    };
    let rows = fetch(guarded, catalog, &question, Caps::PAGE)?;
    Ok((!rows.is_empty()).then(|| rows.row(0).map(typed::written).collect()))
}

fn one(table: &Table) -> String {
    let columns: Vec<_> = table.columns.iter().map(|one| quoted(&one.name)).collect();
    format!(
        "select {} from {} where {} = :key",
        columns.join(", "),
        quoted(&table.name),
        quoted(&table.key)
    )
}

/// Deletes rows and gives how many there were.
pub(in crate::data) fn delete(
    tx: &Transaction<'_>,
    table: &Table,
    keys: &[i64],
) -> Result<usize, StoreError> {
    let sql = format!(
        "delete from {} where {} = :key",
        quoted(&table.name),
        quoted(&table.key)
    );
    let mut gone = 0;
    for key in keys {
        let values: &[(&str, &dyn ToSql)] = &[(":key", key)];
        gone += mutate(tx, &Mutation { sql: &sql, values })?;
    }
    Ok(gone)
}
