//! The journal of a file, and the chain in the system database.

use rusqlite::named_params;

use super::entry::{Entry, Past};
use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Row, Transaction};

/// Writes the line. The transaction is the one that does what it tells.
pub fn record(tx: &Transaction<'_>, entry: &Entry) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "insert into journal (at, actor, actor_name, via, address, action, object, detail)
         values (:at, :actor, :actor_name, :via, :address, :action, :object, :detail)",
    )?;
    insert.execute(named_params! {
        ":at": entry.at.0,
        ":actor": entry.actor.user,
        ":actor_name": entry.actor.name,
        ":via": entry.actor.via.name(),
        ":address": entry.actor.address,
        ":action": entry.action,
        ":object": entry.object,
        ":detail": entry.detail.to_string(),
    })?;
    Ok(())
}

/// The lines of one file after `line`, oldest first.
pub(super) fn after(conn: &Connection, line: i64, most: u32) -> Result<Vec<Past>, Error> {
    let mut list = conn.prepare_cached(
        "select id as line, at, actor, actor_name, via, address, action, object, detail
         from journal where id > :line order by id limit :most",
    )?;
    let lines = list.query_map(named_params! { ":line": line, ":most": most }, past)?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// How far the chain has carried the journal of `file`.
pub(super) fn carried(conn: &Connection, file: &str) -> Result<i64, Error> {
    let mut find =
        conn.prepare_cached("select coalesce(max(line), 0) from chain where file = :file")?;
    Ok(find.query_row(named_params! { ":file": file }, |row| row.get(0))?)
}

/// The hash of the newest link; `None` when there is none.
pub(super) fn head(conn: &Connection) -> Result<Option<Vec<u8>>, Error> {
    let mut find = conn.prepare_cached("select hash from chain order by seq desc limit 1")?;
    Ok(find.query_row([], |row| row.get(0)).optional()?)
}

pub(super) fn link(
    tx: &Transaction<'_>,
    file: &str,
    past: &Past,
    hash: &[u8],
) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "insert into chain (file, line, at, actor, actor_name, via, address, action, object,
                            detail, hash)
         values (:file, :line, :at, :actor, :actor_name, :via, :address, :action, :object,
                 :detail, :hash)",
    )?;
    insert.execute(named_params! {
        ":file": file,
        ":line": past.line,
        ":at": past.at.0,
        ":actor": past.actor,
        ":actor_name": past.actor_name,
        ":via": past.via,
        ":address": past.address,
        ":action": past.action,
        ":object": past.object,
        ":detail": past.detail,
        ":hash": hash,
    })?;
    Ok(())
}

/// A page of the chain as one workspace may see it: its own file's lines and
/// the instance's, newest first, before `before` when that is given.
pub fn latest(
    conn: &Connection,
    file: &str,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<(i64, Past)>, Error> {
    let mut list = conn.prepare_cached(
        "select seq, line, at, actor, actor_name, via, address, action, object, detail
         from chain
         where file in (:file, 'system') and seq < :before
         order by seq desc limit :most",
    )?;
    let before = before.unwrap_or(i64::MAX);
    let lines = list.query_map(
        named_params! { ":file": file, ":before": before, ":most": most },
        |row| Ok((row.get("seq")?, past(row)?)),
    )?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// Every link in order: number, file, line, hash.
pub(super) fn each_link(
    conn: &Connection,
    mut see: impl FnMut(i64, &str, &Past, &[u8]) -> bool,
) -> Result<(), Error> {
    let mut list = conn.prepare(
        "select seq, file, line, at, actor, actor_name, via, address, action, object, detail, hash
         from chain order by seq",
    )?;
    let mut rows = list.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, file): (i64, String) = (row.get("seq")?, row.get("file")?);
        let hash: Vec<u8> = row.get("hash")?;
        if !see(seq, &file, &past(row)?, &hash) {
            break;
        }
    }
    Ok(())
}

fn past(row: &Row<'_>) -> rusqlite::Result<Past> {
    Ok(Past {
        line: row.get("line")?,
        at: Time(row.get("at")?),
        actor: row.get("actor")?,
        actor_name: row.get("actor_name")?,
        via: row.get("via")?,
        address: row.get("address")?,
        action: row.get("action")?,
        object: row.get("object")?,
        detail: row.get("detail")?,
    })
}
