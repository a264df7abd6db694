//! Workspaces, changes of keys, limits, and what was decided about the edges, in
//! the system database.

use crate::base::{Bound, Time};
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::tls::Strictness;
use crate::web::WorkspaceId;

use super::model::{Change, Place};

/// All workspaces, by name.
pub(super) fn workspaces(conn: &Connection) -> Result<Vec<Place>, Error> {
    let mut list =
        conn.prepare_cached("select id, name, created from workspace order by name, id")?;
    let places = list.query_map([], |row| {
        Ok(Place {
            id: row.get("id")?,
            name: row.get("name")?,
            created: Time(row.get("created")?),
        })
    })?;
    Ok(places.collect::<SqlResult<_>>()?)
}

pub(super) fn workspace(conn: &Connection, id: WorkspaceId) -> Result<Place, Error> {
    workspaces(conn)?
        .into_iter()
        .find(|place| place.id == id)
        .ok_or(Error::NotFound)
}

/// Asks for a change, unless one of the same key waits already.
pub(super) fn ask(tx: &Transaction<'_>, what: &str, by: &str, now: Time) -> Result<(), Error> {
    tx.execute(
        "insert into key_change (what, asked, asked_by)
         select :what, :now, :by
         where not exists (select 1 from key_change where what = :what and done is null)",
        named_params! { ":what": what, ":now": now.0, ":by": by },
    )?;
    Ok(())
}

/// The changes that wait, in the order they were asked for.
pub(super) fn waiting(conn: &Connection) -> Result<Vec<Change>, Error> {
    let mut list = conn.prepare_cached(
        "select id, what, asked_by, done, fault from key_change where done is null order by id",
    )?;
    let changes = list.query_map([], change)?;
    Ok(changes.collect::<SqlResult<_>>()?)
}

/// The last change of each key, and the last that succeeded.
pub(super) fn latest(conn: &Connection) -> Result<Vec<Change>, Error> {
    let mut list = conn.prepare_cached(
        "select id, what, asked_by, done, fault from key_change
         where id in (select max(id) from key_change group by what)
            or id in (select max(id) from key_change
                      where done is not null and fault is null group by what)
         order by id",
    )?;
    let changes = list.query_map([], change)?;
    Ok(changes.collect::<SqlResult<_>>()?)
}

fn change(row: &Row<'_>) -> SqlResult<Change> {
    Ok(Change {
        id: row.get("id")?,
        what: row.get("what")?,
        asked_by: row.get("asked_by")?,
        done: row.get::<_, Option<i64>>("done")?.map(Time),
        fault: row.get("fault")?,
    })
}

pub(super) fn end(
    tx: &Transaction<'_>,
    id: i64,
    fault: Option<&str>,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update key_change set done = :now, fault = :fault where id = :id",
        named_params! { ":id": id, ":now": now.0, ":fault": fault },
    )?;
    Ok(())
}

/// What was set for one workspace.
pub(super) fn limits(conn: &Connection, id: WorkspaceId) -> Result<Vec<(Bound, u64)>, Error> {
    let all = crate::store::set_limits(conn)?;
    let file = id.to_string();
    let of = all.into_iter().filter(|(known, ..)| *known == file);
    Ok(of.map(|(_, bound, value)| (bound, value)).collect())
}

pub(super) fn strictness(conn: &Connection) -> Result<Strictness, Error> {
    let found = conn.query_row("select strict from edge where one = 1", [], |row| {
        row.get::<_, String>(0)
    });
    let name = found.optional()?;
    Ok(name
        .and_then(|name| Strictness::named(&name))
        .unwrap_or_default())
}

pub(super) fn set_strictness(
    tx: &Transaction<'_>,
    strictness: Strictness,
    now: Time,
    by: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into edge (one, strict, changed, changed_by) values (1, :strict, :now, :by)
         on conflict (one) do update set strict = :strict, changed = :now, changed_by = :by",
        named_params! { ":strict": strictness.name(), ":now": now.0, ":by": by },
    )?;
    Ok(())
}
