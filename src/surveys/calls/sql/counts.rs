//! How often machines were asked, and how that went: of respondents, not of tests.

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::surveys::calls::Went;

/// Calls of one block that went alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::surveys) struct Tally {
    pub(in crate::surveys) block: String,
    pub(in crate::surveys) went: Went,
    pub(in crate::surveys) times: u64,
    pub(in crate::surveys) last: Time,
}

pub(in crate::surveys) fn count(
    tx: &Transaction<'_>,
    (block, went): (&str, Went),
    now: Time,
) -> Result<(), Error> {
    let mut add = tx.prepare_cached(
        "insert into call_count (block, went, times, last) values (:block, :went, 1, :now)
         on conflict (block, went) do update
         set times = times + 1, last = max(last, excluded.last)",
    )?;
    add.execute(named_params! { ":block": block, ":went": went.name(), ":now": now.0 })?;
    Ok(())
}

pub(in crate::surveys) fn tallies(conn: &Connection) -> Result<Vec<Tally>, Error> {
    let mut find = conn.prepare_cached(
        "select block, went, times, last from call_count order by block, times desc, went",
    )?;
    let rows = find.query_map(named_params! {}, |row| {
        let went: String = row.get("went")?;
        let (times, last) = (row.get("times")?, Time(row.get("last")?));
        Ok((row.get("block")?, went, times, last))
    })?;
    let rows = rows.collect::<SqlResult<Vec<(String, String, u64, Time)>>>()?;
    let tally = |(block, went, times, last): (String, String, u64, Time)| {
        Some(Tally {
            went: Went::named(&went)?,
            block,
            times,
            last,
        })
    };
    Ok(rows.into_iter().filter_map(tally).collect())
}
