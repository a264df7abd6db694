//! A batch on its way into the file, in one transaction. What a respondent's own page
//! notes is data, not administration: it leaves no line in the journal.

use super::model::Batch;
use super::refusal::Refusal;
use super::sequence::fresh;
use super::sql;
use crate::base::Time;
use crate::store::{Connection, Transaction};

/// How long after their end the last page's events are heard: they leave when it does.
const LATE: i64 = Time::MINUTE;
/// Showings of a page of one respondent, and events in all of them together.
const VISITS: u32 = 500;
const EVENTS: u32 = 20_000;

/// Who answers at that address: their number and the version they began with, as long
/// as something of them is to be heard.
pub(super) fn guest(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Result<(i64, i64), Refusal>, crate::store::Error> {
    let Some(one) = sql::standing(conn, hash)? else {
        return Ok(Err(Refusal::Nobody));
    };
    if one.ended.is_some_and(|ended| now > ended.plus(LATE)) {
        return Ok(Err(Refusal::Over));
    }
    Ok(Ok((one.id, one.version)))
}

/// Keeps what is new of it. Gives up to which number everything of that visit is kept.
pub(super) fn take(
    tx: &Transaction<'_>,
    hash: &[u8],
    batch: Batch,
    now: Time,
) -> Result<u32, Refusal> {
    let (id, _) = guest(tx, hash, now)??;
    let known = sql::visit(tx, id, &batch.visit)?;
    let acked = match &known {
        Some((page, turn, acked)) if (page, *turn) == (&batch.page, batch.turn) => *acked,
        // A visit is of one page.
        Some(_) => return Err(Refusal::Malformed),
        None => 0,
    };
    let place = (&*batch.page, batch.turn);
    let (fresh, upto) = fresh(acked, batch.events);
    if fresh.is_empty() {
        return Ok(upto);
    }
    let (visits, events) = sql::noted(tx, id)?;
    let more = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
    if (known.is_none() && visits >= VISITS) || events.saturating_add(more) > EVENTS {
        return Err(Refusal::Over);
    }
    sql::put_visit(tx, (id, &batch.visit), place, upto)?;
    for event in &fresh {
        sql::add(tx, (id, &batch.visit), event, now)?;
    }
    Ok(upto)
}
