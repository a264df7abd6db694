//! What a survey shows the machines it asks, and whose certificates it trusts.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, SqlResult, Transaction, named_params};
use crate::surveys::keeping::Of;

/// A secret as the list has it: nothing of what it says.
#[derive(Clone, Debug)]
pub(in crate::surveys) struct Kept {
    pub(in crate::surveys) name: String,
    pub(in crate::surveys) at: Time,
    pub(in crate::surveys) by: String,
}

pub(in crate::surveys) fn secrets(conn: &Connection, of: &Of) -> Result<Vec<Kept>, Error> {
    let mut list = conn.prepare_cached(
        "select name, set_at, set_by from survey_call_secret
         where workspace = :workspace and survey = :survey order by name",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let rows = list.query_map(values, |row| {
        Ok(Kept {
            name: row.get("name")?,
            at: Time(row.get("set_at")?),
            by: row.get("set_by")?,
        })
    })?;
    Ok(rows.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys) fn secret_names(conn: &Connection, of: &Of) -> Result<Vec<String>, Error> {
    let all = secrets(conn, of)?.into_iter();
    Ok(all.map(|kept| kept.name).collect())
}

pub(in crate::surveys) fn sealed(
    conn: &Connection,
    (of, name): (&Of, &str),
) -> Result<Option<Vec<u8>>, Error> {
    let mut find = conn.prepare_cached(
        "select secret from survey_call_secret
         where workspace = :workspace and survey = :survey and name = :name",
    )?;
    let values = named_params! {
        ":workspace": of.workspace, ":survey": of.survey, ":name": name,
    };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// Keeps it in the place of one of that name. Was there one?
pub(in crate::surveys) fn keep_secret(
    tx: &Transaction<'_>,
    (of, name): (&Of, &str),
    sealed: &[u8],
    (now, by): (Time, &str),
) -> Result<bool, Error> {
    let was_there = forget_secret(tx, (of, name))?;
    tx.execute(
        "insert into survey_call_secret (workspace, survey, name, secret, set_at, set_by)
         values (:workspace, :survey, :name, :secret, :now, :by)",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":name": name, ":secret": sealed,
            ":now": now.0, ":by": by,
        },
    )?;
    Ok(was_there)
}

/// Was there one of that name?
pub(in crate::surveys) fn forget_secret(
    tx: &Transaction<'_>,
    (of, name): (&Of, &str),
) -> Result<bool, Error> {
    let gone = tx.execute(
        "delete from survey_call_secret
         where workspace = :workspace and survey = :survey and name = :name",
        named_params! { ":workspace": of.workspace, ":survey": of.survey, ":name": name },
    )?;
    Ok(gone == 1)
}

/// The authority of the machines, as PEM; empty: those this machine trusts.
pub(in crate::surveys) fn authority(conn: &Connection, of: &Of) -> Result<String, Error> {
    let mut find = conn.prepare_cached(
        "select ca from survey_call_trust where workspace = :workspace and survey = :survey",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = find.query_row(values, |row| row.get(0)).optional()?;
    Ok(found.unwrap_or_default())
}

pub(in crate::surveys) fn set_authority(
    tx: &Transaction<'_>,
    of: &Of,
    ca: &str,
    (now, by): (Time, &str),
) -> Result<(), Error> {
    tx.execute(
        "insert into survey_call_trust (workspace, survey, ca, set_at, set_by)
         values (:workspace, :survey, :ca, :now, :by)
         on conflict (workspace, survey) do update
         set ca = excluded.ca, set_at = excluded.set_at, set_by = excluded.set_by",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":ca": ca, ":now": now.0, ":by": by,
        },
    )?;
    Ok(())
}
