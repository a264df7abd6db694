//! Holds, the ledger of what was destroyed, restore tests.

use crate::backup::model::{Destroyed, Hold, HoldId, Tested};
use crate::base::Time;
use crate::store::{Connection, Error, Row, SqlResult, Transaction, named_params};

/// All holds, the open ones first.
pub(in crate::backup) fn holds(conn: &Connection) -> Result<Vec<Hold>, Error> {
    let mut list = conn.prepare_cached(
        "select id, reason, point, opened, opened_by, review, released, released_by
         from backup_hold order by released is not null, opened desc",
    )?;
    let found = list.query_map([], hold)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

fn hold(row: &Row<'_>) -> SqlResult<Hold> {
    let released: Option<i64> = row.get("released")?;
    let by: Option<String> = row.get("released_by")?;
    Ok(Hold {
        id: row.get("id")?,
        reason: row.get("reason")?,
        point: row.get("point")?,
        opened: Time(row.get("opened")?),
        opened_by: row.get("opened_by")?,
        review: Time(row.get("review")?),
        released: released.map(|at| (Time(at), by.unwrap_or_default())),
    })
}

pub(in crate::backup) fn add_hold(tx: &Transaction<'_>, new: &Hold) -> Result<(), Error> {
    tx.execute(
        "insert into backup_hold (id, reason, point, opened, opened_by, review)
         values (:id, :reason, :point, :opened, :opened_by, :review)",
        named_params! {
            ":id": new.id,
            ":reason": new.reason,
            ":point": new.point,
            ":opened": new.opened.0,
            ":opened_by": new.opened_by,
            ":review": new.review.0,
        },
    )?;
    Ok(())
}

/// `false`: there is no such hold that is open.
pub(in crate::backup) fn release(
    tx: &Transaction<'_>,
    id: HoldId,
    by: &str,
    now: Time,
) -> Result<bool, Error> {
    let done = tx.execute(
        "update backup_hold set released = :now, released_by = :by
         where id = :id and released is null",
        named_params! { ":id": id, ":now": now.0, ":by": by },
    )?;
    Ok(done > 0)
}

pub(in crate::backup) fn destroyed(tx: &Transaction<'_>, line: &Destroyed) -> Result<(), Error> {
    tx.execute(
        "insert into backup_destroyed (at, point, made, destination, why, files)
         values (:at, :point, :made, :destination, :why, :files)",
        named_params! {
            ":at": line.at.0,
            ":point": line.point,
            ":made": line.made.0,
            ":destination": line.destination,
            ":why": line.why,
            ":files": line.files,
        },
    )?;
    Ok(())
}

/// The newest lines of the ledger.
pub(in crate::backup) fn ledger(conn: &Connection, most: u32) -> Result<Vec<Destroyed>, Error> {
    let mut list = conn.prepare_cached(
        "select at, point, made, destination, why, files
         from backup_destroyed order by id desc limit :most",
    )?;
    let found = list.query_map(named_params! { ":most": most }, |row| {
        Ok(Destroyed {
            at: Time(row.get("at")?),
            point: row.get("point")?,
            made: Time(row.get("made")?),
            destination: row.get("destination")?,
            why: row.get("why")?,
            files: row.get("files")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::backup) fn add_test(tx: &Transaction<'_>, test: &Tested) -> Result<(), Error> {
    tx.execute(
        "insert into backup_test (at, point, destination, took, fault, report, signature)
         values (:at, :point, :destination, :took, :fault, :report, :signature)",
        named_params! {
            ":at": test.at.0,
            ":point": test.point,
            ":destination": test.destination,
            ":took": test.took,
            ":fault": test.fault,
            ":report": test.report,
            ":signature": test.signature,
        },
    )?;
    Ok(())
}

/// Restore tests, newest first.
pub(in crate::backup) fn tests(conn: &Connection, most: u32) -> Result<Vec<Tested>, Error> {
    let mut list = conn.prepare_cached(
        "select at, point, destination, took, fault, report, signature
         from backup_test order by at desc, id desc limit :most",
    )?;
    let found = list.query_map(named_params! { ":most": most }, |row| {
        Ok(Tested {
            at: Time(row.get("at")?),
            point: row.get("point")?,
            destination: row.get("destination")?,
            took: row.get("took")?,
            fault: row.get("fault")?,
            report: row.get("report")?,
            signature: row.get("signature")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// When a restore test last succeeded.
pub(in crate::backup) fn proved(conn: &Connection) -> Result<Option<Time>, Error> {
    let at: Option<i64> = conn.query_row(
        "select max(at) from backup_test where fault is null",
        [],
        |row| row.get(0),
    )?;
    Ok(at.map(Time))
}
