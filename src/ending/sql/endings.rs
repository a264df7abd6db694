//! What is on its way out.

use crate::base::Time;
use crate::ending::model::{Counts, Ending, EndingId, State};
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params, types,
};
use crate::web::WorkspaceId;

pub(in crate::ending) fn insert(tx: &Transaction<'_>, new: &Ending) -> Result<(), Error> {
    tx.execute(
        "insert into ending (id, kind, workspace, object, title, hash, parent, state, asked,
                             asked_by, asked_by_name, due, late)
         values (:id, :kind, :workspace, :object, :title, :hash, :parent, :state, :asked,
                 :asked_by, :asked_by_name, :due, :late)",
        named_params! {
            ":id": new.id,
            ":kind": new.kind,
            ":workspace": new.workspace,
            ":object": new.object,
            ":title": new.title,
            ":hash": new.hash,
            ":parent": new.parent,
            ":state": new.state.name(),
            ":asked": new.asked.0,
            ":asked_by": new.asked_by,
            ":asked_by_name": new.asked_by_name,
            ":due": new.due.0,
            ":late": new.late.0,
        },
    )?;
    Ok(())
}

pub(in crate::ending) fn one(conn: &Connection, id: EndingId) -> Result<Ending, Error> {
    let mut find = conn.prepare_cached(
        "select id, kind, workspace, object, title, hash, parent, state, asked, asked_by,
                asked_by_name, due, late, fault, counts, ended
         from ending where id = :id",
    )?;
    Ok(find.query_row(named_params! { ":id": id }, ending)?)
}

/// Is that thing on its way out already?
pub(in crate::ending) fn known(conn: &Connection, hash: &str) -> Result<Option<EndingId>, Error> {
    let mut find = conn.prepare_cached(
        "select id from ending where hash = :hash and state in ('going', 'returning')",
    )?;
    let found = find.query_row(named_params! { ":hash": hash }, |row| row.get(0));
    Ok(found.optional()?)
}

