//! What they answered, and which pages they sent.

use std::collections::BTreeSet;

use crate::base::Time;
use crate::store::types::{Value, ValueRef};
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::surveys::map::Datum;
use crate::surveys::personal::Vault;
use crate::surveys::running::Answers;

/// Variables and turns.
pub(in crate::surveys::running) type OffPath = BTreeSet<(String, u32)>;

/// Everything kept, and which of it is not on their way any more. Without a vault what is
/// sealed is not there.
pub(in crate::surveys::running) fn answers(
    conn: &Connection,
    respondent: i64,
    vault: Option<&Vault>,
) -> Result<(Answers, OffPath), Error> {
    let mut list = conn.prepare_cached(
        "select variable, turn, value, off_path from answer where respondent = :respondent",
    )?;
    let (mut answers, mut off_path) = (Answers::default(), OffPath::new());
    let mut rows = list.query(named_params! { ":respondent": respondent })?;
    while let Some(row) = rows.next()? {
        let (variable, turn): (String, u32) = (row.get(0)?, row.get(1)?);
        let datum = match (row.get_ref(2)?, vault) {
            (ValueRef::Blob(sealed), Some(vault)) => {
                vault.open_answer((respondent, &variable, turn), sealed)
            }
            (ValueRef::Blob(_), None) => continue,
            (value, _) => datum(value),
        };
        answers.put(&variable, turn, datum);
        if row.get(3)? {
            off_path.insert((variable, turn));
        }
    }
    Ok((answers, off_path))
}

fn datum(value: ValueRef<'_>) -> Datum {
    #[expect(clippy::cast_precision_loss, reason = "codes are short")]
    match value {
        ValueRef::Integer(whole) => Datum::Number(whole as f64),
        ValueRef::Real(number) => Datum::Number(number),
        ValueRef::Text(text) => Datum::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null | ValueRef::Blob(_) => Datum::NotAnswered,
    }
}

fn value(datum: &Datum) -> Value {
    match datum {
        Datum::Number(number) => Value::Real(*number),
        Datum::Text(text) => Value::Text(text.clone()),
        Datum::NotAsked | Datum::NotAnswered => Value::Null,
    }
}

/// Keeps an answer, sealed where there is a vault for it.
pub(in crate::surveys::running) fn put_answer(
    tx: &Transaction<'_>,
    respondent: i64,
    (variable, turn, datum): (&str, u32, &Datum),
    vault: Option<&Vault>,
    (page, now): (&str, Time),
) -> Result<(), Error> {
    let value = match vault {
        Some(vault) => match vault.seal_answer((respondent, variable, turn), datum)? {
            Some(sealed) => Value::Blob(sealed),
            None => Value::Null,
        },
        None => value(datum),
    };
    let mut put = tx.prepare_cached(
        "insert into answer (respondent, variable, turn, value, page, at)
         values (:respondent, :variable, :turn, :value, :page, :now)
         on conflict (respondent, variable, turn)
         do update set value = excluded.value, page = excluded.page, off_path = 0, at = excluded.at",
    )?;
    put.execute(named_params! {
        ":respondent": respondent, ":variable": variable, ":turn": turn, ":value": value,
        ":page": page, ":now": now.0,
    })?;
    Ok(())
}

pub(in crate::surveys::running) fn delete_answer(
    tx: &Transaction<'_>,
    respondent: i64,
    (variable, turn): (&str, u32),
) -> Result<(), Error> {
    let mut delete = tx.prepare_cached(
        "delete from answer
         where respondent = :respondent and variable = :variable and turn = :turn",
    )?;
    delete.execute(named_params! {
        ":respondent": respondent, ":variable": variable, ":turn": turn,
    })?;
    Ok(())
}

pub(in crate::surveys::running) fn mark_off_path(
    tx: &Transaction<'_>,
    respondent: i64,
    (variable, turn): (&str, u32),
    is_off: bool,
) -> Result<(), Error> {
    let mut mark = tx.prepare_cached(
        "update answer set off_path = :off
         where respondent = :respondent and variable = :variable and turn = :turn",
    )?;
    mark.execute(named_params! {
        ":respondent": respondent, ":variable": variable, ":turn": turn, ":off": is_off,
    })?;
    Ok(())
}

pub(in crate::surveys::running) fn clear_off_path(
    tx: &Transaction<'_>,
    respondent: i64,
) -> Result<(), Error> {
    tx.prepare_cached("delete from answer where respondent = :respondent and off_path = 1")?
        .execute(named_params! { ":respondent": respondent })?;
    Ok(())
}

/// A page that was sent: its id, its turn, and the nonce it came with.
pub(in crate::surveys::running) type Visit = (String, u32, String);

/// The pages that were sent; one that was sent again with another nonce is there again.
pub(in crate::surveys::running) fn visits(
    conn: &Connection,
    respondent: i64,
) -> Result<Vec<Visit>, Error> {
    let mut list = conn.prepare_cached(
        "select page, turn, nonce from page_visit where respondent = :respondent",
    )?;
    let found = list.query_map(named_params! { ":respondent": respondent }, |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// A page that was sent: its nonce, how long it took, and in what order it was shown.
pub(in crate::surveys::running) fn add_visit(
    tx: &Transaction<'_>,
    respondent: i64,
    (page, turn): (&str, u32),
    (nonce, spent, shown): (&str, Option<i64>, &str),
    now: Time,
) -> Result<(), Error> {
    let mut add = tx.prepare_cached(
        "insert into page_visit (respondent, nonce, page, turn, spent, at, shown)
         values (:respondent, :nonce, :page, :turn, :spent, :now, :shown)",
    )?;
    add.execute(named_params! {
        ":respondent": respondent, ":nonce": nonce, ":page": page, ":turn": turn, ":spent": spent,
        ":now": now.0, ":shown": shown,
    })?;
    Ok(())
}
