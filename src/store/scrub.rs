//! What was deleted leaves nothing behind in a file: no page, no log.

use rusqlite::Connection;

use super::Error;

/// A file of so many bytes is written anew. The engine collects the new one in
/// memory, so that nothing of it lies readable on the disk meanwhile.
const WRITTEN_ANEW: i64 = 64 << 20;

/// The engine overwrites what it frees. What pages kept from before their rows
/// moved goes when the file is written anew, which happens where the file is
/// small enough. Then the log is emptied. `true`: the file was written anew.
pub(super) fn scrub(conn: &Connection) -> Result<bool, Error> {
    let number = |pragma: &str| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let is_small = number("page_count")? * number("page_size")? <= WRITTEN_ANEW;
    if is_small {
        conn.execute_batch("vacuum")?;
    }
    // A reader that holds on to what was there before keeps the log; the next
    // try finds it gone.
    let is_held: bool = conn.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
    if is_held {
        return Err(Error::Busy);
    }
    Ok(is_small)
}
