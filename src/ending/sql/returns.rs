//! Archives of all that a workspace has, and who may ask for one.

use crate::base::Time;
use crate::ending::returns::{Closed, Made, Return, ReturnId};
use crate::store::{Connection, Error, Row, SqlResult, Transaction, named_params};
use crate::web::WorkspaceId;

pub(in crate::ending) fn insert_return(tx: &Transaction<'_>, new: &Return) -> Result<(), Error> {
    tx.execute(
        "insert into data_return (id, workspace, asked, asked_by, asked_by_name, sealed, state)
         values (:id, :workspace, :asked, :asked_by, :asked_by_name, :sealed, :state)",
        named_params! {
            ":id": new.id,
            ":workspace": new.workspace,
            ":asked": new.asked.0,
            ":asked_by": new.asked_by,
            ":asked_by_name": new.asked_by_name,
            ":sealed": new.sealed,
            ":state": new.state,
        },
    )?;
    Ok(())
}

pub(in crate::ending) fn one_return(conn: &Connection, id: ReturnId) -> Result<Return, Error> {
    let mut find = conn.prepare_cached(
        "select id, workspace, asked, asked_by, asked_by_name, sealed, state, fault, entries,
                bytes, digest, made, expires, taken, taken_from
         from data_return where id = :id",
    )?;
    Ok(find.query_row(named_params! { ":id": id }, as_return)?)
}

/// The archives somebody asked for of that workspace, newest first.
pub(in crate::ending) fn returns(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Return>, Error> {
    let mut list = conn.prepare_cached(
        "select id, workspace, asked, asked_by, asked_by_name, sealed, state, fault, entries,
                bytes, digest, made, expires, taken, taken_from
         from data_return where workspace = :workspace order by asked desc, id desc limit 50",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, as_return)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

fn as_return(row: &Row<'_>) -> SqlResult<Return> {
    let time = |column: &str| -> SqlResult<Option<Time>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Time))
    };
    Ok(Return {
        id: row.get("id")?,
        workspace: row.get("workspace")?,
        asked: Time(row.get("asked")?),
        asked_by: row.get("asked_by")?,
        asked_by_name: row.get("asked_by_name")?,
        sealed: row.get("sealed")?,
        state: row.get("state")?,
        fault: row.get("fault")?,
        entries: row.get("entries")?,
        bytes: row.get("bytes")?,
        digest: row.get("digest")?,
        made: time("made")?,
        expires: time("expires")?,
        taken: time("taken")?,
        taken_from: row.get("taken_from")?,
    })
}

/// It is whole, and there until then.
pub(in crate::ending) fn return_made(
    tx: &Transaction<'_>,
    id: ReturnId,
    made: &Made,
    (now, expires): (Time, Time),
) -> Result<(), Error> {
    tx.execute(
        "update data_return set state = 'ready', entries = :entries, bytes = :bytes,
                digest = :digest, made = :now, expires = :expires
         where id = :id",
        named_params! {
            ":id": id,
            ":entries": made.entries,
            ":bytes": made.bytes,
            ":digest": made.digest,
            ":now": now.0,
            ":expires": expires.0,
        },
    )?;
    Ok(())
}

pub(in crate::ending) fn return_failed(
    tx: &Transaction<'_>,
    id: ReturnId,
    fault: &str,
) -> Result<(), Error> {
    tx.execute(
        "update data_return set state = 'failed', fault = :fault where id = :id",
        named_params! { ":id": id, ":fault": fault },
    )?;
    Ok(())
}

/// Those that were being made when the process ended.
pub(in crate::ending) fn cut_off(tx: &Transaction<'_>, fault: &str) -> Result<usize, Error> {
    Ok(tx.execute(
        "update data_return set state = 'failed', fault = :fault where state = 'making'",
        named_params! { ":fault": fault },
    )?)
}

/// Another link in place of the one there was.
pub(in crate::ending) fn set_link(
    tx: &Transaction<'_>,
    id: ReturnId,
    hash: &[u8],
    ends: Time,
) -> Result<bool, Error> {
    let set = tx.execute(
        "update data_return set link = :hash, link_ends = :ends where id = :id and state = 'ready'",
        named_params! { ":id": id, ":hash": hash, ":ends": ends.0 },
    )?;
    Ok(set == 1)
}

/// The archive a link opens now.
pub(in crate::ending) fn by_link(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Return, Error> {
    let mut find = conn.prepare_cached(
        "select id, workspace, asked, asked_by, asked_by_name, sealed, state, fault, entries,
                bytes, digest, made, expires, taken, taken_from
         from data_return
         where link = :hash and link_ends > :now and expires > :now and state = 'ready'",
    )?;
    Ok(find.query_row(named_params! { ":hash": hash, ":now": now.0 }, as_return)?)
}

/// Uses a link up.
pub(in crate::ending) fn use_link(
    tx: &Transaction<'_>,
    id: ReturnId,
    (now, from): (Time, &str),
) -> Result<(), Error> {
    tx.execute(
        "update data_return set link = null, link_ends = null, taken = :now, taken_from = :from
         where id = :id",
        named_params! { ":id": id, ":now": now.0, ":from": from },
    )?;
    Ok(())
}

/// The archives whose time is over.
pub(in crate::ending) fn returns_over(conn: &Connection, now: Time) -> Result<Vec<Return>, Error> {
    let mut list = conn.prepare_cached(
        "select id, workspace, asked, asked_by, asked_by_name, sealed, state, fault, entries,
                bytes, digest, made, expires, taken, taken_from
         from data_return where state = 'ready' and expires <= :now",
    )?;
    let found = list.query_map(named_params! { ":now": now.0 }, as_return)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::ending) fn return_expired(tx: &Transaction<'_>, id: ReturnId) -> Result<(), Error> {
    tx.execute(
        "update data_return set state = 'expired', link = null, link_ends = null where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

/// The closed workspaces whose data somebody may take back as their admin.
pub(in crate::ending) fn closed_of(
    conn: &Connection,
    user: &str,
    now: Time,
) -> Result<Vec<Closed>, Error> {
    let mut list = conn.prepare_cached(
        "select workspace.id, workspace.name, workspace.purge
         from membership join workspace on workspace.id = membership.workspace
         where membership.user = :user and membership.role = 'admin'
           and membership.joined is not null and membership.disabled is null
           and workspace.closed is not null and workspace.purge > :now
         order by workspace.name, workspace.id",
    )?;
    let found = list.query_map(named_params! { ":user": user, ":now": now.0 }, |row| {
        Ok(Closed {
            id: row.get("id")?,
            name: row.get("name")?,
            until: Time(row.get("purge")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::ending) fn workspace_name(
    conn: &Connection,
    id: WorkspaceId,
) -> Result<String, Error> {
    let mut find = conn.prepare_cached("select name from workspace where id = :id")?;
    Ok(find.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// What is read from here on is as it is now, until [`let_go`].
pub(in crate::ending) fn hold(conn: &Connection) -> Result<(), Error> {
    conn.execute_batch("begin")?;
    Ok(())
}

pub(in crate::ending) fn let_go(conn: &Connection) -> Result<(), Error> {
    conn.execute_batch("rollback")?;
    Ok(())
}
