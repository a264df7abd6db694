//! Second factors: seeds, recovery codes, passkeys.

use crate::base::Time;
use crate::people::factors::{Holds, PasskeyShown};
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::UserId;

/// What somebody can prove who they are with.
pub(in crate::people) fn holds(conn: &Connection, user: UserId) -> Result<Holds, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.password is not null as password,
                (select created from totp where totp.user = user.id) as app,
                (select count(*) from passkey where passkey.user = user.id) as passkeys,
                (select count(*) from recovery_code
                 where recovery_code.user = user.id and used is null) as codes
         from user where id = :user",
    )?;
    Ok(find.query_row(named_params! { ":user": user }, |row| {
        Ok(Holds {
            password: row.get("password")?,
            app: row.get::<_, Option<i64>>("app")?.map(Time),
            passkeys: row.get("passkeys")?,
            codes: row.get("codes")?,
        })
    })?)
}

/// `false` when there is one already.
pub(in crate::people) fn add_totp(
    tx: &Transaction<'_>,
    user: UserId,
    seed: &[u8],
    step: i64,
    now: Time,
) -> Result<bool, StoreError> {
    let added = tx.execute(
        "insert into totp (user, seed, step, created) values (:user, :seed, :step, :now)
         on conflict (user) do nothing",
        named_params! { ":user": user, ":seed": seed, ":step": step, ":now": now.0 },
    )?;
    Ok(added == 1)
}

/// The sealed seed.
pub(in crate::people) fn seed(
    conn: &Connection,
    user: UserId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut find = conn.prepare_cached("select seed from totp where user = :user")?;
    let found = find.query_row(named_params! { ":user": user }, |row| row.get(0));
    Ok(found.optional()?)
}

/// Accepts a step, once and never one before it.
pub(in crate::people) fn use_step(
    tx: &Transaction<'_>,
    user: UserId,
    step: i64,
) -> Result<bool, StoreError> {
    let was_good = tx.execute(
        "update totp set step = :step where user = :user and step < :step",
        named_params! { ":user": user, ":step": step },
    )?;
    Ok(was_good == 1)
}

pub(in crate::people) fn drop_totp(tx: &Transaction<'_>, user: UserId) -> Result<bool, StoreError> {
    let dropped = tx.execute(
        "delete from totp where user = :user",
        named_params! { ":user": user },
    )?;
    Ok(dropped == 1)
}

pub(in crate::people) fn add_recovery(
    tx: &Transaction<'_>,
    user: UserId,
    hash: &[u8],
) -> Result<(), StoreError> {
    tx.execute(
        "insert into recovery_code (hash, user) values (:hash, :user)",
        named_params! { ":hash": hash, ":user": user },
    )?;
    Ok(())
}

/// Uses a recovery code up. Of any number who try at once, one is told `true`.
pub(in crate::people) fn use_recovery(
    tx: &Transaction<'_>,
    user: UserId,
    hash: &[u8],
    now: Time,
) -> Result<bool, StoreError> {
    let was_good = tx.execute(
        "update recovery_code set used = :now
         where hash = :hash and user = :user and used is null",
        named_params! { ":hash": hash, ":user": user, ":now": now.0 },
    )?;
    Ok(was_good == 1)
}

pub(in crate::people) fn drop_recovery(
    tx: &Transaction<'_>,
    user: UserId,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from recovery_code where user = :user",
        named_params! { ":user": user },
    )?;
    Ok(())
}

/// A passkey about to be kept.
pub(in crate::people) struct NewPasskey<'a> {
    pub(in crate::people) id: &'a str,
    pub(in crate::people) user: UserId,
    pub(in crate::people) credential: &'a [u8],
    pub(in crate::people) host: &'a str,
    pub(in crate::people) name: &'a str,
    /// The public key with its counter, as JSON.
    pub(in crate::people) key: &'a str,
}

/// `false` when the credential is known already, whoever has it.
pub(in crate::people) fn add_passkey(
    tx: &Transaction<'_>,
    new: &NewPasskey<'_>,
    now: Time,
) -> Result<bool, StoreError> {
    let added = tx.execute(
        "insert into passkey (id, user, credential, host, name, key, created)
         values (:id, :user, :credential, :host, :name, :key, :now)
         on conflict (credential) do nothing",
        named_params! {
            ":id": new.id,
            ":user": new.user,
            ":credential": new.credential,
            ":host": new.host,
            ":name": new.name,
            ":key": new.key,
            ":now": now.0,
        },
    )?;
    Ok(added == 1)
}

pub(in crate::people) fn passkeys(
    conn: &Connection,
    user: UserId,
) -> Result<Vec<PasskeyShown>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, credential, host, name, created, used from passkey
         where user = :user order by created",
    )?;
    let passkeys = list.query_map(named_params! { ":user": user }, |row| {
        Ok(PasskeyShown {
            id: row.get("id")?,
            credential: row.get("credential")?,
            host: row.get("host")?,
            name: row.get("name")?,
            created: Time(row.get("created")?),
            used: row.get::<_, Option<i64>>("used")?.map(Time),
        })
    })?;
    Ok(passkeys.collect::<Result<_, _>>()?)
}

/// Whose passkey that is: its id, its owner, their address and the key. Nobody
/// who is disabled has one.
pub(in crate::people) fn passkey(
    conn: &Connection,
    credential: &[u8],
    host: &str,
) -> Result<Option<(String, UserId, String, String)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select passkey.id, user.id as user, user.email, passkey.key
         from passkey join user on user.id = passkey.user
         where passkey.credential = :credential and passkey.host = :host
           and user.disabled is null",
    )?;
    let found = find.query_row(
        named_params! { ":credential": credential, ":host": host },
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    );
    Ok(found.optional()?)
}

/// Keeps the counter a passkey has reached, in place of the one it had before:
/// two answers made from one state cannot both count.
pub(in crate::people) fn use_passkey(
    tx: &Transaction<'_>,
    id: &str,
    before: &str,
    after: &str,
    now: Time,
) -> Result<bool, StoreError> {
    let was_good = tx.execute(
        "update passkey set key = :after, used = :now where id = :id and key = :before",
        named_params! { ":id": id, ":before": before, ":after": after, ":now": now.0 },
    )?;
    Ok(was_good == 1)
}

pub(in crate::people) fn rename_passkey(
    tx: &Transaction<'_>,
    user: UserId,
    id: &str,
    name: &str,
) -> Result<bool, StoreError> {
    let renamed = tx.execute(
        "update passkey set name = :name where user = :user and id = :id",
        named_params! { ":user": user, ":id": id, ":name": name },
    )?;
    Ok(renamed == 1)
}

/// Gives the name of the one that is gone.
pub(in crate::people) fn drop_passkey(
    tx: &Transaction<'_>,
    user: UserId,
    id: &str,
) -> Result<String, StoreError> {
    Ok(tx.query_row(
        "delete from passkey where user = :user and id = :id returning name",
        named_params! { ":user": user, ":id": id },
        |row| row.get(0),
    )?)
}

pub(in crate::people) fn drop_passkeys(
    tx: &Transaction<'_>,
    user: UserId,
) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "delete from passkey where user = :user",
        named_params! { ":user": user },
    )?)
}
