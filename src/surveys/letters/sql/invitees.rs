//! Whom a survey writes to, in the file of its answers.

use std::collections::BTreeSet;

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::surveys::letters::model::{Kind, Rules};

/// Who is written to for the first time: who wants letters, has none that left, waits or
/// was refused for good, and has not come.
pub(super) const INVITED: &str = "invitee.stopped is null
    and not exists (select 1 from respondent where respondent.link = invitee.link)
    and not exists (select 1 from invitee_letter as had where had.link = invitee.link
                    and had.state in ('waiting', 'sent', 'refused'))";

/// Who is reminded: who wants letters, had one long enough ago and not too many reminders,
/// has none that waits, and has not ended. In an anonymous survey nobody is known to have.
pub(super) const REMINDED: &str = "invitee.stopped is null
    and not exists (select 1 from respondent where respondent.link = invitee.link
                    and respondent.outcome is not null)
    and not exists (select 1 from invitee_letter as had where had.link = invitee.link
                    and had.state in ('waiting', 'refused'))
    and (select max(had.ended) from invitee_letter as had
         where had.link = invitee.link and had.state = 'sent') <= :before
    and (select count(*) from invitee_letter as had
         join letter_round on letter_round.round = had.round
         where had.link = invitee.link and had.state = 'sent'
           and letter_round.kind = 'reminder') < :most";

/// Whom a round would go to.
#[derive(Clone, Copy, Debug)]
pub(in crate::surveys) struct Eligible {
    pub(in crate::surveys) kind: Kind,
    pub(in crate::surveys) rules: Rules,
    pub(in crate::surveys) now: Time,
}

/// How many it would go to.
pub(in crate::surveys) fn eligible(conn: &Connection, whom: Eligible) -> Result<u64, Error> {
    let count = match whom.kind {
        Kind::Invitation => conn.query_row(
            &format!("select count(*) from invitee where {INVITED}"),
            named_params! {},
            |row| row.get(0),
        ),
        Kind::Reminder => conn.query_row(
            &format!("select count(*) from invitee where {REMINDED}"),
            named_params! {
                ":before": whom.rules.before(whom.now).0, ":most": whom.rules.most,
            },
            |row| row.get(0),
        ),
    };
    Ok(count?)
}

/// The addresses there are, in small letters.
pub(in crate::surveys) fn addresses(conn: &Connection) -> Result<BTreeSet<String>, Error> {
    let mut list = conn.prepare_cached("select lower(address) from invitee")?;
    let found = list.query_map(named_params! {}, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Somebody to be written to.
#[derive(Clone, Debug)]
pub(in crate::surveys) struct NewInvitee {
    pub(in crate::surveys) link: String,
    pub(in crate::surveys) address: String,
    pub(in crate::surveys) name: String,
    pub(in crate::surveys) lang: String,
}

/// Keeps somebody; whose address is there already stays as they are.
pub(in crate::surveys) fn insert_invitee(
    tx: &Transaction<'_>,
    new: &NewInvitee,
    now: Time,
) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "insert or ignore into invitee (link, address, name, lang, made)
         values (:link, :address, :name, :lang, :now)",
    )?;
    insert.execute(named_params! {
        ":link": new.link, ":address": new.address, ":name": new.name, ":lang": new.lang,
        ":now": now.0,
    })?;
    Ok(())
}

/// Nothing more is written to whom that link is. `false`: it is nobody's.
pub(in crate::surveys) fn stop_invitee(
    tx: &Transaction<'_>,
    link: &str,
    now: Time,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update invitee set stopped = coalesce(stopped, :now) where link = :link",
        named_params! { ":link": link, ":now": now.0 },
    )?;
    Ok(changed == 1)
}

/// Do they want no more letters? None: nobody is written to by that link.
pub(in crate::surveys) fn stopped(conn: &Connection, link: &str) -> Result<Option<bool>, Error> {
    let mut find =
        conn.prepare_cached("select stopped is not null from invitee where link = :link")?;
    let found = find.query_row(named_params! { ":link": link }, |row| row.get(0));
    Ok(found.optional()?)
}

/// How it stands with all of them together.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::surveys) struct Board {
    pub(in crate::surveys) invited: u64,
    pub(in crate::surveys) sent: u64,
    pub(in crate::surveys) waiting: u64,
    pub(in crate::surveys) failed: u64,
    pub(in crate::surveys) stopped: u64,
    pub(in crate::surveys) opened: u64,
    pub(in crate::surveys) completed: u64,
}

