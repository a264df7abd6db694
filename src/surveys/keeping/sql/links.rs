//! Links that were made for one person: their names and values tell who it is.

use std::collections::BTreeSet;

use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::surveys::keeping::model::Of;

/// Those of them with that name, or with that value of that variable, or of any.
pub(in crate::surveys::keeping) fn own_links(
    conn: &Connection,
    of: &Of,
    (name, value): (Option<&str>, &str),
) -> Result<Vec<(String, Time)>, Error> {
    let mut list = conn.prepare_cached(
        "select id, created from survey_link
         where workspace = :workspace and survey = :survey and kind <> 'open'
           and ((:name is null and lower(survey_link.name) = lower(:value))
             or exists (select 1 from json_each(survey_link.entry) as brought
                        where (:name is null or brought.key = :name)
                          and lower(brought.value) = lower(:value)))
         order by created, id",
    )?;
    let values = named_params! {
        ":workspace": of.workspace, ":survey": of.survey, ":name": name, ":value": value,
    };
    let found = list.query_map(values, |row| Ok((row.get(0)?, Time(row.get(1)?))))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The ids of all of them.
pub(in crate::surveys::keeping) fn links_of_one(
    conn: &Connection,
    of: &Of,
) -> Result<BTreeSet<String>, Error> {
    let mut list = conn.prepare_cached(
        "select id from survey_link
         where workspace = :workspace and survey = :survey and kind <> 'open'",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = list.query_map(values, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The ids of those that many came by: suppliers', as a rule.
pub(in crate::surveys::keeping) fn open_links(
    conn: &Connection,
    of: &Of,
) -> Result<BTreeSet<String>, Error> {
    let mut list = conn.prepare_cached(
        "select id from survey_link
         where workspace = :workspace and survey = :survey and kind = 'open'",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = list.query_map(values, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Takes one of them out. Was there one?
pub(in crate::surveys::keeping) fn drop_link(
    tx: &Transaction<'_>,
    of: &Of,
    id: &str,
) -> Result<bool, Error> {
    let gone = tx.execute(
        "delete from survey_link
         where workspace = :workspace and survey = :survey and id = :id and kind <> 'open'",
        named_params! { ":workspace": of.workspace, ":survey": of.survey, ":id": id },
    )?;
    Ok(gone == 1)
}

/// Takes all of them out. Gives how many there were.
pub(in crate::surveys::keeping) fn drop_own_links(
    tx: &Transaction<'_>,
    of: &Of,
) -> Result<usize, Error> {
    Ok(tx.execute(
        "delete from survey_link
         where workspace = :workspace and survey = :survey and kind <> 'open'",
        named_params! { ":workspace": of.workspace, ":survey": of.survey },
    )?)
}
