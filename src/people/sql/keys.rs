//! The keys programs hold.

use crate::base::Time;
use crate::people::model::KeyShown;
use crate::store::{Connection, Error as StoreError, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

/// A key about to be made.
pub(in crate::people) struct NewKey<'a> {
    pub(in crate::people) id: &'a str,
    pub(in crate::people) workspace: WorkspaceId,
    pub(in crate::people) user: UserId,
    pub(in crate::people) name: &'a str,
    pub(in crate::people) prefix: &'a str,
    pub(in crate::people) hash: &'a [u8],
}

pub(in crate::people) fn add_key(
    tx: &Transaction<'_>,
    new: &NewKey<'_>,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into api_key (id, workspace, name, prefix, hash, created, created_by)
         values (:id, :workspace, :name, :prefix, :hash, :now, :user)",
        named_params! {
            ":id": new.id,
            ":workspace": new.workspace,
            ":name": new.name,
            ":prefix": new.prefix,
            ":hash": new.hash,
            ":now": now.0,
            ":user": new.user,
        },
    )?;
    Ok(())
}

pub(in crate::people) fn keys(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Vec<KeyShown>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, name, prefix, created, used from api_key
         where workspace = :workspace and created_by = :user and revoked is null
         order by created desc",
    )?;
    let keys = list.query_map(
        named_params! { ":workspace": workspace, ":user": user },
        |row| {
            Ok(KeyShown {
                id: row.get("id")?,
                name: row.get("name")?,
                prefix: row.get("prefix")?,
                created: Time(row.get("created")?),
                used: row.get::<_, Option<i64>>("used")?.map(Time),
            })
        },
    )?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Gives the name of the key that was revoked.
pub(in crate::people) fn revoke_key(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    id: &str,
    now: Time,
) -> Result<String, StoreError> {
    Ok(tx.query_row(
        "update api_key set revoked = :now
         where workspace = :workspace and created_by = :user and id = :id and revoked is null
         returning name",
        named_params! { ":workspace": workspace, ":user": user, ":id": id, ":now": now.0 },
        |row| row.get(0),
    )?)
}
