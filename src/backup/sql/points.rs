//! Points, and where copies of them lie.

use crate::backup::model::{DestinationId, Point, State};
use crate::backup::retention::Reason;
use crate::base::Time;
use crate::store::{Connection, Error, Row, SqlResult, Transaction, named_params};

/// All points, newest first.
pub(in crate::backup) fn points(conn: &Connection) -> Result<Vec<Point>, Error> {
    let mut list = conn.prepare_cached(
        "select id, began, ended, slot, reason, base, state, fault, bytes, stored,
             (select json_group_array(destination.name) from backup_copy copy
              join backup_destination destination on destination.id = copy.destination
              where copy.point = point.id) as copies,
             exists (select 1 from backup_hold hold where hold.released is null
                     and (hold.point is null or hold.point = point.id)) as held
         from backup_point point order by began desc, id desc",
    )?;
    let found = list.query_map([], point)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

fn point(row: &Row<'_>) -> SqlResult<Point> {
    let (reason, state): (String, String) = (row.get("reason")?, row.get("state")?);
    let copies: String = row.get("copies")?;
    Ok(Point {
        id: row.get("id")?,
        began: Time(row.get("began")?),
        ended: row.get::<_, Option<i64>>("ended")?.map(Time),
        slot: row.get::<_, Option<i64>>("slot")?.map(Time),
        reason: Reason::named(&reason).unwrap_or(Reason::Asked),
        base: row.get("base")?,
        state: State::named(&state),
        fault: row.get("fault")?,
        bytes: row.get("bytes")?,
        stored: row.get("stored")?,
        copies: serde_json::from_str(&copies).unwrap_or_default(),
        is_held: row.get("held")?,
    })
}

pub(in crate::backup) fn begin(tx: &Transaction<'_>, point: &Point) -> Result<(), Error> {
    tx.execute(
        "insert into backup_point (id, began, slot, reason, base, state)
         values (:id, :began, :slot, :reason, :base, :state)",
        named_params! {
            ":id": point.id,
            ":began": point.began.0,
            ":slot": point.slot.map(|slot| slot.0),
            ":reason": point.reason.name(),
            ":base": point.base,
            ":state": point.state.name(),
        },
    )?;
    Ok(())
}

pub(in crate::backup) fn end(tx: &Transaction<'_>, point: &Point) -> Result<(), Error> {
    tx.execute(
        "update backup_point set ended = :ended, state = :state, fault = :fault, base = :base,
             bytes = :bytes, stored = :stored
         where id = :id",
        named_params! {
            ":id": point.id,
            ":ended": point.ended.map(|ended| ended.0),
            ":state": point.state.name(),
            ":fault": point.fault,
            ":base": point.base,
            ":bytes": point.bytes,
            ":stored": point.stored,
        },
    )?;
    Ok(())
}

pub(in crate::backup) fn add_copy(
    tx: &Transaction<'_>,
    point: &str,
    destination: DestinationId,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into backup_copy (point, destination, verified) values (:point, :destination, :now)
         on conflict (point, destination) do update set verified = :now",
        named_params! { ":point": point, ":destination": destination, ":now": now.0 },
    )?;
    Ok(())
}

/// The copy is not what it was, or not there any more.
pub(in crate::backup) fn remove_copy(
    tx: &Transaction<'_>,
    point: &str,
    destination: DestinationId,
) -> Result<(), Error> {
    tx.execute(
        "delete from backup_copy where point = :point and destination = :destination",
        named_params! { ":point": point, ":destination": destination },
    )?;
    Ok(())
}

/// Where verified copies of a point lie.
pub(in crate::backup) fn copies(
    conn: &Connection,
    point: &str,
) -> Result<Vec<DestinationId>, Error> {
    let mut list =
        conn.prepare_cached("select destination from backup_copy where point = :point")?;
    let found = list.query_map(named_params! { ":point": point }, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::backup) fn forget(tx: &Transaction<'_>, point: &str) -> Result<(), Error> {
    tx.execute(
        "delete from backup_point where id = :point",
        named_params! { ":point": point },
    )?;
    Ok(())
}

/// What an end without warning left: it is being made by nobody.
pub(in crate::backup) fn give_up(tx: &Transaction<'_>, now: Time) -> Result<usize, Error> {
    Ok(tx.execute(
        "update backup_point set state = 'failed', ended = :now,
             fault = 'it was cut off; nothing of it counts'
         where state = 'making'",
        named_params! { ":now": now.0 },
    )?)
}
