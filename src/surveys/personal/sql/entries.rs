//! What came with respondents and lies in a file as it came, also in addresses.

use serde_json::json;

use super::AT_A_TIME;
use crate::store::{Error, OptionalExtension, SqlResult, Transaction, named_params};
use crate::surveys::personal::{Names, Spot, Vault};

/// Respondent and name.
type Place = (i64, String);

/// Seals the next of them. Gives the last that was sealed; `None`: there are no more.
pub(in crate::surveys::personal) fn seal_entries(
    tx: &Transaction<'_>,
    (names, vault): (&Names, &Vault),
    after: &Place,
) -> Result<Option<Place>, Error> {
    let mut list = tx.prepare_cached(
        "select entry.respondent, entry.name, entry.value,
                entry.is_unique = 1 or respondent.is_test = 1
         from entry join respondent on respondent.id = entry.respondent
         where (entry.respondent, entry.name) > (:respondent, :name)
           and entry.name in (select value from json_each(:names)) and entry.sealed is null
         order by entry.respondent, entry.name limit :most",
    )?;
    let values = named_params! {
        ":respondent": after.0, ":name": after.1, ":names": json!(names.entries).to_string(),
        ":most": AT_A_TIME,
    };
    let found = list.query_map(values, |row| {
        let place: Place = (row.get(0)?, row.get(1)?);
        Ok((place, row.get::<_, String>(2)?, row.get::<_, bool>(3)?))
    })?;
    let found = found.collect::<SqlResult<Vec<_>>>()?;
    for ((respondent, name), value, is_found) in &found {
        let sealed = vault.seal(Spot::Entry(*respondent, name), value.as_bytes())?;
        let mark = is_found.then(|| vault.marks().entry(name, value));
        tx.prepare_cached(
            "update entry set value = '', sealed = :sealed, mark = :mark
             where respondent = :respondent and name = :name",
        )?
        .execute(named_params! {
            ":sealed": sealed, ":mark": mark, ":respondent": respondent, ":name": name,
        })?;
        seal_exit(tx, vault, *respondent)?;
        seal_postbacks(tx, vault, *respondent)?;
    }
    Ok(found.into_iter().next_back().map(|(place, ..)| place))
}

fn seal_exit(tx: &Transaction<'_>, vault: &Vault, respondent: i64) -> Result<(), Error> {
    let mut find =
        tx.prepare_cached("select exit_to from respondent where id = :id and exit_to is not null")?;
    let found = find.query_row(named_params! { ":id": respondent }, |row| {
        row.get::<_, String>(0)
    });
    let Some(to) = found.optional()? else {
        return Ok(());
    };
    let sealed = vault.seal(Spot::Exit(respondent), to.as_bytes())?;
    tx.prepare_cached(
        "update respondent set exit_to = null, exit_sealed = :sealed where id = :id",
    )?
    .execute(named_params! { ":sealed": sealed, ":id": respondent })?;
    Ok(())
}

fn seal_postbacks(tx: &Transaction<'_>, vault: &Vault, respondent: i64) -> Result<(), Error> {
    let mut list = tx.prepare_cached(
        "select id, address from postback where respondent = :respondent and address <> ''",
    )?;
    let found = list.query_map(named_params! { ":respondent": respondent }, |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    for (id, address) in found.collect::<SqlResult<Vec<_>>>()? {
        let sealed = vault.seal(Spot::Postback(respondent), address.as_bytes())?;
        tx.prepare_cached("update postback set address = '', sealed = :sealed where id = :id")?
            .execute(named_params! { ":sealed": sealed, ":id": id })?;
    }
    Ok(())
}