/// Those of a workspace that are gone, or that are not: newest first, from before that one
/// on, as many at most.
pub(in crate::ending) fn some_of(
    conn: &Connection,
    (workspace, is_gone): (WorkspaceId, bool),
    (before, most): (Option<EndingId>, usize),
) -> Result<Vec<Ending>, Error> {
    let mut list = conn.prepare_cached(
        "select id, kind, workspace, object, title, hash, parent, state, asked, asked_by,
                asked_by_name, due, late, fault, counts, ended
         from ending
         where workspace = :workspace and (state = 'gone') = :is_gone
           and (:before is null or id < :before)
         order by id desc limit :most",
    )?;
    let values = named_params! {
        ":workspace": workspace, ":is_gone": is_gone, ":before": before, ":most": most as u64,
    };
    let found = list.query_map(values, ending)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// How many of a workspace are gone, or are not.
pub(in crate::ending) fn count_of(
    conn: &Connection,
    (workspace, is_gone): (WorkspaceId, bool),
) -> Result<u64, Error> {
    let mut count = conn.prepare_cached(
        "select count(*) from ending where workspace = :workspace and (state = 'gone') = :is_gone",
    )?;
    let values = named_params! { ":workspace": workspace, ":is_gone": is_gone };
    Ok(count.query_row(values, |row| row.get(0))?)
}

/// What of all workspaces an operator sees: workspaces, and what is late.
pub(in crate::ending) fn of_instance(conn: &Connection, now: Time) -> Result<Vec<Ending>, Error> {
    let mut list = conn.prepare_cached(
        "select id, kind, workspace, object, title, hash, parent, state, asked, asked_by,
                asked_by_name, due, late, fault, counts, ended
         from ending
         where kind = 'workspace' or (state in ('going', 'cleared') and late <= :now)
         order by asked desc, id limit 200",
    )?;
    let found = list.query_map(named_params! { ":now": now.0 }, ending)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// What goes with that one.
pub(in crate::ending) fn children(conn: &Connection, id: EndingId) -> Result<Vec<Ending>, Error> {
    let mut list = conn.prepare_cached(
        "select id, kind, workspace, object, title, hash, parent, state, asked, asked_by,
                asked_by_name, due, late, fault, counts, ended
         from ending where parent = :id order by id",
    )?;
    let found = list.query_map(named_params! { ":id": id }, ending)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// What has to be destroyed now, or is half destroyed.
pub(in crate::ending) fn due(conn: &Connection, now: Time) -> Result<Vec<Ending>, Error> {
    let mut list = conn.prepare_cached(
        "select id, kind, workspace, object, title, hash, parent, state, asked, asked_by,
                asked_by_name, due, late, fault, counts, ended
         from ending where state = 'cleared' or (state = 'going' and due <= :now)
         order by due, id",
    )?;
    let found = list.query_map(named_params! { ":now": now.0 }, ending)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// What is in that state: hidden, on its way back, or about to be when the process
/// ended.
pub(in crate::ending) fn in_state(conn: &Connection, state: State) -> Result<Vec<Ending>, Error> {
    let mut list = conn.prepare_cached(
        "select id, kind, workspace, object, title, hash, parent, state, asked, asked_by,
                asked_by_name, due, late, fault, counts, ended
         from ending where state = :state order by id",
    )?;
    let found = list.query_map(named_params! { ":state": state.name() }, ending)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// From one state to another; `false` when it was in another than that.
pub(in crate::ending) fn set_state(
    tx: &Transaction<'_>,
    id: EndingId,
    (from, to): (State, State),
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update ending set state = :to where id = :id and state = :from",
        named_params! { ":id": id, ":from": from.name(), ":to": to.name() },
    )?;
    Ok(changed == 1)
}

/// It is out of its file's rows; its pages follow.
pub(in crate::ending) fn clear(
    tx: &Transaction<'_>,
    id: EndingId,
    counts: &Counts,
    now: Time,
) -> Result<(), Error> {
    let counts = serde_json::to_string(counts).map_err(|error| Error::Io(error.into()))?;
    tx.execute(
        "update ending set state = 'cleared', counts = :counts, fault = null, ended = :now
         where id = :id",
        named_params! { ":id": id, ":counts": counts, ":now": now.0 },
    )?;
    Ok(())
}

/// Nothing of it is left; what it was called is forgotten.
pub(in crate::ending) fn close(tx: &Transaction<'_>, id: EndingId) -> Result<(), Error> {
    tx.execute(
        "update ending set state = 'gone', object = '', title = '', fault = null where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

/// The closed workspaces whose day has come.
pub(in crate::ending) fn to_purge(conn: &Connection, now: Time) -> Result<Vec<WorkspaceId>, Error> {
    let mut list =
        conn.prepare_cached("select id from workspace where purge <= :now order by purge, id")?;
    let found = list.query_map(named_params! { ":now": now.0 }, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// It did not work this time.
pub(in crate::ending) fn fail(
    tx: &Transaction<'_>,
    id: EndingId,
    fault: &str,
) -> Result<(), Error> {
    tx.execute(
        "update ending set tries = tries + 1, fault = :fault where id = :id",
        named_params! { ":id": id, ":fault": fault },
    )?;
    Ok(())
}

/// It came back: nothing ends.
pub(in crate::ending) fn forget(tx: &Transaction<'_>, id: EndingId) -> Result<(), Error> {
    tx.execute(
        "delete from ending where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

fn ending(row: &Row<'_>) -> SqlResult<Ending> {
    let counts: String = row.get("counts")?;
    let counts = serde_json::from_str(&counts)
        .map_err(|error| types::FromSqlError::Other(Box::new(error)))?;
    Ok(Ending {
        id: row.get("id")?,
        kind: row.get("kind")?,
        workspace: row.get("workspace")?,
        object: row.get("object")?,
        title: row.get("title")?,
        hash: row.get("hash")?,
        parent: row.get("parent")?,
        state: State::named(&row.get::<_, String>("state")?),
        asked: Time(row.get("asked")?),
        asked_by: row.get("asked_by")?,
        asked_by_name: row.get("asked_by_name")?,
        due: Time(row.get("due")?),
        late: Time(row.get("late")?),
        fault: row.get("fault")?,
        counts,
        ended: row.get::<_, Option<i64>>("ended")?.map(Time),
    })
}