pub(in crate::surveys) fn board(conn: &Connection) -> Result<Board, Error> {
    let mut count = conn.prepare_cached(
        "with stands as (
             select invitee.stopped,
                 exists (select 1 from invitee_letter as had
                         where had.link = invitee.link and had.state = 'sent') as sent,
                 exists (select 1 from invitee_letter as had
                         where had.link = invitee.link and had.state = 'waiting') as waiting,
                 exists (select 1 from invitee_letter as had where had.link = invitee.link
                         and had.state in ('refused', 'given_up')) as failed,
                 came.id is not null as opened, came.outcome = 'complete' as completed
             from invitee
             left join respondent as came on came.link = invitee.link and came.is_test = 0)
         select count(*) as invited, coalesce(sum(sent), 0) as sent,
                coalesce(sum(waiting), 0) as waiting,
                coalesce(sum(failed and not sent and not waiting), 0) as failed,
                count(stopped) as stopped, coalesce(sum(opened), 0) as opened,
                coalesce(sum(completed), 0) as completed
         from stands",
    )?;
    Ok(count.query_row(named_params! {}, |row| {
        Ok(Board {
            invited: row.get("invited")?,
            sent: row.get("sent")?,
            waiting: row.get("waiting")?,
            failed: row.get("failed")?,
            stopped: row.get("stopped")?,
            opened: row.get("opened")?,
            completed: row.get("completed")?,
        })
    })?)
}

/// One of them, for the board.
#[derive(Clone, Debug)]
pub(in crate::surveys) struct Person {
    pub(in crate::surveys) name: String,
    pub(in crate::surveys) address: String,
    pub(in crate::surveys) lang: String,
    pub(in crate::surveys) is_stopped: bool,
    /// Letters that left, and the last of those that are over.
    pub(in crate::surveys) sent: u64,
    pub(in crate::surveys) last: Option<Time>,
    pub(in crate::surveys) is_waiting: bool,
    /// Why the last one did not leave.
    pub(in crate::surveys) fault: String,
    pub(in crate::surveys) has_come: bool,
    pub(in crate::surveys) outcome: Option<String>,
}

fn read(row: &Row<'_>) -> SqlResult<Person> {
    Ok(Person {
        name: row.get("name")?,
        address: row.get("address")?,
        lang: row.get("lang")?,
        is_stopped: row.get("is_stopped")?,
        sent: row.get("sent")?,
        last: row.get::<_, Option<i64>>("last")?.map(Time),
        is_waiting: row.get("is_waiting")?,
        fault: row.get::<_, Option<String>>("fault")?.unwrap_or_default(),
        has_come: row.get("has_come")?,
        outcome: row.get("outcome")?,
    })
}

/// Those whose letters failed first, then by name. One more than a page holds tells that
/// there is another page.
pub(in crate::surveys) fn people(
    conn: &Connection,
    (most, skip): (u32, u32),
) -> Result<Vec<Person>, Error> {
    let mut list = conn.prepare_cached(
        "select invitee.name, invitee.address, invitee.lang,
                invitee.stopped is not null as is_stopped,
                (select count(*) from invitee_letter as had
                 where had.link = invitee.link and had.state = 'sent') as sent,
                (select max(had.ended) from invitee_letter as had
                 where had.link = invitee.link and had.state = 'sent') as last,
                exists (select 1 from invitee_letter as had
                        where had.link = invitee.link and had.state = 'waiting') as is_waiting,
                (select had.fault from invitee_letter as had
                 where had.link = invitee.link order by had.round desc limit 1) as fault,
                came.id is not null as has_come, came.outcome
         from invitee
         left join respondent as came on came.link = invitee.link and came.is_test = 0
         order by coalesce(fault, '') = '', invitee.name, invitee.link
         limit :most offset :skip",
    )?;
    let found = list.query_map(named_params! { ":most": most, ":skip": skip }, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Why letters failed, and how many did so: where no single person may be shown.
pub(in crate::surveys) fn faults(conn: &Connection) -> Result<(u64, u64), Error> {
    let mut count = conn.prepare_cached(
        "select count(*) filter (where state = 'refused'),
                count(*) filter (where state = 'given_up') from invitee_letter",
    )?;
    Ok(count.query_row(named_params! {}, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Somebody to show a letter with: link and name; of that language before others.
pub(in crate::surveys) fn sample(
    conn: &Connection,
    lang: &str,
) -> Result<Option<(String, String)>, Error> {
    let mut find = conn.prepare_cached(
        "select link, name from invitee order by lang = :lang desc, link limit 1",
    )?;
    let found = find.query_row(named_params! { ":lang": lang }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    Ok(found.optional()?)
}

/// Those who want letters and have not ended: link, name, address.
pub(in crate::surveys) fn still_open(
    conn: &Connection,
) -> Result<Vec<(String, String, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select link, name, address from invitee
         where stopped is null
           and not exists (select 1 from respondent where respondent.link = invitee.link
                           and respondent.outcome is not null)
         order by name, link",
    )?;
    let found = list.query_map(named_params! {}, |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}
