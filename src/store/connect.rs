//! How a connection is opened: with its key, its promises and its bounds.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Error, Key};

/// Statements kept prepared per connection.
const STATEMENTS: usize = 128;

/// What the engine may hold at once, all connections together: 512 MiB.
const HEAP: &str = "pragma hard_heap_limit = 536870912";

/// Opens a file for writing, making it if it is not there, for its owner only:
/// SQLite gives the files beside it the mode of this one.
pub(super) fn to_write(path: &Path, key: &Key) -> Result<Connection, Error> {
    writing(
        (path, key),
        "pragma journal_mode = wal;
         pragma synchronous = full;
         pragma cache_size = -8192;
         pragma journal_size_limit = 67108864;",
    )
}

/// Opens a file that is written seldom and replaced as one: nothing lies beside it. It is
/// never in the mode of the others, not for a moment: who looks into it right then stays
/// in that mode, and nobody else could open it until they are gone.
pub(super) fn to_write_alone(path: &Path, key: &Key) -> Result<Connection, Error> {
    writing(
        (path, key),
        "pragma journal_mode = delete;
         pragma synchronous = extra;",
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "store/ is where connections are opened"
)]
fn writing((path, key): (&Path, &Key), mode: &str) -> Result<Connection, Error> {
    make(path)?;
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&conn, path, key)?;
    conn.execute_batch(
        "pragma busy_timeout = 5000;
         pragma foreign_keys = on;
         pragma secure_delete = on;
         pragma temp_store = memory;",
    )?;
    conn.execute_batch(mode)?;
    promise(&conn)?;
    Ok(conn)
}

/// Opens a file that becomes the copy of another and is nobody's until it is
/// whole: cut off, it is thrown away.
#[expect(
    clippy::disallowed_methods,
    reason = "store/ is where connections are opened"
)]
pub(super) fn to_copy(path: &Path, key: &Key) -> Result<Connection, Error> {
    make(path)?;
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&conn, path, key)?;
    conn.execute_batch(
        "pragma journal_mode = off;
         pragma synchronous = off;
         pragma cache_size = -2048;",
    )?;
    Ok(conn)
}

fn make(path: &Path) -> io::Result<()> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Opens a file for reading only, with a page cache of `cache` KiB.
#[expect(
    clippy::disallowed_methods,
    reason = "store/ is where connections are opened"
)]
pub(super) fn to_read(path: &Path, key: &Key, cache: u32) -> Result<Connection, Error> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&conn, path, key)?;
    conn.execute_batch(
        "pragma busy_timeout = 5000;
         pragma query_only = on;
         pragma temp_store = memory;",
    )?;
    conn.pragma_update(None, "cache_size", -i64::from(cache))?;
    promise(&conn)?;
    Ok(conn)
}

/// Opens an empty database in memory, for reading only: nothing is ever in it.
pub(super) fn to_nothing() -> Result<Connection, Error> {
    let conn = to_memory()?;
    close(&conn)?;
    Ok(conn)
}

/// Opens an empty database in memory, to be filled and then [closed](close). No part of it is
/// ever on a disk.
#[expect(
    clippy::disallowed_methods,
    reason = "store/ is where connections are opened"
)]
pub(super) fn to_memory() -> Result<Connection, Error> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(HEAP)?;
    conn.execute_batch("pragma temp_store = memory")?;
    Ok(conn)
}

/// From now on it is read only.
pub(super) fn close(conn: &Connection) -> Result<(), Error> {
    conn.execute_batch("pragma query_only = on")?;
    promise(conn)
}

/// What every connection keeps to.
fn promise(conn: &Connection) -> Result<(), Error> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Otherwise a new value for a limit or a range has the engine plan the kept
    // statement again, each time, which costs more than a page of rows.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

fn unlock(conn: &Connection, path: &Path, key: &Key) -> Result<(), Error> {
    conn.execute_batch("pragma cipher = 'aegis'")?;
    let mut words = zeroize::Zeroizing::new(String::with_capacity(96));
    words.push_str("pragma key = 'raw:");
    words.push_str(&key.hex());
    words.push('\'');
    conn.execute_batch(&words)?;
    // One number for the whole process: a sort of everything fails, not the machine.
    conn.execute_batch(HEAP)?;
    // The first read of the file tells whether the key fits.
    conn.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
        .map_err(|error| match error {
            rusqlite::Error::SqliteFailure(failure, _)
                if failure.code == rusqlite::ErrorCode::NotADatabase =>
            {
                Error::WrongKey(path.display().to_string())
            }
            other => other.into(),
        })
}
