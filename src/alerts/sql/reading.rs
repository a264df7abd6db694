//! What the rules have read, what they remember, and what they look up.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};

/// Up to which record the rules have read; `None`: they never did.
pub(in crate::alerts) fn read_so_far(conn: &Connection) -> Result<Option<i64>, Error> {
    let seq = conn.query_row("select seq from alert_read where one = 1", [], |row| {
        row.get(0)
    });
    Ok(seq.optional()?)
}

pub(in crate::alerts) fn set_read(tx: &Transaction<'_>, seq: i64) -> Result<(), Error> {
    tx.execute(
        "insert into alert_read (one, seq) values (1, :seq)
         on conflict (one) do update set seq = excluded.seq",
        named_params! { ":seq": seq },
    )?;
    Ok(())
}

/// The number of the first record from that moment on.
pub(in crate::alerts) fn first_since(conn: &Connection, at: Time) -> Result<Option<i64>, Error> {
    Ok(conn.query_row(
        "select min(seq) from chain where at >= :at",
        named_params! { ":at": at.0 },
        |row| row.get(0),
    )?)
}

/// The hash of one record; `None` when it is not in the table.
pub(in crate::alerts) fn hash_of(conn: &Connection, seq: i64) -> Result<Option<Vec<u8>>, Error> {
    let hash = conn.query_row(
        "select hash from chain where seq = :seq",
        named_params! { ":seq": seq },
        |row| row.get(0),
    );
    Ok(hash.optional()?)
}

/// The values a thing was seen with.
pub(in crate::alerts) fn known(conn: &Connection, what: &str) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached("select value from alert_known where what = :what")?;
    let values = list.query_map(named_params! { ":what": what }, |row| row.get(0))?;
    Ok(values.collect::<Result<_, _>>()?)
}

pub(in crate::alerts) fn learn(
    tx: &Transaction<'_>,
    (what, value): (&str, &str),
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into alert_known (what, value, seen) values (:what, :value, :now)
         on conflict (what, value) do update set seen = excluded.seen",
        named_params! { ":what": what, ":value": value, ":now": now.0 },
    )?;
    Ok(())
}

/// Forgets what was not seen for long.
pub(in crate::alerts) fn unlearn(tx: &Transaction<'_>, before: Time) -> Result<(), Error> {
    tx.execute(
        "delete from alert_known where seen < :before",
        named_params! { ":before": before.0 },
    )?;
    Ok(())
}

/// Whether an account under that address is disabled.
pub(in crate::alerts) fn is_disabled(conn: &Connection, email: &str) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from user where email = lower(:email) and disabled is not null)",
    )?;
    Ok(find.query_row(named_params! { ":email": email }, |row| row.get(0))?)
}

/// A place that records are forwarded to, and since when the oldest that was
/// not taken waits.
pub(in crate::alerts) fn forwarding(
    conn: &Connection,
) -> Result<Vec<(String, String, Option<Time>)>, Error> {
    let mut list = conn.prepare_cached(
        "select name, coalesce(fault, '') as fault,
                (select chain.at from chain where chain.seq > audit_forward.seq
                 order by chain.seq limit 1) as since
         from audit_forward order by name",
    )?;
    let found = list.query_map([], |row| {
        Ok((
            row.get("name")?,
            row.get("fault")?,
            row.get::<_, Option<i64>>("since")?.map(Time),
        ))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// What is wrong with the server for mail, and since when the oldest letter waits.
pub(in crate::alerts) fn mail(conn: &Connection) -> Result<Option<(String, Time)>, Error> {
    let found = conn.query_row(
        "select mail_server.fault, min(letter.made) as since
         from mail_server join letter on letter.state = 'waiting'
         where mail_server.fault is not null
         group by mail_server.one",
        [],
        |row| Ok((row.get("fault")?, Time(row.get("since")?))),
    );
    Ok(found.optional()?)
}

/// Webhooks that do not take what they are sent: where, why, and since when.
pub(in crate::alerts) fn stuck_webhooks(
    conn: &Connection,
) -> Result<Vec<(String, String, Time)>, Error> {
    let mut list = conn.prepare_cached(
        "select alert_target.place, coalesce(alert_target.fault, '') as fault,
                min(alert_message.made) as since
         from alert_message join alert_target on alert_target.id = alert_message.target
         group by alert_target.id",
    )?;
    let found = list.query_map([], |row| {
        Ok((
            row.get("place")?,
            row.get("fault")?,
            Time(row.get("since")?),
        ))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Somebody who may not come in, for tests.
#[cfg(test)]
pub(in crate::alerts) fn add_disabled(tx: &Transaction<'_>, email: &str) -> Result<(), Error> {
    tx.execute(
        "insert into user (id, email, name, disabled, created) values (:email, :email, '', 1, 1)",
        named_params! { ":email": email },
    )?;
    Ok(())
}

/// Takes a line out of the system's journal that was not carried yet, for tests.
#[cfg(test)]
pub(in crate::alerts) fn lose_a_line(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute(
        "delete from _journal where id = (select max(id) - 1 from _journal)",
        [],
    )?;
    Ok(())
}

/// Changes a record past the journal, for tests.
#[cfg(test)]
pub(in crate::alerts) fn forge_newest(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute(
        "update _chain set record = json_set(record, '$[21]', 'nobody')
         where seq = (select max(seq) from chain)",
        [],
    )?;
    Ok(())
}
