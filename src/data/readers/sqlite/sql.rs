//! What is asked of a database somebody sent. It may be hostile: nothing in
//! its schema is trusted, nothing is written.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Row, named_params};

use super::{Refusal, Upload};

/// The largest cell; a database may promise one of a gigabyte.
const LARGEST: i32 = 16 << 20;

#[expect(clippy::disallowed_methods, reason = "not our database but a file somebody sent, read once")]
pub(super) fn open(upload: &Upload<'_>) -> Result<Connection, Refusal> {
    let Some(path) = upload.path else {
        return Err(Refusal::Disk("a SQLite file was not laid out in clear".into()));
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(address(path), flags).map_err(refusal)?;
    harden(&conn).map_err(refusal)?;
    Ok(conn)
}

/// The file will not change: no locks, no journal next to it.
fn address(path: &Path) -> String {
    let mut address = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            address.push(char::from(*byte));
        } else {
            let _ = write!(address, "%{byte:02x}");
        }
    }
    address + "?immutable=1"
}

fn harden(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST)?;
    conn.pragma_update(None, "cell_size_check", true)
}

/// Tables a person made: no views, nothing virtual or behind it.
pub(super) fn tables(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare(
        "select name from pragma_table_list
         where schema = 'main' and type = 'table' and name not glob 'sqlite_*'
         order by name",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

/// The name and the declared type of each column.
pub(super) fn columns(conn: &Connection, table: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = conn.prepare(
        "select columns.name, columns.type
         from pragma_table_list as tables, pragma_table_info(tables.name) as columns
         where tables.schema = 'main' and tables.type = 'table' and tables.name = :table
         order by columns.cid",
    )?;
    let columns = statement.query_map(named_params! { ":table": table }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    columns.collect()
}

pub(super) fn count(conn: &Connection, table: &str) -> rusqlite::Result<u64> {
    let sql = format!("select count(*) from main.{}", quoted(table));
    conn.query_row(&sql, [], |row| row.get::<_, i64>(0))
        .map(|count| u64::try_from(count).unwrap_or(0))
}

/// Every row as it lies, which is by rowid: asked for no order, SQLite sorts
/// nothing and keeps nothing.
pub(super) fn each_row(
    conn: &Connection,
    table: &str,
    take: &mut dyn FnMut(u64, &Row<'_>) -> rusqlite::Result<ControlFlow<()>>,
) -> rusqlite::Result<()> {
    let names = columns(conn, table)?;
    let names: Vec<String> = names.iter().map(|(name, _)| quoted(name)).collect();
    let sql = format!("select {} from main.{} not indexed", names.join(", "), quoted(table));
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut line = 0;
    while let Some(row) = rows.next()? {
        line += 1;
        if take(line, row)?.is_break() {
            break;
        }
    }
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[expect(clippy::needless_pass_by_value, reason = "so that it stands in map_err")]
pub(super) fn refusal(error: rusqlite::Error) -> Refusal {
    use rusqlite::ErrorCode;

    let text = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "this is not a SQLite database, or it is encrypted: decrypt it, or export its tables as CSV files"
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            "the database is damaged: run “pragma integrity_check” on it, repair it with “.recover”, and send the result"
        }
        Some(ErrorCode::TooBig) => {
            "the database has a cell larger than 16 MiB: send the table without that column"
        }
        _ => {
            return Refusal::file(format!(
                "the database cannot be read ({error}): export its tables as CSV files and send those"
            ));
        }
    };
    Refusal::file(text)
}
