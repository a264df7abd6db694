//! Answers that lie in a file as they were given.

use serde_json::json;

use super::AT_A_TIME;
use crate::store::types::ValueRef;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::surveys::map::Datum;
use crate::surveys::personal::{Names, Vault};

/// Respondent, variable and turn.
type Place = (i64, String, u32);

/// Lies anything under these names that is not sealed?
pub(in crate::surveys::personal) fn is_any(
    conn: &Connection,
    names: &Names,
) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from answer
                        where variable in (select value from json_each(:answers))
                          and typeof(value) not in ('null', 'blob'))
             or exists (select 1 from entry
                        where name in (select value from json_each(:entries)) and sealed is null)
             or exists (select 1 from upload
                        where block in (select value from json_each(:files))
                          and sealed is null and is_whole = 1)
             or exists (select 1 from event
                        where question in (select value from json_each(:blocks))
                          and data <> '')",
    )?;
    let values = named_params! {
        ":answers": json!(names.answers).to_string(), ":entries": json!(names.entries).to_string(),
        ":files": json!(names.files).to_string(), ":blocks": json!(names.blocks).to_string(),
    };
    Ok(ask.query_row(values, |row| row.get(0))?)
}

/// Seals the next of them. Gives the last that was sealed; `None`: there are no more.
pub(in crate::surveys::personal) fn seal_answers(
    tx: &Transaction<'_>,
    (names, vault): (&Names, &Vault),
    after: &Place,
) -> Result<Option<Place>, Error> {
    let mut list = tx.prepare_cached(
        "select respondent, variable, turn, value from answer
         where (respondent, variable, turn) > (:respondent, :variable, :turn)
           and variable in (select value from json_each(:names))
           and typeof(value) not in ('null', 'blob')
         order by respondent, variable, turn limit :most",
    )?;
    let values = named_params! {
        ":respondent": after.0, ":variable": after.1, ":turn": after.2,
        ":names": json!(names.answers).to_string(), ":most": AT_A_TIME,
    };
    let found = list.query_map(values, |row| {
        let place: Place = (row.get(0)?, row.get(1)?, row.get(2)?);
        #[expect(clippy::cast_precision_loss, reason = "codes are short")]
        let datum = match row.get_ref(3)? {
            ValueRef::Integer(whole) => Datum::Number(whole as f64),
            ValueRef::Real(number) => Datum::Number(number),
            ValueRef::Text(text) => Datum::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Null | ValueRef::Blob(_) => Datum::NotAnswered,
        };
        Ok((place, datum))
    })?;
    let found = found.collect::<SqlResult<Vec<_>>>()?;
    for (place, datum) in &found {
        let sealed = vault.seal_answer((place.0, &place.1, place.2), datum)?;
        put(tx, place, sealed.as_deref())?;
    }
    Ok(found.into_iter().next_back().map(|(place, _)| place))
}

fn put(tx: &Transaction<'_>, place: &Place, sealed: Option<&[u8]>) -> Result<(), Error> {
    tx.prepare_cached(
        "update answer set value = :sealed
         where respondent = :respondent and variable = :variable and turn = :turn",
    )?
    .execute(named_params! {
        ":sealed": sealed, ":respondent": place.0, ":variable": place.1, ":turn": place.2,
    })?;
    Ok(())
}

/// What blocks said of themselves while nobody called them personal can be an answer: it goes.
pub(in crate::surveys::personal) fn forget_events(
    tx: &Transaction<'_>,
    names: &Names,
) -> Result<(), Error> {
    tx.execute(
        "update event set data = ''
         where question in (select value from json_each(:blocks)) and data <> ''",
        named_params! { ":blocks": json!(names.blocks).to_string() },
    )?;
    Ok(())
}
