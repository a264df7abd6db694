//! Respondents in the file of a survey, by what is known of them.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, SqlResult, named_params};
use crate::surveys::keeping::finding::Match;
use crate::surveys::keeping::model::Telling;
use crate::surveys::map::Datum;
use crate::surveys::personal::{Spot, Vault};

pub(in crate::surveys::keeping) fn by_token(
    conn: &Connection,
    hash: &[u8],
) -> Result<Option<i64>, Error> {
    let mut find = conn.prepare_cached("select id from respondent where token_hash = :hash")?;
    let found = find.query_row(named_params! { ":hash": hash }, |row| row.get(0));
    Ok(found.optional()?)
}

pub(in crate::surveys::keeping) fn by_link(
    conn: &Connection,
    link: &str,
) -> Result<Vec<i64>, Error> {
    let mut list = conn.prepare_cached("select id from respondent where link = :link")?;
    let found = list.query_map(named_params! { ":link": link }, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The links of whom the survey writes to at that address, and when they were made.
pub(in crate::surveys::keeping) fn by_address(
    conn: &Connection,
    address: &str,
) -> Result<Vec<(String, Time)>, Error> {
    let mut list = conn
        .prepare_cached("select link, made from invitee where lower(address) = lower(:address)")?;
    let found = list.query_map(named_params! { ":address": address }, |row| {
        Ok((row.get(0)?, Time(row.get(1)?)))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Those who brought that value, under that name or any.
pub(in crate::surveys::keeping) fn by_entry(
    conn: &Connection,
    (name, value): (Option<&str>, &str),
    vault: &Vault,
) -> Result<Vec<i64>, Error> {
    let mut list = conn.prepare_cached(
        "select distinct respondent from entry
         where (:name is null or name = :name) and lower(trim(value)) = lower(:value)
           and sealed is null",
    )?;
    let found = list.query_map(named_params! { ":name": name, ":value": value }, |row| {
        row.get(0)
    })?;
    let mut found = found.collect::<SqlResult<Vec<_>>>()?;
    // What is sealed differs each time: all of it is opened and looked at.
    let mut list = conn.prepare_cached(
        "select respondent, name, sealed from entry
         where (:name is null or name = :name) and sealed is not null",
    )?;
    let mut rows = list.query(named_params! { ":name": name })?;
    while let Some(row) = rows.next()? {
        let (id, name): (i64, String) = (row.get(0)?, row.get(1)?);
        let sealed = row.get_ref(2)?.as_blob().unwrap_or_default();
        let brought = vault.open_text(Spot::Entry(id, &name), sealed);
        if brought.is_some_and(|brought| is_same(&brought, value)) {
            found.push(id);
        }
    }
    Ok(found)
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.to_lowercase()
}

/// Those who gave that answer to a personal question: to that one, or to any.
pub(in crate::surveys::keeping) fn by_answer(
    conn: &Connection,
    telling: &Telling,
    (name, value): (Option<&str>, &str),
    vault: &Vault,
) -> Result<Vec<i64>, Error> {
    let names: Vec<&String> = telling.personal.iter().collect();
    let names = serde_json::json!(names).to_string();
    let mut list = conn.prepare_cached(
        "select distinct respondent from answer
         where variable in (select value from json_each(:names))
           and (:name is null or variable = :name)
           and typeof(answer.value) not in ('null', 'blob')
           and lower(trim(answer.value)) = lower(:value)",
    )?;
    let values = named_params! { ":names": names, ":name": name, ":value": value };
    let found = list.query_map(values, |row| row.get(0))?;
    let mut found = found.collect::<SqlResult<Vec<_>>>()?;
    let mut list = conn.prepare_cached(
        "select respondent, variable, turn, value from answer
         where (:name is null or variable = :name) and typeof(value) = 'blob'",
    )?;
    let mut rows = list.query(named_params! { ":name": name })?;
    while let Some(row) = rows.next()? {
        let (id, variable, turn): (i64, String, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let sealed = row.get_ref(3)?.as_blob().unwrap_or_default();
        let is_it = match vault.open_answer((id, &variable, turn), sealed) {
            Datum::Text(answer) => is_same(&answer, value),
            Datum::Number(number) => value.parse() == Ok(number),
            Datum::NotAsked | Datum::NotAnswered => false,
        };
        if is_it {
            found.push(id);
        }
    }
    Ok(found)
}

/// How much there is of one.
pub(in crate::surveys::keeping) fn matched(
    conn: &Connection,
    id: i64,
) -> Result<Option<Match>, Error> {
    let mut find = conn.prepare_cached(
        "select id, is_test, outcome, started, seen, link,
                (select count(*) from answer where respondent = :id) as answers,
                (select count(*) from entry where respondent = :id) as entries,
                (select count(*) from page_visit where respondent = :id) as pages
         from respondent where id = :id",
    )?;
    let found = find.query_row(named_params! { ":id": id }, |row| {
        Ok(Match {
            id: row.get("id")?,
            is_test: row.get("is_test")?,
            outcome: row.get("outcome")?,
            started: Time(row.get("started")?),
            seen: Time(row.get("seen")?),
            answers: row.get("answers")?,
            entries: row.get("entries")?,
            pages: row.get("pages")?,
            link: row.get("link")?,
        })
    });
    Ok(found.optional()?)
}
