//! The journal of a file, and the chain in the system database.

use rusqlite::named_params;

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
    insert.execute(named_params! {
        ":version": VERSION,
        ":at": entry.at.0,
        ":actor_kind": actor.kind(),
        ":actor": actor.user,
        ":actor_name": actor.name,
        ":email": actor.email,
        ":grant": actor.grant.as_deref().unwrap_or_default(),
        ":workspace": actor.workspace.as_deref().unwrap_or_default(),
        ":via": actor.via.name(),
        ":address": seen.address,
        ":proxies": seen.proxies,
        ":device": seen.device.name(),
        ":browser": seen.browser,
        ":system": seen.system,
        ":session": seen.session,
        ":method": seen.method,
        ":request": seen.request,
        ":action": entry.action,
        ":kind": entry.kind,
        ":object_id": entry.id,
        ":object": entry.object,
        ":result": entry.outcome.name(),
        ":reason": entry.reason,
        ":row_count": entry.rows(),
        ":detail": entry.detail.to_string(),
        ":diff": entry.diff.to_string(),
    })?;
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
    let lines = list.query_map(named_params! { ":line": line, ":most": most }, past)?;
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
    insert.execute(named_params! {
        ":seq": link.seq,
        ":file": link.file,
        ":line": past.line,
        ":hash": link.hash,
        ":version": past.version,
        ":at": past.at,
        ":actor_kind": past.actor_kind,
        ":actor": past.actor,
        ":actor_name": past.actor_name,
        ":email": past.email,
        ":grant": past.grant,
        ":workspace": past.workspace,
        ":via": past.via,
        ":address": past.address,
        ":proxies": past.proxies,
        ":device": past.device,
        ":browser": past.browser,
        ":system": past.system,
        ":session": past.session,
        ":method": past.method,
        ":request": past.request,
        ":action": past.action,
        ":kind": past.kind,
        ":object_id": past.object_id,
        ":object": past.object,
        ":result": past.result,
        ":reason": past.reason,
        ":row_count": past.row_count,
        ":detail": past.detail,
        ":diff": past.diff,
    })?;
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
    let mut rows = list.query(named_params! { ":from": from })?;
    while let Some(row) = rows.next()? {
        if !see(as_link(row)?)? {
            break;
        }
    }
    Ok(())
}

pub fn as_link(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        seq: row.get("seq")?,
        file: row.get("file")?,
        hash: row.get("hash")?,
        past: past(row)?,
    })
}

fn past(row: &Row<'_>) -> rusqlite::Result<Past> {
    Ok(Past {
        line: row.get("line")?,
        version: row.get("version")?,
        at: row.get("at")?,
        actor_kind: row.get("actor_kind")?,
        actor: row.get("actor")?,
        actor_name: row.get("actor_name")?,
        email: row.get("email")?,
        grant: row.get("grant")?,
        workspace: row.get("workspace")?,
        via: row.get("via")?,
        address: row.get("address")?,
        proxies: row.get("proxies")?,
        device: row.get("device")?,
        browser: row.get("browser")?,
        system: row.get("system")?,
        session: row.get("session")?,
        method: row.get("method")?,
        request: row.get("request")?,
        action: row.get("action")?,
        kind: row.get("kind")?,
        object_id: row.get("object_id")?,
        object: row.get("object")?,
        result: row.get("result")?,
        reason: row.get("reason")?,
        row_count: row.get("row_count")?,
        detail: row.get("detail")?,
        diff: row.get("diff")?,
    })
}
