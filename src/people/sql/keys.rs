//! The keys programs hold.

use crate::base::{Networks, Time};
use crate::people::keys::{Key, NewKey, words};
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, Row, Transaction, named_params,
};
use crate::web::{UserId, WorkspaceId};

/// What is kept of the words nobody can guess.
pub(in crate::people) struct Kept<'a> {
    pub(in crate::people) prefix: &'a str,
    pub(in crate::people) hash: &'a [u8],
}

pub(in crate::people) fn add_key(
    tx: &Transaction<'_>,
    (workspace, user): (WorkspaceId, UserId),
    new: &NewKey,
    kept: &Kept<'_>,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into api_key (id, workspace, name, prefix, hash, apps, networks, expires,
                              created, created_by)
         values (:id, :workspace, :name, :prefix, :hash, :apps, :networks, :expires,
                 :now, :user)",
        named_params! {
            ":id": UserId::new(now).to_string(),
            ":workspace": workspace,
            ":name": new.name,
            ":prefix": kept.prefix,
            ":hash": kept.hash,
            ":apps": new.apps.as_ref().map(|apps| apps.join(",")),
            ":networks": (!new.networks.is_empty()).then(|| new.networks.to_string()),
            ":expires": now.plus(new.days * Time::DAY).0,
            ":now": now.0,
            ":user": user,
        },
    )?;
    Ok(())
}

/// Keys of a workspace that were not revoked; one person's, or everybody's.
pub(in crate::people) fn keys(
    conn: &Connection,
    workspace: WorkspaceId,
    owner: Option<UserId>,
) -> Result<Vec<Key>, StoreError> {
    let mut list = conn.prepare_cached(
        "select api_key.*, user.name as owner_name,
                user.disabled is not null or membership.user is null as is_orphan
         from api_key
         join user on user.id = api_key.created_by
         left join membership on membership.user = user.id
                             and membership.workspace = api_key.workspace
         where api_key.workspace = :workspace and api_key.revoked is null
           and (:owner is null or api_key.created_by = :owner)
         order by api_key.created desc",
    )?;
    let keys = list.query_map(
        named_params! { ":workspace": workspace, ":owner": owner.map(|owner| owner.to_string()) },
        key,
    )?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// The key with that hash, good for something or not.
pub(in crate::people) fn key_with(
    conn: &Connection,
    hash: &[u8],
) -> Result<Option<Key>, StoreError> {
    let mut find = conn.prepare_cached(
        "select api_key.*, user.name as owner_name,
                user.disabled is not null or membership.user is null as is_orphan
         from api_key
         join user on user.id = api_key.created_by
         left join membership on membership.user = user.id
                             and membership.workspace = api_key.workspace
         where api_key.hash = :hash",
    )?;
    Ok(find
        .query_row(named_params! { ":hash": hash }, key)
        .optional()?)
}

fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    let networks: Option<String> = row.get("networks")?;
    let apps: Option<String> = row.get("apps")?;
    Ok(Key {
        id: row.get("id")?,
        workspace: row.get("workspace")?,
        owner: row.get("created_by")?,
        owner_name: row.get("owner_name")?,
        name: row.get("name")?,
        prefix: row.get("prefix")?,
        apps: apps.map(|apps| words(&apps).map(str::to_owned).collect()),
        networks: match networks {
            None => Networks::default(),
            // What cannot be read must not become "everywhere".
            Some(text) => Networks::parse(&text).map_err(|_bad| rusqlite::Error::InvalidQuery)?,
        },
        expires: Time(row.get("expires")?),
        used: row.get::<_, Option<i64>>("used")?.map(Time),
        used_address: row.get("used_address")?,
        is_revoked: row.get::<_, Option<i64>>("revoked")?.is_some(),
        is_orphan: row.get("is_orphan")?,
    })
}

/// Gives the name of the key that was revoked and whose it was; one's own, or
/// with no owner anybody's in the workspace.
pub(in crate::people) fn revoke_key(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    owner: Option<UserId>,
    id: &str,
    now: Time,
) -> Result<(String, UserId), StoreError> {
    Ok(tx.query_row(
        "update api_key set revoked = :now
         where workspace = :workspace and id = :id and revoked is null
           and (:owner is null or created_by = :owner)
         returning name, created_by",
        named_params! {
            ":workspace": workspace,
            ":owner": owner.map(|owner| owner.to_string()),
            ":id": id,
            ":now": now.0,
        },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?)
}

pub(in crate::people) fn touch_key(
    tx: &Transaction<'_>,
    id: &str,
    address: &str,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update api_key set used = :now, used_address = :address where id = :id",
        named_params! { ":id": id, ":address": address, ":now": now.0 },
    )?;
    Ok(())
}
