//! What is on its way out, and what nobody settled.

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, named_params};
use crate::trust::facts::Endings;

/// Endings that run, and those that should be over.
pub(in crate::trust) fn endings(conn: &Connection, now: Time) -> Result<Endings, Error> {
    let mut find = conn.prepare_cached(
        "select count(*) as going,
                count(*) filter (where late < :now) as late,
                max(fault) filter (where late < :now) as fault
         from ending where state in ('going', 'cleared')",
    )?;
    let endings = find.query_row(named_params! { ":now": now.0 }, |row| {
        Ok(Endings {
            going: row.get("going")?,
            late: row.get("late")?,
            fault: row.get("fault")?,
        })
    })?;
    Ok(endings)
}

/// Titles of critical alerts that are open, and how many others are.
pub(in crate::trust) fn alerts(conn: &Connection) -> Result<(Vec<String>, usize), Error> {
    let mut list = conn.prepare_cached(
        "select title, severity from alert
         where state in ('open', 'acknowledged') and key not like 'trust.%'
         order by severity desc, last desc",
    )?;
    let open = list.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let open: Vec<(String, i64)> = open.collect::<SqlResult<_>>()?;
    let (critical, others): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|(_, severity)| *severity >= 3);
    let titles = critical.into_iter().map(|(title, _)| title);
    Ok((titles.collect(), others.len()))
}
