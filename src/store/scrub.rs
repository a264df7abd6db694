//! What was deleted leaves nothing behind in a file: no page, no log.

use rusqlite::Connection;

use super::{Error, gaps, writer};

/// A file of so many bytes is written anew. The engine collects the new one in
/// memory, so that nothing of it lies readable on the disk meanwhile.
const WRITTEN_ANEW: i64 = 64 << 20;

/// How nothing stayed, the surest way last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scrubbed {
    /// Freed pages and deleted rows are overwritten. The file is so large that bytes
    /// of rows that moved can stay in its pages.
    Freed,
    /// Every byte of a page that belongs to no row is overwritten as well.
    Overwritten,
    /// The file was written anew.
    Anew,
}

/// The engine overwrites what it frees. What pages kept from before their rows
/// moved goes when the file is written anew, or is overwritten where the file is
/// large; between two pieces of that `turn` is called. Then the log is emptied.
pub(super) fn scrub(conn: &Connection, turn: impl FnMut(&Connection)) -> Result<Scrubbed, Error> {
    let done = cleaned(conn, turn).and_then(|how| Ok((how, emptied(conn)?)));
    let (how, is_emptied) = done.map_err(writer::stop_if_lost)?;
    // A reader that holds on to what was there before keeps the log; the next
    // try finds it gone.
    if is_emptied {
        Ok(how)
    } else {
        Err(Error::Busy)
    }
}

fn cleaned(conn: &Connection, turn: impl FnMut(&Connection)) -> rusqlite::Result<Scrubbed> {
    let number = |pragma: &str| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    if number("page_count")? * number("page_size")? <= WRITTEN_ANEW {
        conn.execute_batch("vacuum")?;
        return Ok(Scrubbed::Anew);
    }
    if gaps::overwrite(conn, turn)? {
        Ok(Scrubbed::Overwritten)
    } else {
        Ok(Scrubbed::Freed)
    }
}

fn emptied(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row("pragma wal_checkpoint(truncate)", [], |row| {
        row.get(0).map(|is_held: bool| !is_held)
    })
}
