//! The journal of a file, and the chain in the system database.

use rusqlite::{named_params, params};
use serde_json::json;

use super::columns::Columns;
use crate::journal::entry::{Entry, Past};
use crate::store::{Connection, Error, OptionalExtension, Row, Transaction};

/// The form in which new lines are sealed.
const VERSION: i64 = 2;

/// Writes the line. The transaction is the one that does what it tells.
pub fn record(tx: &Transaction<'_>, entry: &Entry) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "insert into journal (version, at, actor_kind, actor, actor_name, email, grant, workspace, via,
             address, proxies, device, browser, system, session, method, request, action, kind,
             object_id, object, result, reason, row_count, detail, diff)
         values (:version, :at, :actor_kind, :actor, :actor_name, :email, :grant, :workspace, :via,
             :address, :proxies, :device, :browser, :system, :session, :method, :request,
             :action, :kind, :object_id, :object, :result, :reason, :row_count, :detail, :diff)",
    )?;
    let (actor, seen) = (&entry.actor, &entry.actor.seen);
    insert.execute(params![
        VERSION,
        entry.at.0,
        actor.kind(),
        actor.user,
        actor.name,
        actor.email,
        actor.grant.as_deref().unwrap_or_default(),
        actor.workspace.as_deref().unwrap_or_default(),
        actor.via.name(),
        seen.address,
        seen.proxies,
        seen.device.name(),
        seen.browser,
        seen.system,
        seen.session,
        seen.method,
        seen.request,
        entry.action,
        entry.kind,
        entry.id,
        entry.object,
        entry.outcome.name(),
        entry.reason,
        entry.rows(),
        entry.detail.to_string(),
        entry.diff.to_string(),
    ])?;
    Ok(())
}

/// The lines of one file after `line`, oldest first.
pub(in crate::journal) fn after(
    conn: &Connection,
    line: i64,
    most: u32,
) -> Result<Vec<Past>, Error> {
    let mut list = conn.prepare_cached(
        "select id as line, version, at, actor_kind, actor, actor_name, email, grant, workspace, via,
             address, proxies, device, browser, system, session, method, request, action, kind,
             object_id, object, result, reason, row_count, detail, diff
         from journal where id > :line order by id limit :most",
    )?;
    let columns = Columns::of(&list)?;
    let lines = list.query_map(named_params! { ":line": line, ":most": most }, |row| {
        columns.past(row)
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
    let mut find = conn.prepare_cached("select seq, hash from chain order by seq desc limit 1")?;
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

pub(in crate::journal) fn link(tx: &Transaction<'_>, link: &Link) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "insert into chain (seq, file, line, hash, version, at, actor_kind, actor, actor_name, email,
             grant, workspace, via, address, proxies, device, browser, system, session, method,
             request, action, kind, object_id, object, result, reason, row_count, detail, diff)
         values (:seq, :file, :line, :hash, :version, :at, :actor_kind, :actor, :actor_name, :email,
             :grant, :workspace, :via, :address, :proxies, :device, :browser, :system, :session,
             :method, :request, :action, :kind, :object_id, :object, :result, :reason,
             :row_count, :detail, :diff)",
    )?;
    let past = &link.past;
    insert.execute(params![
        link.seq,
        link.file,
        past.line,
        link.hash,
        past.version,
        past.at,
        past.actor_kind,
        past.actor,
        past.actor_name,
        past.email,
        past.grant,
        past.workspace,
        past.via,
        past.address,
        past.proxies,
        past.device,
        past.browser,
        past.system,
        past.session,
        past.method,
        past.request,
        past.action,
        past.kind,
        past.object_id,
        past.object,
        past.result,
        past.reason,
        past.row_count,
        past.detail,
        past.diff,
    ])?;
    Ok(())
}

/// Every link from `from` on, in order, until `see` has seen enough.
pub fn each_link(
    conn: &Connection,
    from: i64,
    mut see: impl FnMut(Link) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut list = conn.prepare(
        "select seq, file, line, hash, version, at, actor_kind, actor, actor_name, email, grant,
             workspace, via, address, proxies, device, browser, system, session, method,
             request, action, kind, object_id, object, result, reason, row_count, detail, diff
         from chain where seq >= :from order by seq",
    )?;
    let columns = Columns::of(&list)?;
    let mut rows = list.query(named_params! { ":from": from })?;
    while let Some(row) = rows.next()? {
        if !see(as_link(row, &columns)?)? {
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
        "select * from chain
         where seq > :from and seq <= :to
           and action in (select value from json_each(:actions))
         order by seq",
    )?;
    let columns = Columns::of(&list)?;
    let actions = json!(actions).to_string();
    let mut rows = list.query(named_params! { ":from": from, ":to": to, ":actions": actions })?;
    while let Some(row) = rows.next()? {
        see(as_link(row, &columns)?)?;
    }
    Ok(())
}

pub fn as_link(row: &Row<'_>, columns: &Columns) -> rusqlite::Result<Link> {
    Ok(Link {
        seq: row.get("seq")?,
        file: row.get("file")?,
        hash: row.get("hash")?,
        past: columns.past(row)?,
    })
}
