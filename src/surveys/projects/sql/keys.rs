//! What signs the links of suppliers.

use crate::base::Time;
use crate::store::{Connection, Error as StoreError, Transaction, named_params};
use crate::web::WorkspaceId;

/// The names of the secrets of a workspace, with when they were set.
pub(in crate::surveys::projects) fn keys(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<(String, Time)>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name, created from survey_key where workspace = :workspace order by name",
    )?;
    let rows = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok((row.get("name")?, Time(row.get("created")?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::surveys::projects) fn keep_key(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    name: &str,
    (secret, at, by): (&[u8], Time, &str),
) -> Result<(), StoreError> {
    tx.execute(
        "insert into survey_key (workspace, name, secret, created, created_by)
         values (:workspace, :name, :secret, :at, :by)
         on conflict (workspace, name) do update
         set secret = excluded.secret, created = excluded.created,
             created_by = excluded.created_by",
        named_params! {
            ":workspace": workspace,
            ":name": name,
            ":secret": secret,
            ":at": at.0,
            ":by": by,
        },
    )?;
    Ok(())
}

/// Was there one of that name?
pub(in crate::surveys::projects) fn forget_key(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    name: &str,
) -> Result<bool, StoreError> {
    let gone = tx.execute(
        "delete from survey_key where workspace = :workspace and name = :name",
        named_params! { ":workspace": workspace, ":name": name },
    )?;
    Ok(gone == 1)
}
