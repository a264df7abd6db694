//! Which tables and columns there are, and making more of them.

use super::relations::references;
use crate::base::Time;
use crate::data::ColumnType;
use crate::data::tables::model::{Error, NewTable, Table, TableColumn};
use crate::store::{Connection, Error as StoreError, ResultExt, Transaction, named_params};

/// A name as it stands in SQL. Names are checked before they get here; the
/// quotes are the second lock.
pub(in crate::data) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// All tables with their columns, by title.
pub(in crate::data) fn tables(conn: &Connection) -> Result<Vec<Table>, StoreError> {
    let mut list =
        conn.prepare_cached("select name, title, key from _table order by title, name")?;
    let tables = list.query_map([], |row| {
        Ok(Table {
            name: row.get("name")?,
            title: row.get("title")?,
            key: row.get("key")?,
            columns: Vec::new(),
            references: Vec::new(),
        })
    })?;
    let mut tables = tables.collect::<Result<Vec<_>, _>>()?;
    for table in &mut tables {
        table.columns = columns(conn, &table.name)?;
        table.references = references(conn, &table.name)?;
    }
    Ok(tables)
}

fn columns(conn: &Connection, table: &str) -> Result<Vec<TableColumn>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name, title, type from _column where \"table\" = :table order by position",
    )?;
    let columns = list.query_map(named_params! { ":table": table }, |row| {
        Ok(TableColumn {
            name: row.get("name")?,
            title: row.get("title")?,
            // Types this build does not know read as text.
            kind: ColumnType::named(&row.get::<_, String>("type")?).unwrap_or(ColumnType::Text),
        })
    })?;
    Ok(columns.collect::<Result<_, _>>()?)
}

/// Makes the table in the engine under `name`, which an import chooses itself
/// until its rows are in. Nobody sees it before it is registered.
pub(in crate::data) fn create(
    tx: &Transaction<'_>,
    name: &str,
    new: &NewTable,
) -> Result<(), StoreError> {
    let columns = new.columns.iter().map(|column| {
        let key = if column.name == new.key {
            " primary key"
        } else {
            ""
        };
        format!("{} {}{key}", quoted(&column.name), column.kind.storage())
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    tx.execute_batch(&format!("create table {} ({columns}) strict", quoted(name)))?;
    Ok(())
}

/// Writes down what the table is called and holds: from then on it is there.
pub(in crate::data) fn register(
    tx: &Transaction<'_>,
    new: &NewTable,
    now: Time,
) -> Result<(), Error> {
    let name = new.name.as_str();
    tx.execute(
        "insert into _table (name, title, key, created) values (:name, :title, :key, :now)",
        named_params! { ":name": name, ":title": new.title, ":key": new.key, ":now": now.0 },
    )
    .on_taken("_table.name", Error::Exists(name.to_owned()))?;
    for (position, column) in new.columns.iter().enumerate() {
        insert_column(tx, name, position, column)?;
    }
    Ok(())
}

fn insert_column(
    tx: &Transaction<'_>,
    table: &str,
    position: usize,
    column: &TableColumn,
) -> Result<(), Error> {
    tx.execute(
        "insert into _column (\"table\", position, name, title, type)
         values (:table, :position, :name, :title, :type)",
        named_params! {
            ":table": table,
            ":position": position,
            ":name": column.name,
            ":title": column.title,
            ":type": column.kind.name(),
        },
    )
    .on_taken(
        "_column.table, _column.name",
        Error::ColumnTwice(column.name.clone()),
    )?;
    Ok(())
}

/// Gives a table of the engine another name.
pub(in crate::data) fn rename(
    tx: &Transaction<'_>,
    from: &str,
    to: &str,
) -> Result<(), StoreError> {
    tx.execute_batch(&format!(
        "alter table {} rename to {}",
        quoted(from),
        quoted(to)
    ))?;
    Ok(())
}

/// Drops a table of the engine, registered or not.
pub(in crate::data) fn drop_table(tx: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute_batch(&format!("drop table if exists {}", quoted(name)))?;
    Ok(())
}

/// Forgets what a table was called and held.
pub(in crate::data) fn unregister(tx: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "delete from _table where name = :name",
        named_params! { ":name": name },
    )?;
    Ok(())
}

/// Adds a column at the end, empty in every row.
pub(in crate::data) fn add_column(
    tx: &Transaction<'_>,
    table: &Table,
    column: &TableColumn,
) -> Result<(), Error> {
    insert_column(tx, &table.name, table.columns.len(), column)?;
    let (name, storage) = (quoted(&column.name), column.kind.storage());
    tx.execute_batch(&format!(
        "alter table {} add column {name} {storage}",
        quoted(&table.name)
    ))
    .map_err(StoreError::from)?;
    Ok(())
}

/// Makes an index on one column, if there is none: filters and sorting by it
/// then cost the same in a long table as in a short one.
pub fn add_index(tx: &Transaction<'_>, table: &str, column: &str) -> Result<(), StoreError> {
    let name = quoted(&format!("{table}_by_{column}"));
    tx.execute_batch(&format!(
        "create index if not exists {name} on {} ({})",
        quoted(table),
        quoted(column)
    ))?;
    Ok(())
}

/// Gives a table another title; its name in SQL stays.
pub(in crate::data) fn retitle(
    tx: &Transaction<'_>,
    table: &str,
    title: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update _table set title = :title where name = :table",
        named_params! { ":table": table, ":title": title },
    )?;
    Ok(())
}

/// The columns an index begins with, the key not among them.
pub fn indexed(conn: &Connection, table: &str) -> Result<Vec<String>, StoreError> {
    let mut list = conn.prepare_cached(
        "select distinct part.name as name
         from pragma_index_list(:table) as list
         join pragma_index_info(list.name) as part
         where part.seqno = 0 and part.name is not null",
    )?;
    let names = list.query_map(named_params! { ":table": table }, |row| row.get("name"))?;
    Ok(names.collect::<Result<_, _>>()?)
}
