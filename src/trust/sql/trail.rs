//! How the trail stands: what is signed, what was sent on, what was taken away.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, named_params};
use crate::trust::facts::{Target, Trail};

/// Days a record stays in the table when nobody says otherwise.
const DAYS: i64 = 365;

pub(in crate::trust) fn trail(conn: &Connection) -> Result<Trail, Error> {
    let edge = |row: &crate::store::Row<'_>| Ok((row.get(0)?, Time(row.get(1)?)));
    let head = conn
        .query_row(
            "select seq, at from chain order by seq desc limit 1",
            [],
            edge,
        )
        .optional()?;
    let newest = "select seq, at from chain_checkpoint order by seq desc limit 1";
    let signed = conn.query_row(newest, [], edge).optional()?;
    let days: Option<String> = conn
        .query_row(
            "select value from audit_setting where name = 'days'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(Trail {
        days: days.and_then(|days| days.parse().ok()).unwrap_or(DAYS),
        head,
        signed,
        targets: targets(conn)?,
    })
}

fn targets(conn: &Connection) -> Result<Vec<Target>, Error> {
    let mut list = conn.prepare_cached(
        "select name, sent, fault,
                (select count(*) from chain where chain.seq > audit_forward.seq) as waiting,
                (select min(chain.at) from chain where chain.seq > audit_forward.seq) as since
         from audit_forward order by name",
    )?;
    let targets = list.query_map([], |row| {
        Ok(Target {
            name: row.get("name")?,
            sent: row.get::<_, Option<i64>>("sent")?.map(Time),
            fault: row.get("fault")?,
            waiting: row.get("waiting")?,
            since: row.get::<_, Option<i64>>("since")?.map(Time),
        })
    })?;
    Ok(targets.collect::<Result<_, _>>()?)
}

/// Tables whose policy was taken away since then, and did not get one again.
pub(in crate::trust) fn policies_removed(
    conn: &Connection,
    since: Time,
) -> Result<Vec<(String, Time)>, Error> {
    let mut list = conn.prepare_cached(
        "select object, max(at) from chain as gone
         where action = 'policy.removed' and at >= :since
           and not exists (select 1 from chain as saved
                           where saved.action = 'policy.saved' and saved.object = gone.object
                             and saved.workspace = gone.workspace and saved.seq > gone.seq)
         group by workspace, object order by 2 desc",
    )?;
    let removed = list.query_map(named_params! { ":since": since.0 }, |row| {
        Ok((row.get(0)?, Time(row.get(1)?)))
    })?;
    Ok(removed.collect::<Result<_, _>>()?)
}
