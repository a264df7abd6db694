//! The journal of a file, and the chain in the system database.

use rusqlite::{CachedStatement, named_params, params};
use serde_json::json;

use super::packed::{Glance, pack, unpack};
use crate::journal::entry::{Entry, Past};
use crate::store::{Connection, Error, OptionalExtension, Row, Transaction};

/// Writes the line. The transaction is the one that does what it tells.
pub fn record(tx: &Transaction<'_>, entry: &Entry) -> Result<(), Error> {
    let mut insert =
        tx.prepare_cached("insert into _journal (at, record) values (:at, :record)")?;
    insert.execute(params![entry.at.0, pack(&entry.into())?])?;
    Ok(())
}

/// The lines of one file after `line`, oldest first: the number and the text of each.
pub(in crate::journal) fn after(
    conn: &Connection,
    line: i64,
    most: u32,
) -> Result<Vec<(i64, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select id, record from _journal where id > :line order by id limit :most",
    )?;
    let lines = list.query_map(named_params! { ":line": line, ":most": most }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// How far the chain has carried the journal of `file`.
pub fn carried(conn: &Connection, file: &str) -> Result<i64, Error> {
    let mut find = conn.prepare_cached("select line from chain_carried where file = :file")?;
    let line = find.query_row(named_params! { ":file": file }, |row| row.get(0));
    Ok(line.optional()?.unwrap_or(0))
}

pub(in crate::journal) fn set_carried(
    tx: &Transaction<'_>,
    file: &str,
    line: i64,
) -> Result<(), Error> {
    let mut set = tx.prepare_cached(
        "insert into chain_carried (file, line) values (:file, :line)
         on conflict (file) do update set line = excluded.line",
    )?;
    set.execute(named_params! { ":file": file, ":line": line })?;
    Ok(())
}

/// Number and hash of the newest link; `None` when there is none.
pub fn head(conn: &Connection) -> Result<Option<(i64, Vec<u8>)>, Error> {
    let mut find = conn.prepare_cached("select seq, hash from _chain order by seq desc limit 1")?;
    let head = find.query_row([], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(head.optional()?)
}

/// A link of the chain: a line, where it came from, and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub seq: i64,
    /// The file whose journal it was written to.
    pub file: String,
    pub past: Past,
    pub hash: Vec<u8>,
}

/// A line on its way into the chain.
pub(in crate::journal) struct Carried<'a> {
    pub(in crate::journal) seq: i64,
    pub(in crate::journal) file: &'a str,
    pub(in crate::journal) line: i64,
    pub(in crate::journal) record: &'a str,
    pub(in crate::journal) hash: &'a [u8],
}

/// Adds links, with one statement for all of them.
pub(in crate::journal) struct Adding<'a>(CachedStatement<'a>);

impl<'a> Adding<'a> {
    pub(in crate::journal) fn to(tx: &'a Transaction<'_>) -> Result<Adding<'a>, Error> {
        let insert = tx.prepare_cached(
            "insert into _chain (seq, file, line, hash, at, workspace, action, record)
             values (:seq, :file, :line, :hash, :at, :workspace, :action, :record)",
        )?;
        Ok(Adding(insert))
    }

    pub(in crate::journal) fn link(
        &mut self,
        link: &Carried<'_>,
        of: &Glance<'_>,
    ) -> Result<(), Error> {
        self.0.execute(params![
            link.seq,
            link.file,
            link.line,
            link.hash,
            of.at,
            of.workspace,
            of.action,
            link.record,
        ])?;
        Ok(())
    }
}

/// Every link from `from` on, in order, until `see` has seen enough.
pub fn each_link(
    conn: &Connection,
    from: i64,
    mut see: impl FnMut(Link) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut list = conn.prepare(
        "select seq, file, line, hash, at, workspace, action, record
         from _chain where seq >= :from order by seq",
    )?;
    let mut rows = list.query(named_params! { ":from": from })?;
    while let Some(row) = rows.next()? {
        if !see(as_link(row)?)? {
            break;
        }
    }
    Ok(())
}

/// The links after `from` up to `to` that tell of one of these actions, in order.
pub fn each_of(
    conn: &Connection,
    (from, to): (i64, i64),
    actions: &[&str],
    mut see: impl FnMut(Link) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut list = conn.prepare_cached(
        "select seq, file, line, hash, at, workspace, action, record from _chain
         where seq > :from and seq <= :to
           and action in (select value from json_each(:actions))
         order by seq",
    )?;
    let actions = json!(actions).to_string();
    let mut rows = list.query(named_params! { ":from": from, ":to": to, ":actions": actions })?;
    while let Some(row) = rows.next()? {
        see(as_link(row)?)?;
    }
    Ok(())
}

/// The link of a row that has the columns of the table, but for those read out of the text.
pub fn as_link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let line = row.get("line")?;
    // A text that is none of ours fits no hash, and what it said is gone.
    let past = unpack(line, row.get_ref("record")?.as_str()?).unwrap_or_default();
    Ok(Link {
        seq: row.get("seq")?,
        file: row.get("file")?,
        hash: row.get("hash")?,
        // What stands beside the text is looked at with it: a hand on either shows.
        past: Past {
            line,
            at: row.get("at")?,
            workspace: row.get("workspace")?,
            action: row.get("action")?,
            ..past
        },
    })
}
