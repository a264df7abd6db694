//! Tables people made, what is said of them, and the name they have meanwhile.

use crate::base::Time;
use crate::ending::model::{EndingId, Thing};
use crate::ending::sql::quoted;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::web::WorkspaceId;

pub(in crate::ending) fn tables(conn: &Connection) -> Result<Vec<Thing>, Error> {
    let mut list = conn.prepare_cached("select name, title, created from _table order by name")?;
    let found = list.query_map([], |row| {
        Ok(Thing {
            object: row.get("name")?,
            title: row.get("title")?,
            made: Time(row.get("created")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::ending) fn rows(conn: &Connection, table: &str) -> Result<u64, Error> {
    let sql = format!("select count(*) from {}", quoted(table));
    Ok(conn.query_row(&sql, [], |row| row.get(0))?)
}

pub(super) fn columns(conn: &Connection, table: &str) -> Result<u64, Error> {
    let mut count =
        conn.prepare_cached("select count(*) from _column where \"table\" = :table")?;
    Ok(count.query_row(named_params! { ":table": table }, |row| row.get(0))?)
}

/// The saved queries of a workspace: name and statement.
pub(super) fn queries(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<(String, String)>, Error> {
    let mut list = conn
        .prepare_cached("select name, sql from query where workspace = :workspace order by name")?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok((row.get("name")?, row.get("sql")?))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// People know a table of that name.
pub(super) fn is_known(conn: &Connection, name: &str) -> Result<bool, Error> {
    let mut find =
        conn.prepare_cached("select exists (select 1 from _table where name = :name)")?;
    Ok(find.query_row(named_params! { ":name": name }, |row| row.get(0))?)
}

/// The engine has a table of that name.
pub(super) fn is_there(conn: &Connection, name: &str) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from sqlite_schema where type = 'table' and name = :name)",
    )?;
    Ok(find.query_row(named_params! { ":name": name }, |row| row.get(0))?)
}

/// Drops the indexes that were made of single columns, so that their names are
/// free. Gives the columns.
pub(super) fn drop_indexes(tx: &Transaction<'_>, table: &str) -> Result<Vec<String>, Error> {
    let mut list = tx.prepare(
        "select list.name, part.name
         from pragma_index_list(:table) as list join pragma_index_info(list.name) as part
         where list.origin = 'c' and part.seqno = 0 and part.name is not null",
    )?;
    let found = list.query_map(named_params! { ":table": table }, |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut columns = Vec::new();
    for (index, column) in found.collect::<SqlResult<Vec<_>>>()? {
        tx.execute_batch(&format!("drop index {}", quoted(&index)))?;
        columns.push(column);
    }
    Ok(columns)
}

/// Keeps a word of an ending under a place that is no table's.
pub(super) fn keep(
    tx: &Transaction<'_>,
    id: EndingId,
    place: &str,
    word: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into _ending_kept (ending, place, position, row)
         select :id, :place, count(*), :word from _ending_kept
         where ending = :id and place = :place",
        named_params! { ":id": id, ":place": place, ":word": word },
    )?;
    Ok(())
}

pub(super) fn kept(conn: &Connection, id: EndingId, place: &str) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached(
        "select row from _ending_kept where ending = :id and place = :place order by position",
    )?;
    let words = list.query_map(named_params! { ":id": id, ":place": place }, |row| row.get(0))?;
    Ok(words.collect::<SqlResult<_>>()?)
}

/// Forgets what a table was called and held; its columns and policy go with it.
pub(super) fn forget(tx: &Transaction<'_>, name: &str) -> Result<(), Error> {
    tx.execute(
        "delete from _table where name = :name",
        named_params! { ":name": name },
    )?;
    Ok(())
}

/// Columns of other tables name its rows no more, unless another table has its name by now.
pub(super) fn unrefer(tx: &Transaction<'_>, name: &str) -> Result<(), Error> {
    tx.execute(
        "update _column set refers = null
         where refers = :name and not exists (select 1 from _table where name = :name)",
        named_params! { ":name": name },
    )?;
    Ok(())
}

pub(super) fn rename(tx: &Transaction<'_>, from: &str, to: &str) -> Result<(), Error> {
    tx.execute_batch(&format!(
        "alter table {} rename to {}",
        quoted(from),
        quoted(to)
    ))?;
    Ok(())
}

pub(super) fn drop_table(tx: &Transaction<'_>, name: &str) -> Result<(), Error> {
    tx.execute_batch(&format!("drop table if exists {}", quoted(name)))?;
    Ok(())
}
