//! Where records are sent, and up to which one they were taken.

use crate::base::Time;
use crate::journal::{Link, each_link};
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};

/// A destination as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audit) struct Kept {
    pub(in crate::audit) target: String,
    /// The last record that was taken.
    pub(in crate::audit) seq: i64,
    pub(in crate::audit) sent: Option<Time>,
    pub(in crate::audit) fault: Option<String>,
}

pub(in crate::audit) fn find(conn: &Connection, name: &str) -> Result<Option<Kept>, Error> {
    let mut find = conn
        .prepare_cached("select target, seq, sent, fault from audit_forward where name = :name")?;
    let kept = find.query_row(named_params! { ":name": name }, |row| {
        Ok(Kept {
            target: row.get("target")?,
            seq: row.get("seq")?,
            sent: row.get::<_, Option<i64>>("sent")?.map(Time),
            fault: row.get("fault")?,
        })
    });
    Ok(kept.optional()?)
}

/// Keeps the destination. A new one begins with what happens from now on; one
/// that was changed goes on where it was.
pub(in crate::audit) fn keep(tx: &Transaction<'_>, name: &str, target: &str) -> Result<(), Error> {
    tx.execute(
        "insert into audit_forward (name, target, seq)
         values (:name, :target, (select coalesce(max(seq), 0) from chain))
         on conflict (name) do update set target = excluded.target, fault = null",
        named_params! { ":name": name, ":target": target },
    )?;
    Ok(())
}

pub(in crate::audit) fn drop_target(tx: &Transaction<'_>, name: &str) -> Result<usize, Error> {
    Ok(tx.execute(
        "delete from audit_forward where name = :name",
        named_params! { ":name": name },
    )?)
}

/// Notes how far the records were taken; with it that nothing is wrong.
pub(super) fn taken(
    tx: &Transaction<'_>,
    name: &str,
    (seq, now): (i64, Time),
) -> Result<(), Error> {
    tx.execute(
        "update audit_forward set seq = :seq, sent = :now, fault = null
         where name = :name and seq < :seq",
        named_params! { ":name": name, ":seq": seq, ":now": now.0 },
    )?;
    Ok(())
}

pub(super) fn fault(tx: &Transaction<'_>, name: &str, fault: &str) -> Result<(), Error> {
    tx.execute(
        "update audit_forward set fault = :fault
         where name = :name and fault is not :fault",
        named_params! { ":name": name, ":fault": fault },
    )?;
    Ok(())
}

/// The records after `seq`, oldest first.
pub(super) fn after(conn: &Connection, seq: i64, most: usize) -> Result<Vec<Link>, Error> {
    let mut found = Vec::new();
    each_link(conn, seq + 1, |link| {
        found.push(link);
        Ok(found.len() < most)
    })?;
    Ok(found)
}

/// How many records wait to be taken.
pub(in crate::audit) fn waiting(conn: &Connection, seq: i64) -> Result<i64, Error> {
    Ok(conn.query_row(
        "select count(*) from chain where seq > :seq",
        named_params! { ":seq": seq },
        |row| row.get(0),
    )?)
}
