//! What suppliers' servers are told, until they know it.

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::surveys::running::apart::Address;

/// A postback whose time has come.
#[derive(Clone, Debug)]
pub(in crate::surveys::running) struct Due {
    pub(in crate::surveys::running) id: i64,
    pub(in crate::surveys::running) respondent: i64,
    pub(in crate::surveys::running) link: String,
    pub(in crate::surveys::running) outcome: String,
    pub(in crate::surveys::running) address: String,
    /// The address, where something personal is in it.
    pub(in crate::surveys::running) sealed: Option<Vec<u8>>,
    pub(in crate::surveys::running) tries: i64,
    pub(in crate::surveys::running) made: Time,
}

pub(in crate::surveys::running) fn queue(
    tx: &Transaction<'_>,
    (respondent, link): (i64, &str),
    (outcome, address): (&str, &Address),
    now: Time,
) -> Result<(), Error> {
    let mut add = tx.prepare_cached(
        "insert into postback (respondent, link, outcome, address, sealed, made, next)
         values (:respondent, :link, :outcome, coalesce(:address, ''), :sealed, :now, :now)",
    )?;
    add.execute(named_params! {
        ":respondent": respondent, ":link": link, ":outcome": outcome,
        ":address": address.plain, ":sealed": address.sealed, ":now": now.0,
    })?;
    Ok(())
}

/// Those whose time has come, of each link as many at most.
pub(in crate::surveys::running) fn due(
    conn: &Connection,
    now: Time,
    most: u32,
) -> Result<Vec<Due>, Error> {
    let mut list = conn.prepare_cached(
        "select id, respondent, link, outcome, address, sealed, tries, made
         from (select *, row_number() over (partition by link order by next, id) as place
               from postback where state = 'waiting' and next <= :now)
         where place <= :most order by next, id",
    )?;
    let found = list.query_map(named_params! { ":now": now.0, ":most": most }, |row| {
        Ok(Due {
            id: row.get("id")?,
            respondent: row.get("respondent")?,
            link: row.get("link")?,
            outcome: row.get("outcome")?,
            address: row.get("address")?,
            sealed: row.get("sealed")?,
            tries: row.get("tries")?,
            made: Time(row.get("made")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// It was tried in vain and is tried again.
pub(in crate::surveys::running) fn later(
    tx: &Transaction<'_>,
    id: i64,
    (tries, next): (i64, Time),
    fault: &str,
) -> Result<(), Error> {
    tx.prepare_cached(
        "update postback set tries = :tries, next = :next, fault = :fault
         where id = :id and state = 'waiting'",
    )?
    .execute(named_params! { ":id": id, ":tries": tries, ":next": next.0, ":fault": fault })?;
    Ok(())
}

/// It is over with it: it arrived, or was given up. The address goes with the former;
/// what was given up can be sent again by hand.
pub(in crate::surveys::running) fn over(
    tx: &Transaction<'_>,
    id: i64,
    (tries, fault): (i64, Option<&str>),
    now: Time,
) -> Result<(), Error> {
    tx.prepare_cached(
        "update postback
         set state = case when :fault is null then 'sent' else 'failed' end, tries = :tries,
             ended = :now, fault = coalesce(:fault, ''),
             address = case when :fault is null then '' else address end,
             sealed = case when :fault is null then null else sealed end
         where id = :id and state = 'waiting'",
    )?
    .execute(named_params! { ":id": id, ":tries": tries, ":fault": fault, ":now": now.0 })?;
    Ok(())
}

/// How many were given up.
pub(in crate::surveys::running) fn given_up(conn: &Connection) -> Result<u64, Error> {
    let mut count = conn.prepare_cached("select count(*) from postback where state = 'failed'")?;
    Ok(count.query_row(named_params! {}, |row| row.get(0))?)
}

/// Those that were given up wait again. Gives how many.
pub(in crate::surveys::running) fn try_again(
    tx: &Transaction<'_>,
    now: Time,
) -> Result<usize, Error> {
    Ok(tx.execute(
        "update postback
         set state = 'waiting', tries = 0, made = :now, next = :now, ended = null
         where state = 'failed'",
        named_params! { ":now": now.0 },
    )?)
}
