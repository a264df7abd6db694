//! Places in quotas, and what was given in turn.

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};

/// How many places of a quota are had: for good, or for a while yet. Who was erased
/// still counts.
pub(in crate::surveys::running) fn taken(conn: &Connection, quota: &str) -> Result<u32, Error> {
    let mut count = conn.prepare_cached(
        "select coalesce((select places from quota_count where quota = :quota), 0)
              + coalesce((select places from erased_place where quota = :quota), 0)",
    )?;
    let params = named_params! { ":quota": quota };
    Ok(count.query_row(params, |row| row.get(0))?)
}

/// Holds a place until then, or longer.
pub(in crate::surveys::running) fn hold(
    tx: &Transaction<'_>,
    quota: &str,
    respondent: i64,
    until: Time,
) -> Result<(), Error> {
    let mut hold = tx.prepare_cached(
        "insert into quota_place (quota, respondent, until) values (:quota, :respondent, :until)
         on conflict (quota, respondent) do update set until = excluded.until",
    )?;
    hold.execute(named_params! {
        ":quota": quota, ":respondent": respondent, ":until": until.0,
    })?;
    Ok(())
}

/// The places they have, and until when; `None`: for good.
pub(in crate::surveys::running) fn places_of(
    conn: &Connection,
    respondent: i64,
) -> Result<Vec<(String, Option<Time>)>, Error> {
    let mut list =
        conn.prepare_cached("select quota, until from quota_place where respondent = :respondent")?;
    let found = list.query_map(named_params! { ":respondent": respondent }, |row| {
        Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(Time)))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys::running) fn release(
    tx: &Transaction<'_>,
    quota: &str,
    respondent: i64,
) -> Result<(), Error> {
    tx.prepare_cached("delete from quota_place where quota = :quota and respondent = :respondent")?
        .execute(named_params! { ":quota": quota, ":respondent": respondent })?;
    Ok(())
}

/// Forgets places whose time is up at `now`: others may have them. What is left says
/// nothing of when somebody went.
pub(in crate::surveys::running) fn forget_late(
    tx: &Transaction<'_>,
    now: Time,
) -> Result<(), Error> {
    tx.prepare_cached("delete from quota_place where until <= :now")?
        .execute(named_params! { ":now": now.0 })?;
    Ok(())
}

pub(in crate::surveys::running) fn release_all(
    tx: &Transaction<'_>,
    respondent: i64,
) -> Result<(), Error> {
    tx.prepare_cached("delete from quota_place where respondent = :respondent")?
        .execute(named_params! { ":respondent": respondent })?;
    Ok(())
}

/// The places are theirs for good.
pub(in crate::surveys::running) fn keep_places(
    tx: &Transaction<'_>,
    respondent: i64,
) -> Result<(), Error> {
    tx.prepare_cached("update quota_place set until = null where respondent = :respondent")?
        .execute(named_params! { ":respondent": respondent })?;
    Ok(())
}

/// How often each item of a block was given to those who are on their way or complete.
pub(in crate::surveys::running) fn allotments(
    conn: &Connection,
    block: &str,
) -> Result<Vec<(i64, u32)>, Error> {
    let mut list = conn.prepare_cached(
        "select code, sum(given) from (
           select allotment.code, count(*) as given
           from allotment join respondent on respondent.id = allotment.respondent
           where allotment.block = :block and respondent.is_test = 0
             and (respondent.outcome is null or respondent.outcome = 'complete')
           group by allotment.code
           union all
           select code, given from erased_allotment where block = :block)
         group by code",
    )?;
    let found = list.query_map(named_params! { ":block": block }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys::running) fn add_allotment(
    tx: &Transaction<'_>,
    block: &str,
    respondent: i64,
    code: i64,
) -> Result<(), Error> {
    tx.prepare_cached(
        "insert into allotment (block, respondent, code) values (:block, :respondent, :code)
         on conflict (block, respondent) do update set code = excluded.code",
    )?
    .execute(named_params! { ":block": block, ":respondent": respondent, ":code": code })?;
    Ok(())
}
