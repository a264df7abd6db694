//! What lies in the file of a survey: respondents and what they said.

use std::collections::BTreeMap;

use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, Row, SqlResult, named_params, types,
};
use crate::surveys::format::Outcome;
use crate::surveys::map::Datum;
use crate::surveys::personal::{Marks, Spot, Vault};

/// A respondent, without what they said.
#[derive(Clone, Debug)]
pub(in crate::surveys::projects) struct Found {
    pub(in crate::surveys::projects) id: i64,
    pub(in crate::surveys::projects) link: String,
    pub(in crate::surveys::projects) version: i64,
    pub(in crate::surveys::projects) lang: String,
    pub(in crate::surveys::projects) is_test: bool,
    pub(in crate::surveys::projects) page: String,
    pub(in crate::surveys::projects) outcome: Option<Outcome>,
    pub(in crate::surveys::projects) exit_to: Option<String>,
    pub(in crate::surveys::projects) started: Time,
    pub(in crate::surveys::projects) seen: Time,
    pub(in crate::surveys::projects) ended: Option<Time>,
}

/// A page that was sent.
pub(in crate::surveys::projects) struct Visit {
    pub(in crate::surveys::projects) page: String,
    pub(in crate::surveys::projects) turn: u32,
    /// Milliseconds, as the browser says.
    pub(in crate::surveys::projects) spent: Option<i64>,
    pub(in crate::surveys::projects) at: Time,
}

impl Visit {
    /// As in `12.3`.
    pub(in crate::surveys::projects) fn seconds(&self) -> Option<String> {
        let tenths = self.spent?.max(0) / 100;
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    }
}

fn found(row: &Row<'_>) -> SqlResult<Found> {
    Ok(Found {
        id: row.get("id")?,
        link: row.get("link")?,
        version: row.get("version")?,
        lang: row.get("lang")?,
        is_test: row.get("is_test")?,
        page: row.get("page")?,
        outcome: row
            .get::<_, Option<String>>("outcome")?
            .and_then(|name| Outcome::named(&name)),
        exit_to: row.get("exit_to")?,
        started: Time(row.get("started")?),
        seen: Time(row.get("seen")?),
        ended: row.get::<_, Option<i64>>("ended")?.map(Time),
    })
}

/// Respondents after that one, in the order they came: tests, or all but tests.
pub(in crate::surveys::projects) fn respondents(
    conn: &Connection,
    (after, most): (i64, u32),
    is_test: bool,
    outcome: Option<&str>,
) -> Result<Vec<Found>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, link, version, lang, is_test, page, outcome, exit_to, started, seen, ended
         from respondent
         where id > :after and is_test = :is_test
           and (:outcome is null or coalesce(outcome, 'partial') = :outcome)
         order by id limit :most",
    )?;
    let values = named_params! {
        ":after": after,
        ":most": most,
        ":is_test": is_test,
        ":outcome": outcome,
    };
    let rows = list.query_map(values, found)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many such respondents there are, and a word that is another when one came, went on
/// or went.
pub(in crate::surveys::projects) fn extent(
    conn: &Connection,
    is_test: bool,
    outcome: Option<&str>,
) -> Result<(u64, String), StoreError> {
    let mut count = conn.prepare_cached(
        "select count(*), count(outcome), coalesce(max(id), 0), coalesce(max(seen), 0),
                coalesce(max(ended), 0)
         from respondent
         where is_test = :is_test
           and (:outcome is null or coalesce(outcome, 'partial') = :outcome)",
    )?;
    let values = named_params! { ":is_test": is_test, ":outcome": outcome };
    Ok(count.query_row(values, |row| {
        let mut word = Vec::with_capacity(5);
        for at in 0..5 {
            word.push(row.get::<_, i64>(at)?.to_string());
        }
        Ok((row.get(0)?, word.join("-")))
    })?)
}

/// Respondents whose way ended after that moment and number, and not after
/// `until`, in the order they ended. Without tests.
pub(in crate::surveys::projects) fn ended_since(
    conn: &Connection,
    (ended, id): (i64, i64),
    until: Time,
    most: u32,
) -> Result<Vec<Found>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, link, version, lang, is_test, page, outcome, exit_to, started, seen, ended
         from respondent
         where is_test = 0 and outcome is not null
           and (ended, id) > (:ended, :id) and ended <= :until
         order by ended, id limit :most",
    )?;
    let values = named_params! {
        ":ended": ended,
        ":id": id,
        ":until": until.0,
        ":most": most,
    };
    let rows = list.query_map(values, found)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::surveys::projects) fn respondent(
    conn: &Connection,
    id: i64,
) -> Result<Option<Found>, StoreError> {
    let mut find = conn.prepare_cached(
        "select id, link, version, lang, is_test, page, outcome, exit_to, started, seen, ended
         from respondent where id = :id",
    )?;
    Ok(find
        .query_row(named_params! { ":id": id }, found)
        .optional()?)
}

