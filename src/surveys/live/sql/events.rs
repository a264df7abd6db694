//! Events, kept once each and read in the order they came.

use crate::base::Time;
use crate::store::{Connection, Error, Row, SqlResult, Transaction, named_params};
use crate::surveys::live::model::Event;
use crate::surveys::live::reading::{Noted, Since};

pub(in crate::surveys::live) fn add(
    tx: &Transaction<'_>,
    (respondent, visit): (i64, &str),
    event: &Event,
    now: Time,
) -> Result<(), Error> {
    let mut next = tx.prepare_cached(
        "insert into event_last (one, event) values (1, 1)
         on conflict (one) do update set event = event + 1
         returning event",
    )?;
    let id: i64 = next.query_row(named_params! {}, |row| row.get(0))?;
    let mut add = tx.prepare_cached(
        "insert into event (id, respondent, visit, seq, ms, kind, question, data, at)
         values (:id, :respondent, :visit, :seq, :ms, :kind, :question, :data, :now)",
    )?;
    add.execute(named_params! {
        ":id": id,
        ":respondent": respondent, ":visit": visit, ":seq": event.seq, ":ms": event.ms,
        ":kind": event.what.kind(), ":question": event.what.question(),
        ":data": event.what.data(), ":now": now.0,
    })?;
    Ok(())
}

fn read(row: &Row<'_>) -> SqlResult<Noted> {
    Ok(Noted {
        id: row.get("id")?,
        respondent: row.get("respondent")?,
        visit: row.get("visit")?,
        page: row.get("page")?,
        turn: row.get("turn")?,
        seq: row.get("seq")?,
        ms: row.get("ms")?,
        kind: row.get("kind")?,
        question: row.get("question")?,
        data: row.get("data")?,
        at: Time(row.get("at")?),
    })
}

/// What an event says, with the page it was noted on.
const READ: &str =
    "select event.id, event.respondent, event.visit, event_visit.page, event_visit.turn,
            event.seq, event.ms, event.kind, event.question, event.data, event.at
     from event
     join event_visit on event_visit.respondent = event.respondent
                     and event_visit.visit = event.visit";

/// The events of one respondent, in the order they came.
pub(in crate::surveys::live) fn of_respondent(
    conn: &Connection,
    respondent: i64,
    most: u32,
) -> Result<Vec<Noted>, Error> {
    let mut list = conn.prepare_cached(&format!(
        "{READ} where event.respondent = :respondent order by event.id limit :most"
    ))?;
    let values = named_params! { ":respondent": respondent, ":most": most };
    Ok(list.query_map(values, read)?.collect::<SqlResult<_>>()?)
}

/// Events after that one, in the order they came: of tests, or of all but tests.
pub(in crate::surveys::live) fn since(
    conn: &Connection,
    since: Since,
) -> Result<Vec<Noted>, Error> {
    let mut list = conn.prepare_cached(&format!(
        "{READ} join respondent on respondent.id = event.respondent
         where event.id > :after and respondent.is_test = :is_test
         order by event.id limit :most"
    ))?;
    let values = named_params! {
        ":after": since.after, ":most": since.most, ":is_test": since.is_test,
    };
    Ok(list.query_map(values, read)?.collect::<SqlResult<_>>()?)
}
