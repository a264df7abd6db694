//! Persons among the answers: counted, erased, and made nobody's.

use std::collections::BTreeSet;

use serde_json::json;

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::surveys::keeping::model::{Counted, Telling};
use crate::surveys::keeping::removing::Going;

use super::invitees::drop_those_who_never_came;

/// What there is of those who were heard of last by then, and whom somebody could
/// still tell.
pub(in crate::surveys::keeping) fn counted(
    conn: &Connection,
    until: Time,
    is_all: bool,
) -> Result<Counted, Error> {
    let mut count = conn.prepare_cached(
        "with meant as (select id from respondent
                        where coalesce(ended, seen) <= :until and (:all or anonymised = 0))
         select (select count(*) from meant) as respondents,
                (select count(*) from answer where respondent in meant) as answers,
                (select count(*) from entry where respondent in meant) as entries,
                (select count(*) from page_visit where respondent in meant) as pages,
                (select count(*) from invitee
                 where invitee.link in (select respondent.link from respondent
                                        where respondent.id in meant)
                    or (not exists (select 1 from respondent
                                    where respondent.link = invitee.link)
                        and max(invitee.made, coalesce(
                            (select max(had.ended) from invitee_letter as had
                             where had.link = invitee.link), 0)) <= :until)) as invitees",
    )?;
    let values = named_params! { ":until": until.0, ":all": is_all };
    Ok(count.query_row(values, |row| {
        Ok(Counted {
            respondents: row.get("respondents")?,
            answers: row.get("answers")?,
            entries: row.get("entries")?,
            pages: row.get("pages")?,
            invitees: row.get("invitees")?,
        })
    })?)
}