/// Who came last with that value of a variable that tells who somebody is; or among
/// the tests, with that value of any. A sealed value is found by its mark.
pub(in crate::surveys::projects) fn by_value(
    conn: &Connection,
    (name, value): (&str, &str),
    marks: &Marks,
    is_test: bool,
) -> Result<Option<Found>, StoreError> {
    let mut find = conn.prepare_cached(
        "select id, link, version, lang, is_test, page, outcome, exit_to, started, seen, ended
         from respondent
         where is_test = :is_test and id in
           (select respondent from entry
            where name = :name and (is_unique = 1 or :is_test)
              and case when sealed is null then value = :value else mark = :mark end)
         order by id desc limit 1",
    )?;
    let values = named_params! {
        ":name": name, ":value": value, ":mark": marks.entry(name, value), ":is_test": is_test,
    };
    Ok(find.query_row(values, found).optional()?)
}

/// What one respondent said that counts, by variable and turn. Without a vault what is
/// sealed is not there.
pub(in crate::surveys::projects) fn answers(
    conn: &Connection,
    respondent: i64,
    vault: Option<&Vault>,
) -> Result<BTreeMap<(String, u32), Datum>, StoreError> {
    let mut list = conn.prepare_cached(
        "select variable, turn, value from answer
         where respondent = :respondent and off_path = 0",
    )?;
    let mut rows = list.query(named_params! { ":respondent": respondent })?;
    let mut answers = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (variable, turn): (String, u32) = (row.get("variable")?, row.get("turn")?);
        let value = match (row.get_ref("value")?, vault) {
            (types::ValueRef::Integer(number), _) => Datum::Number(as_real(number)),
            (types::ValueRef::Real(number), _) => Datum::Number(number),
            (types::ValueRef::Text(text), _) => {
                Datum::Text(String::from_utf8_lossy(text).into_owned())
            }
            (types::ValueRef::Null, _) => Datum::NotAnswered,
            (types::ValueRef::Blob(sealed), Some(vault)) => {
                vault.open_answer((respondent, &variable, turn), sealed)
            }
            (types::ValueRef::Blob(_), None) => continue,
        };
        answers.insert((variable, turn), value);
    }
    Ok(answers)
}

#[expect(clippy::cast_precision_loss, reason = "codes and counts are small")]
fn as_real(number: i64) -> f64 {
    number as f64
}

/// What came with one respondent. Without a vault what is sealed is not there.
pub(in crate::surveys::projects) fn entries(
    conn: &Connection,
    respondent: i64,
    vault: Option<&Vault>,
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut list = conn
        .prepare_cached("select name, value, sealed from entry where respondent = :respondent")?;
    let mut rows = list.query(named_params! { ":respondent": respondent })?;
    let mut entries = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (name, sealed): (String, Option<Vec<u8>>) = (row.get("name")?, row.get("sealed")?);
        let value = match sealed {
            Some(sealed) => {
                let spot = Spot::Entry(respondent, &name);
                vault.and_then(|vault| vault.open_text(spot, &sealed))
            }
            None => Some(row.get("value")?),
        };
        entries.extend(value.map(|value| (name, value)));
    }
    Ok(entries)
}

/// The last turn anybody made, by variable.
pub(in crate::surveys::projects) fn reached(
    conn: &Connection,
) -> Result<BTreeMap<String, u32>, StoreError> {
    let mut list = conn.prepare_cached(
        "select variable, max(turn) as last from answer where turn > 0 group by variable",
    )?;
    let rows = list.query_map([], |row| Ok((row.get("variable")?, row.get("last")?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many respondents have each outcome; those on the way have none. Without tests.
pub(in crate::surveys::projects) fn outcomes(
    conn: &Connection,
) -> Result<Vec<(Option<Outcome>, u64)>, StoreError> {
    let mut list = conn.prepare_cached(
        "select outcome, count(*) as count from respondent where is_test = 0 group by outcome",
    )?;
    let rows = list.query_map([], |row| {
        let outcome: Option<String> = row.get("outcome")?;
        Ok((
            outcome.and_then(|name| Outcome::named(&name)),
            row.get("count")?,
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Places taken for good and places held for now, by quota. Without tests; who was
/// erased still counts.
pub(in crate::surveys::projects) fn places(
    conn: &Connection,
    now: Time,
) -> Result<BTreeMap<String, (u64, u64)>, StoreError> {
    let mut list = conn.prepare_cached(
        "select quota, sum(taken) as taken, sum(held) as held from (
           select quota_place.quota, quota_place.until is null as taken,
                  quota_place.until > :now as held
           from quota_place join respondent on respondent.id = quota_place.respondent
           where respondent.is_test = 0
           union all
           select quota, places, 0 from erased_place)
         group by quota",
    )?;
    let rows = list.query_map(named_params! { ":now": now.0 }, |row| {
        let held: Option<u64> = row.get("held")?;
        Ok((
            row.get("quota")?,
            (row.get("taken")?, held.unwrap_or_default()),
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The pages one respondent sent, in order.
pub(in crate::surveys::projects) fn visits(
    conn: &Connection,
    respondent: i64,
) -> Result<Vec<Visit>, StoreError> {
    let mut list = conn.prepare_cached(
        "select page, turn, spent, at from page_visit
         where respondent = :respondent order by at, nonce",
    )?;
    let rows = list.query_map(named_params! { ":respondent": respondent }, |row| {
        Ok(Visit {
            page: row.get("page")?,
            turn: row.get("turn")?,
            spent: row.get("spent")?,
            at: Time(row.get("at")?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
