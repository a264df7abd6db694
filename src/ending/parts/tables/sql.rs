//! Tables people made, with all their rows.

use crate::ending::model::Error;
use crate::ending::sql::quoted;
use crate::store::types::ValueRef;
use crate::store::{Connection, Error as StoreError, SqlResult, named_params};

pub(super) struct Table {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) key: String,
    pub(super) columns: Vec<Column>,
}

pub(super) struct Column {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: String,
    /// The table whose rows it names.
    pub(super) refers: Option<String>,
}

pub(super) fn tables(conn: &Connection) -> Result<Vec<Table>, StoreError> {
    let mut list = conn.prepare_cached("select name, title, key from _table order by name")?;
    let tables = list.query_map([], |row| {
        Ok(Table {
            name: row.get("name")?,
            title: row.get("title")?,
            key: row.get("key")?,
            columns: Vec::new(),
        })
    })?;
    let mut tables = tables.collect::<SqlResult<Vec<_>>>()?;
    for table in &mut tables {
        table.columns = columns(conn, &table.name)?;
    }
    Ok(tables)
}

fn columns(conn: &Connection, table: &str) -> Result<Vec<Column>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name, title, type, refers from _column where \"table\" = :table order by position",
    )?;
    let columns = list.query_map(named_params! { ":table": table }, |row| {
        Ok(Column {
            name: row.get("name")?,
            title: row.get("title")?,
            kind: row.get("type")?,
            refers: row.get("refers")?,
        })
    })?;
    Ok(columns.collect::<SqlResult<_>>()?)
}

/// Hands over every row, nothing kept. Gives their number.
pub(super) fn each_row(
    conn: &Connection,
    table: &Table,
    mut see: impl FnMut(&[ValueRef<'_>]) -> Result<(), Error>,
) -> Result<u64, Error> {
    let names = table.columns.iter().map(|column| quoted(&column.name));
    let names = names.collect::<Vec<_>>().join(", ");
    let sql = format!(
        "select {names} from {} order by {}",
        quoted(&table.name),
        quoted(&table.key)
    );
    let mut list = conn.prepare(&sql).map_err(StoreError::from)?;
    let mut rows = list.query([]).map_err(StoreError::from)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        let mut cells = Vec::with_capacity(table.columns.len());
        for at in 0..table.columns.len() {
            cells.push(row.get_ref(at).map_err(StoreError::from)?);
        }
        see(&cells)?;
        count += 1;
    }
    Ok(count)
}

/// A name as SQL has it.
pub(super) fn named(name: &str) -> String {
    quoted(name)
}

/// How a row begins in a file of SQL.
pub(super) fn row_of(table: &str) -> String {
    format!("insert into {table} values (")
}