/// Those of the numbers there are, each once.
pub(in crate::surveys::keeping) fn going(
    conn: &Connection,
    ids: &[i64],
) -> Result<Vec<Going>, Error> {
    let mut list = conn.prepare_cached(
        "select id, started, link from respondent
         where id in (select value from json_each(:ids)) order by id",
    )?;
    let found = list.query_map(named_params! { ":ids": json!(ids).to_string() }, |row| {
        Ok(Going {
            id: row.get("id")?,
            started: Time(row.get("started")?),
            link: row.get("link")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Number and beginning of everybody.
pub(in crate::surveys::keeping) fn tallied(conn: &Connection) -> Result<Vec<(i64, Time)>, Error> {
    let mut list = conn.prepare_cached("select id, started from respondent order by id")?;
    let found = list.query_map(named_params! {}, |row| Ok((row.get(0)?, Time(row.get(1)?))))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// When the first was heard of last; `is_all`: also whom nobody can tell any more.
pub(in crate::surveys::keeping) fn first(
    conn: &Connection,
    is_all: bool,
) -> Result<Option<Time>, Error> {
    let mut find = conn.prepare_cached(
        "select min(coalesce(ended, seen)) from respondent where :all or anonymised = 0",
    )?;
    let first = find.query_row(named_params! { ":all": is_all }, |row| {
        row.get::<_, Option<i64>>(0)
    })?;
    Ok(first.map(Time))
}

/// Those who were heard of last by then; `is_all`: also whom nobody can tell any more.
pub(in crate::surveys::keeping) fn due(
    conn: &Connection,
    until: Time,
    is_all: bool,
) -> Result<Vec<(i64, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select id, link from respondent
         where coalesce(ended, seen) <= :until and (:all or anonymised = 0) order by id",
    )?;
    let values = named_params! { ":until": until.0, ":all": is_all };
    let found = list.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Takes a respondent out, with everything that hangs on them. What counts goes on
/// counting: places in quotas, and what was given in turn. Was there one?
pub(in crate::surveys::keeping) fn erase(tx: &Transaction<'_>, id: i64) -> Result<bool, Error> {
    tx.execute(
        "insert into erased_place (quota, places)
         select quota_place.quota, 1
         from quota_place join respondent on respondent.id = quota_place.respondent
         where respondent.id = :id and respondent.is_test = 0 and quota_place.until is null
         on conflict (quota) do update set places = places + 1",
        named_params! { ":id": id },
    )?;
    tx.execute(
        "insert into erased_allotment (block, code, given)
         select allotment.block, allotment.code, 1
         from allotment join respondent on respondent.id = allotment.respondent
         where respondent.id = :id and respondent.is_test = 0 and respondent.outcome = 'complete'
         on conflict (block, code) do update set given = given + 1",
        named_params! { ":id": id },
    )?;
    // No number is given twice.
    tx.execute(
        "insert into erased_last (one, respondent) values (1, :id)
         on conflict (one) do update set respondent = max(respondent, excluded.respondent)",
        named_params! { ":id": id },
    )?;
    tx.execute(
        "delete from invitee
         where link in (select link from respondent where id = :id and link <> '')",
        named_params! { ":id": id },
    )?;
    let gone = tx.execute(
        "delete from respondent where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(gone == 1)
}

/// Those who were heard of last by `:until`.
const MEANT: &str =
    "(select id from respondent where coalesce(ended, seen) <= :until and anonymised = 0)";

/// Whom the survey wrote to, whether they came or not.
fn drop_letters(tx: &Transaction<'_>, until: Time) -> Result<(), Error> {
    tx.execute(
        &format!(
            "delete from invitee
             where link in (select link from respondent where id in {MEANT} and link <> '')"
        ),
        named_params! { ":until": until.0 },
    )?;
    drop_those_who_never_came(tx, until)?;
    Ok(())
}

/// Files go with the answers that named them; what came and was no answer goes too.
fn drop_files(tx: &Transaction<'_>, until: Time) -> Result<(), Error> {
    tx.execute(
        &format!(
            "delete from upload where respondent in {MEANT} and not exists
               (select 1 from answer
                where answer.respondent = upload.respondent and answer.turn = upload.turn
                  and answer.value = upload.name
                  and (answer.variable = upload.block
                       or answer.variable glob upload.block || '_[0-9]*'))"
        ),
        named_params! { ":until": until.0 },
    )?;
    Ok(())
}

/// Takes out of the answers of those who were heard of last by then what tells
/// whose they are: the token, the link, the device, the way out, moments but for
/// their day, values that came with them and personal answers. Gives how many
/// respondents that were.
pub(in crate::surveys::keeping) fn anonymise(
    tx: &Transaction<'_>,
    until: Time,
    telling: &Telling,
    open_links: &BTreeSet<String>,
) -> Result<usize, Error> {
    let (meant, day) = (MEANT, Time::DAY);
    tx.execute(
        &format!(
            "delete from entry where respondent in {meant}
               and name not in (select value from json_each(:plain))"
        ),
        named_params! { ":until": until.0, ":plain": json!(telling.plain).to_string() },
    )?;
    tx.execute(
        &format!(
            "delete from answer where respondent in {meant}
               and variable in (select value from json_each(:personal))"
        ),
        named_params! { ":until": until.0, ":personal": json!(telling.personal).to_string() },
    )?;
    drop_letters(tx, until)?;
    for table in ["postback", "hook_message"] {
        tx.execute(
            &format!("delete from {table} where respondent in {meant}"),
            named_params! { ":until": until.0 },
        )?;
    }
    // Nobody goes on at their address; a place that is held yet says when they were here.
    tx.execute(
        &format!("delete from quota_place where until is not null and respondent in {meant}"),
        named_params! { ":until": until.0 },
    )?;
    drop_files(tx, until)?;
    for table in ["answer", "page_visit", "event", "upload"] {
        tx.execute(
            &format!("update {table} set at = at - at % :day where respondent in {meant}"),
            named_params! { ":until": until.0, ":day": day },
        )?;
    }
    Ok(tx.execute(
        "update respondent
         set token_hash = randomblob(32), device = '', exit_to = null, exit_sealed = null,
             signed = null, anonymised = 1,
             link = case when link in (select value from json_each(:open)) then link else '' end,
             started = started - started % :day, seen = seen - seen % :day,
             ended = ended - ended % :day
         where coalesce(ended, seen) <= :until and anonymised = 0",
        named_params! {
            ":until": until.0, ":day": day, ":open": json!(open_links).to_string(),
        },
    )?)
}
