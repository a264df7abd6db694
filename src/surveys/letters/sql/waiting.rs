//! Letters of a round, in the file of the answers: made once, and what became of each.

use super::invitees::{Eligible, INVITED, REMINDED};
use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, SqlResult, Transaction, named_params};
use crate::surveys::letters::model::{Kind, RoundId};
use crate::surveys::running::token;

/// How a letter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::surveys) enum Ended {
    Sent,
    /// For good: the address takes no letters.
    Refused,
    /// It was tried for a day.
    GivenUp,
    /// Nobody wants it any more.
    Dropped,
}

impl Ended {
    fn name(self) -> &'static str {
        match self {
            Ended::Sent => "sent",
            Ended::Refused => "refused",
            Ended::GivenUp => "given_up",
            Ended::Dropped => "dropped",
        }
    }
}

/// Makes the letters of a round, once: a round that was taken in stays as it is. What
/// waits of rounds that are not open any more goes before. Gives how many letters it has.
pub(in crate::surveys) fn spread(
    tx: &Transaction<'_>,
    id: RoundId,
    whom: Eligible,
    open: &[String],
) -> Result<u64, Error> {
    let known = tx
        .query_row(
            "select letters from letter_round where round = :round",
            named_params! { ":round": id },
            |row| row.get(0),
        )
        .optional()?;
    if let Some(letters) = known {
        return Ok(letters);
    }
    let open = serde_json::json!(open).to_string();
    tx.execute(
        "update invitee_letter set state = 'dropped', key = '', ended = :now,
             fault = 'the round was stopped'
         where state = 'waiting' and round not in (select value from json_each(:open))",
        named_params! { ":now": whom.now.0, ":open": open },
    )?;
    tx.execute(
        "insert into letter_round (round, kind, letters) values (:round, :kind, 0)",
        named_params! { ":round": id, ":kind": whom.kind.name() },
    )?;
    let made = match whom.kind {
        Kind::Invitation => tx.execute(
            &format!(
                "insert into invitee_letter (round, link, next)
                 select :round, invitee.link, :now from invitee where {INVITED}"
            ),
            named_params! { ":round": id, ":now": whom.now.0 },
        )?,
        Kind::Reminder => tx.execute(
            &format!(
                "insert into invitee_letter (round, link, next)
                 select :round, invitee.link, :now from invitee where {REMINDED}"
            ),
            named_params! {
                ":round": id, ":now": whom.now.0, ":before": whom.rules.before(whom.now).0,
                ":most": whom.rules.most,
            },
        )?,
    };
    tx.execute(
        "update letter_round set letters = :made where round = :round",
        named_params! { ":round": id, ":made": made },
    )?;
    Ok(made as u64)
}

/// How many letters of a round wait, and how many of them are due.
pub(in crate::surveys) fn waiting(
    conn: &Connection,
    round: RoundId,
    now: Time,
) -> Result<(u64, u64), Error> {
    let mut count = conn.prepare_cached(
        "select count(*), count(*) filter (where next <= :now) from invitee_letter
         where round = :round and state = 'waiting'",
    )?;
    let values = named_params! { ":round": round, ":now": now.0 };
    Ok(count.query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// A letter about to leave.
#[derive(Clone, Debug)]
pub(in crate::surveys) struct Due {
    pub(in crate::surveys) link: String,
    pub(in crate::surveys) key: String,
    pub(in crate::surveys) address: String,
    pub(in crate::surveys) name: String,
    pub(in crate::surveys) lang: String,
    pub(in crate::surveys) tries: i64,
    pub(in crate::surveys) first: Time,
}

/// Takes letters of a round in hand: those nobody wants any more are dropped, others get
/// their key. A letter that was in hand before keeps the key it had.
pub(in crate::surveys) fn take(
    tx: &Transaction<'_>,
    round: RoundId,
    (now, most): (Time, u32),
) -> Result<Vec<Due>, Error> {
    tx.execute(
        "update invitee_letter set state = 'dropped', key = '', ended = :now,
             fault = 'they answered meanwhile, or want no more letters'
         where round = :round and state = 'waiting' and link in (
             select invitee.link from invitee
             where invitee.stopped is not null
                or exists (select 1 from respondent where respondent.link = invitee.link
                           and respondent.outcome is not null))",
        named_params! { ":round": round, ":now": now.0 },
    )?;
    let mut list = tx.prepare_cached(
        "select letter.link, letter.key, invitee.address, invitee.name, invitee.lang,
                letter.tries, letter.first
         from invitee_letter as letter join invitee on invitee.link = letter.link
         where letter.round = :round and letter.state = 'waiting' and letter.next <= :now
         order by letter.next, letter.link limit :most",
    )?;
    let values = named_params! { ":round": round, ":now": now.0, ":most": most };
    let found = list.query_map(values, |row| {
        Ok(Due {
            link: row.get("link")?,
            key: row.get("key")?,
            address: row.get("address")?,
            name: row.get("name")?,
            lang: row.get("lang")?,
            tries: row.get("tries")?,
            first: row.get::<_, Option<i64>>("first")?.map_or(now, Time),
        })
    })?;
    let mut taken = found.collect::<SqlResult<Vec<_>>>()?;
    for due in taken.iter_mut().filter(|due| due.key.is_empty()) {
        due.key = token::fresh()?;
        tx.prepare_cached(
            "update invitee_letter set key = :key, first = :now
             where round = :round and link = :link",
        )?
        .execute(named_params! {
            ":key": due.key, ":now": now.0, ":round": round, ":link": due.link,
        })?;
    }
    Ok(taken)
}

/// Is it to leave even now? Somebody may have stopped it a moment ago.
pub(in crate::surveys) fn is_wanted(
    conn: &Connection,
    round: RoundId,
    link: &str,
) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from invitee_letter as letter
                        join invitee on invitee.link = letter.link
                        where letter.round = :round and letter.link = :link
                          and letter.state = 'waiting' and invitee.stopped is null)",
    )?;
    Ok(
        ask.query_row(named_params! { ":round": round, ":link": link }, |row| {
            row.get(0)
        })?,
    )
}

