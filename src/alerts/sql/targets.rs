//! Where alerts are sent, and what is on its way to webhooks.

use crate::alerts::model::{AlertId, Severity};
use crate::alerts::target::{MessageId, Target, TargetId, Way};
use crate::base::Time;
use crate::store::{Connection, Error, ResultExt, Row, SqlResult, Transaction, named_params};

const LIST: &str = "select id, kind, place, severity, ca, secret, sent, fault from alert_target";

fn read(row: &Row<'_>) -> SqlResult<Target> {
    Ok(Target {
        id: row.get("id")?,
        way: Way::named(&row.get::<_, String>("kind")?).unwrap_or(Way::Mail),
        place: row.get("place")?,
        severity: Severity::ranked(row.get("severity")?),
        ca: row.get("ca")?,
        sealed: row.get("secret")?,
        sent: row.get::<_, Option<i64>>("sent")?.map(Time),
        fault: row.get("fault")?,
    })
}

pub(in crate::alerts) fn targets(conn: &Connection) -> Result<Vec<Target>, Error> {
    let mut list = conn.prepare_cached(&format!("{LIST} order by kind, place"))?;
    let targets = list.query_map([], read)?;
    Ok(targets.collect::<Result<_, _>>()?)
}

pub(in crate::alerts) fn target(conn: &Connection, id: TargetId) -> Result<Target, Error> {
    let mut find = conn.prepare_cached(&format!("{LIST} where id = :id"))?;
    Ok(find.query_row(named_params! { ":id": id }, read)?)
}

/// `false`: alerts go there already.
pub(in crate::alerts) fn add_target(
    tx: &Transaction<'_>,
    target: &Target,
    now: Time,
) -> Result<(), crate::alerts::model::Error> {
    tx.execute(
        "insert into alert_target (id, kind, place, severity, ca, secret, made)
         values (:id, :kind, :place, :severity, :ca, :secret, :now)",
        named_params! {
            ":id": target.id,
            ":kind": target.way.name(),
            ":place": target.place,
            ":severity": target.severity.rank(),
            ":ca": target.ca,
            ":secret": target.sealed,
            ":now": now.0,
        },
    )
    .on_taken(
        "alert_target.kind, alert_target.place",
        crate::alerts::model::Error::Known,
    )?;
    Ok(())
}

pub(in crate::alerts) fn drop_target(tx: &Transaction<'_>, id: TargetId) -> Result<(), Error> {
    tx.execute(
        "delete from alert_target where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

/// How the last message went.
pub(in crate::alerts) fn note_target(
    tx: &Transaction<'_>,
    id: TargetId,
    fault: Option<&str>,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update alert_target
         set fault = :fault, sent = case when :fault is null then :now else sent end
         where id = :id",
        named_params! { ":id": id, ":fault": fault, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::alerts) fn add_message(
    tx: &Transaction<'_>,
    id: MessageId,
    (target, alert): (TargetId, Option<AlertId>),
    body: &str,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into alert_message (id, target, alert, body, made, next)
         values (:id, :target, :alert, :body, :now, :now)",
        named_params! {
            ":id": id,
            ":target": target,
            ":alert": alert,
            ":body": body,
            ":now": now.0,
        },
    )?;
    Ok(())
}

/// A message that is to be handed over now.
pub(in crate::alerts) struct Due {
    pub(in crate::alerts) id: MessageId,
    pub(in crate::alerts) target: TargetId,
    pub(in crate::alerts) body: String,
    pub(in crate::alerts) tries: i64,
    pub(in crate::alerts) made: Time,
}

pub(in crate::alerts) fn due_messages(
    conn: &Connection,
    now: Time,
    most: u32,
) -> Result<Vec<Due>, Error> {
    let mut list = conn.prepare_cached(
        "select id, target, body, tries, made from alert_message
         where next <= :now order by next, id limit :most",
    )?;
    let due = list.query_map(named_params! { ":now": now.0, ":most": most }, |row| {
        Ok(Due {
            id: row.get("id")?,
            target: row.get("target")?,
            body: row.get("body")?,
            tries: row.get("tries")?,
            made: Time(row.get("made")?),
        })
    })?;
    Ok(due.collect::<Result<_, _>>()?)
}

pub(in crate::alerts) fn drop_message(tx: &Transaction<'_>, id: MessageId) -> Result<(), Error> {
    tx.execute(
        "delete from alert_message where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

pub(in crate::alerts) fn message_later(
    tx: &Transaction<'_>,
    id: MessageId,
    (tries, next): (i64, Time),
) -> Result<(), Error> {
    tx.execute(
        "update alert_message set tries = :tries, next = :next where id = :id",
        named_params! { ":id": id, ":tries": tries, ":next": next.0 },
    )?;
    Ok(())
}

/// How many messages wait for a webhook.
pub(in crate::alerts) fn waiting_for(conn: &Connection, id: TargetId) -> Result<i64, Error> {
    Ok(conn.query_row(
        "select count(*) from alert_message where target = :id",
        named_params! { ":id": id },
        |row| row.get(0),
    )?)
}
