//! Where people are written to who never came: addresses without a respondent.

use serde_json::json;

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};

/// The links of all who are written to.
pub(in crate::surveys::keeping) fn invited(conn: &Connection) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached("select link from invitee order by link")?;
    let found = list.query_map(named_params! {}, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The links of those who never came and were written to last by then.
pub(in crate::surveys::keeping) fn never_came(
    conn: &Connection,
    until: Time,
) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached(
        "select invitee.link from invitee
         where not exists (select 1 from respondent where respondent.link = invitee.link)
           and max(invitee.made, coalesce((select max(had.ended) from invitee_letter as had
                                           where had.link = invitee.link), 0)) <= :until
         order by invitee.link",
    )?;
    let found = list.query_map(named_params! { ":until": until.0 }, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Takes them out.
pub(super) fn drop_those_who_never_came(tx: &Transaction<'_>, until: Time) -> Result<(), Error> {
    let links = never_came(tx, until)?;
    drop_invitees(tx, &links).map(|_gone| ())
}

/// Takes out where the people of these links are written to. Gives how many they were.
pub(in crate::surveys::keeping) fn drop_invitees(
    tx: &Transaction<'_>,
    links: &[String],
) -> Result<usize, Error> {
    Ok(tx.execute(
        "delete from invitee where link in (select value from json_each(:links))",
        named_params! { ":links": json!(links).to_string() },
    )?)
}
