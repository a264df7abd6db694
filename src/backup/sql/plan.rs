//! What operators decided: plan, destinations, recipients.

use crate::age::Recipient;
use crate::backup::model::{self, Destination, DestinationId, Holder, Plan};
use crate::backup::schedule::Schedule;
use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, ResultExt, Row, SqlResult, Transaction, named_params,
};

/// The plan; what is usual when nobody decided.
pub(in crate::backup) fn plan(conn: &Connection) -> Result<Plan, Error> {
    let mut find = conn.prepare_cached(
        "select every, nightly, zone, nights, test_days, is_on, waits from backup_plan where one = 1",
    )?;
    let found = find.query_row([], |row| {
        Ok(Plan {
            schedule: Schedule {
                every: row.get("every")?,
                nightly: row.get("nightly")?,
                zone: row.get("zone")?,
            },
            nights: row.get("nights")?,
            test_days: row.get("test_days")?,
            is_on: row.get("is_on")?,
            waits: row.get("waits")?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

pub(in crate::backup) fn set_plan(
    tx: &Transaction<'_>,
    plan: &Plan,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into backup_plan (one, every, nightly, zone, nights, test_days, is_on, waits, changed)
         values (1, :every, :nightly, :zone, :nights, :test_days, :is_on, :waits, :now)
         on conflict (one) do update set every = :every, nightly = :nightly, zone = :zone,
             nights = :nights, test_days = :test_days, is_on = :is_on, waits = :waits,
             changed = :now",
        named_params! {
            ":every": plan.schedule.every,
            ":nightly": plan.schedule.nightly,
            ":zone": plan.schedule.zone,
            ":nights": plan.nights,
            ":test_days": plan.test_days,
            ":is_on": plan.is_on,
            ":waits": plan.waits,
            ":now": now.0,
        },
    )?;
    Ok(())
}

pub(in crate::backup) fn destinations(conn: &Connection) -> Result<Vec<Destination>, Error> {
    let mut list = conn.prepare_cached(
        "select id, name, address, pin, required, created, used, fault
         from backup_destination order by created, id",
    )?;
    let found = list.query_map([], destination)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::backup) fn destination_of(
    conn: &Connection,
    id: DestinationId,
) -> Result<Option<Destination>, Error> {
    let all = destinations(conn)?;
    Ok(all.into_iter().find(|one| one.id == id))
}

fn destination(row: &Row<'_>) -> SqlResult<Destination> {
    Ok(Destination {
        id: row.get("id")?,
        name: row.get("name")?,
        address: row.get("address")?,
        pin: row.get("pin")?,
        is_required: row.get("required")?,
        created: Time(row.get("created")?),
        used: row.get::<_, Option<i64>>("used")?.map(Time),
        fault: row.get("fault")?,
    })
}

pub(in crate::backup) fn add_destination(
    tx: &Transaction<'_>,
    new: &Destination,
) -> Result<(), model::Error> {
    tx.execute(
        "insert into backup_destination (id, name, address, pin, required, created)
         values (:id, :name, :address, :pin, :required, :created)",
        named_params! {
            ":id": new.id,
            ":name": new.name,
            ":address": new.address,
            ":pin": new.pin,
            ":required": new.is_required,
            ":created": new.created.0,
        },
    )
    .on_taken(
        "backup_destination.name",
        model::Error::Taken("another destination has that name"),
    )?;
    Ok(())
}

pub(in crate::backup) fn remove_destination(
    tx: &Transaction<'_>,
    id: DestinationId,
) -> Result<(), Error> {
    tx.execute(
        "delete from backup_destination where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

/// How the last use of a destination ended.
pub(in crate::backup) fn used(
    tx: &Transaction<'_>,
    id: DestinationId,
    now: Time,
    fault: Option<&str>,
) -> Result<(), Error> {
    tx.execute(
        "update backup_destination set used = :now, fault = :fault where id = :id",
        named_params! { ":id": id, ":now": now.0, ":fault": fault },
    )?;
    Ok(())
}

pub(in crate::backup) fn holders(conn: &Connection) -> Result<Vec<Holder>, Error> {
    let mut list = conn.prepare_cached(
        "select recipient, name, added, added_by from backup_recipient order by added, recipient",
    )?;
    let found = list.query_map([], |row| {
        Ok((
            row.get::<_, String>("recipient")?,
            row.get("name")?,
            row.get("added")?,
            row.get("added_by")?,
        ))
    })?;
    let mut holders = Vec::new();
    for one in found {
        let (words, name, added, added_by) = one?;
        // What is kept was read before it was kept.
        if let Ok(recipient) = Recipient::parse(&words) {
            holders.push(Holder {
                recipient,
                name,
                added: Time(added),
                added_by,
            });
        }
    }
    Ok(holders)
}

pub(in crate::backup) fn add_holder(
    tx: &Transaction<'_>,
    new: &Holder,
) -> Result<(), model::Error> {
    tx.execute(
        "insert into backup_recipient (recipient, name, added, added_by)
         values (:recipient, :name, :added, :added_by)",
        named_params! {
            ":recipient": new.recipient.to_string(),
            ":name": new.name,
            ":added": new.added.0,
            ":added_by": new.added_by,
        },
    )
    .on_taken(
        "backup_recipient.recipient",
        model::Error::Taken("this public key is entered already"),
    )?;
    Ok(())
}

pub(in crate::backup) fn remove_holder(
    tx: &Transaction<'_>,
    recipient: &Recipient,
) -> Result<bool, Error> {
    let gone = tx.execute(
        "delete from backup_recipient where recipient = :recipient",
        named_params! { ":recipient": recipient.to_string() },
    )?;
    Ok(gone > 0)
}

/// Notes that it is told now, unless it was since then. `true`: it was not.
pub(in crate::backup) fn told(
    tx: &Transaction<'_>,
    what: &str,
    (since, now): (Time, Time),
) -> Result<bool, Error> {
    let done = tx.execute(
        "insert into backup_told (what, at) values (:what, :now)
         on conflict (what) do update set at = :now where at < :since or at > :now",
        named_params! { ":what": what, ":since": since.0, ":now": now.0 },
    )?;
    Ok(done > 0)
}
