//! How each check stood, what the daily looks found, when the clock jumped.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};
use crate::trust::facts::Long;
use crate::trust::finding::Level;

/// How each check stands: name, level, and since when.
pub(in crate::trust) fn standing(conn: &Connection) -> Result<Vec<(String, Level, Time)>, Error> {
    let mut list = conn.prepare_cached("select name, level, since from finding order by name")?;
    let found = list.query_map([], |row| {
        let level: String = row.get("level")?;
        Ok((
            row.get("name")?,
            Level::named(&level).unwrap_or(Level::Unknown),
            Time(row.get("since")?),
        ))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(in crate::trust) fn keep(
    tx: &Transaction<'_>,
    (name, level, said): (&str, Level, &str),
    since: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into finding (name, level, said, since) values (:name, :level, :said, :since)
         on conflict (name) do update set level = :level, said = :said, since = :since",
        named_params! {
            ":name": name,
            ":level": level.name(),
            ":said": said,
            ":since": since.0,
        },
    )?;
    Ok(())
}

pub(in crate::trust) fn add_change(
    tx: &Transaction<'_>,
    (name, level, said): (&str, Level, &str),
    at: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into finding_change (name, level, said, at) values (:name, :level, :said, :at)",
        named_params! { ":name": name, ":level": level.name(), ":said": said, ":at": at.0 },
    )?;
    Ok(())
}

/// Every change of a level in a period, the oldest first: when, which check,
/// how it stood from then on, and what was said.
pub(in crate::trust) fn changes(
    conn: &Connection,
    (from, to): (Time, Time),
) -> Result<Vec<(Time, String, String, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select at, name, level, said from finding_change
         where at >= :from and at < :to order by id",
    )?;
    let changes = list.query_map(named_params! { ":from": from.0, ":to": to.0 }, |row| {
        Ok((Time(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    Ok(changes.collect::<Result<_, _>>()?)
}

pub(in crate::trust) fn long_looks(conn: &Connection) -> Result<Vec<Long>, Error> {
    let mut list =
        conn.prepare_cached("select name, at, is_fine, said from long_look order by name")?;
    let looks = list.query_map([], |row| {
        Ok(Long {
            name: row.get("name")?,
            at: Time(row.get("at")?),
            is_fine: row.get("is_fine")?,
            said: row.get("said")?,
        })
    })?;
    Ok(looks.collect::<Result<_, _>>()?)
}

pub(in crate::trust) fn keep_long(tx: &Transaction<'_>, long: &Long) -> Result<(), Error> {
    tx.execute(
        "insert into long_look (name, at, is_fine, said) values (:name, :at, :is_fine, :said)
         on conflict (name) do update set at = :at, is_fine = :is_fine, said = :said",
        named_params! {
            ":name": long.name,
            ":at": long.at.0,
            ":is_fine": long.is_fine,
            ":said": long.said,
        },
    )?;
    Ok(())
}

pub(in crate::trust) fn add_jump(
    tx: &Transaction<'_>,
    at: Time,
    milliseconds: i64,
) -> Result<(), Error> {
    tx.execute(
        "insert into clock_jump (at, milliseconds) values (:at, :milliseconds)",
        named_params! { ":at": at.0, ":milliseconds": milliseconds },
    )?;
    Ok(())
}

pub(in crate::trust) fn last_jump(conn: &Connection) -> Result<Option<(Time, i64)>, Error> {
    let newest = "select at, milliseconds from clock_jump order by id desc limit 1";
    let jump = conn.query_row(newest, [], |row| Ok((Time(row.get(0)?), row.get(1)?)));
    Ok(jump.optional()?)
}