/// It is over with a letter. Its key is not said again.
pub(in crate::surveys) fn end(
    tx: &Transaction<'_>,
    (round, link): (RoundId, &str),
    (how, why): (Ended, &str),
    (tries, now): (i64, Time),
) -> Result<(), Error> {
    tx.prepare_cached(
        "update invitee_letter set state = :state, key = '', tries = :tries, ended = :now,
             fault = :why
         where round = :round and link = :link and state = 'waiting'",
    )?
    .execute(named_params! {
        ":round": round, ":link": link, ":state": how.name(), ":why": why, ":tries": tries,
        ":now": now.0,
    })?;
    Ok(())
}

/// It was tried in vain, and is tried again then.
pub(in crate::surveys) fn later(
    tx: &Transaction<'_>,
    (round, link): (RoundId, &str),
    (tries, next): (i64, Time),
    why: &str,
) -> Result<(), Error> {
    tx.prepare_cached(
        "update invitee_letter set tries = :tries, next = :next, fault = :why
         where round = :round and link = :link and state = 'waiting'",
    )?
    .execute(named_params! {
        ":round": round, ":link": link, ":tries": tries, ":next": next.0, ":why": why,
    })?;
    Ok(())
}

/// What waits of a round does not leave.
pub(in crate::surveys) fn drop_waiting(
    tx: &Transaction<'_>,
    round: RoundId,
    (why, now): (&str, Time),
) -> Result<(), Error> {
    tx.execute(
        "update invitee_letter set state = 'dropped', key = '', ended = :now, fault = :why
         where round = :round and state = 'waiting'",
        named_params! { ":round": round, ":why": why, ":now": now.0 },
    )?;
    Ok(())
}

/// What became of a round's letters.
#[derive(Clone, Debug, Default)]
pub(in crate::surveys) struct Tally {
    pub(in crate::surveys) sent: u64,
    pub(in crate::surveys) failed: u64,
    pub(in crate::surveys) dropped: u64,
    pub(in crate::surveys) waiting: u64,
}

pub(in crate::surveys) fn tally(conn: &Connection, round: RoundId) -> Result<Tally, Error> {
    let mut count = conn.prepare_cached(
        "select count(*) filter (where state = 'sent') as sent,
                count(*) filter (where state in ('refused', 'given_up')) as failed,
                count(*) filter (where state = 'dropped') as dropped,
                count(*) filter (where state = 'waiting') as waiting
         from invitee_letter where round = :round",
    )?;
    Ok(count.query_row(named_params! { ":round": round }, |row| {
        Ok(Tally {
            sent: row.get("sent")?,
            failed: row.get("failed")?,
            dropped: row.get("dropped")?,
            waiting: row.get("waiting")?,
        })
    })?)
}

/// The same of several rounds.
pub(in crate::surveys) fn tallies(
    conn: &Connection,
    rounds: &[RoundId],
) -> Result<Vec<Tally>, Error> {
    rounds.iter().map(|round| tally(conn, *round)).collect()
}
