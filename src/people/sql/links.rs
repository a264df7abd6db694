//! One-time links, and the one-time set-up.

use crate::base::Time;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::UserId;

pub(in crate::people) fn add_link(
    tx: &Transaction<'_>,
    hash: &[u8],
    user: UserId,
    purpose: &str,
    expires: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into link (hash, user, purpose, expires) values (:hash, :user, :purpose, :expires)",
        named_params! { ":hash": hash, ":user": user, ":purpose": purpose, ":expires": expires.0 },
    )?;
    Ok(())
}

/// What a link is good for: the user, their address and name, and the purpose.
pub(in crate::people) fn link(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Option<(UserId, String, String, String)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.email, user.name, link.purpose
         from link join user on user.id = link.user
         where link.hash = :hash and link.expires > :now and user.disabled is null",
    )?;
    let found = find.query_row(named_params! { ":hash": hash, ":now": now.0 }, |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    });
    Ok(found.optional()?)
}

/// Uses a link up. Whoever is second gets nothing.
pub(in crate::people) fn use_link(
    tx: &Transaction<'_>,
    hash: &[u8],
    now: Time,
) -> Result<Option<UserId>, StoreError> {
    let used = tx
        .query_row(
            "delete from link where hash = :hash and expires > :now returning user",
            named_params! { ":hash": hash, ":now": now.0 },
            |row| row.get(0),
        )
        .optional()?;
    Ok(used)
}

pub(in crate::people) fn drop_links(tx: &Transaction<'_>, user: UserId) -> Result<(), StoreError> {
    tx.execute(
        "delete from link where user = :user",
        named_params! { ":user": user },
    )?;
    Ok(())
}

/// Nobody is here yet, so the set-up is still to be done.
pub(in crate::people) fn is_empty(conn: &Connection) -> Result<bool, StoreError> {
    Ok(
        conn.query_row("select not exists (select 1 from user)", [], |row| {
            row.get(0)
        })?,
    )
}

pub(in crate::people) fn keep_code(
    tx: &Transaction<'_>,
    code: &[u8],
    expires: Time,
) -> Result<bool, StoreError> {
    let kept = tx.execute(
        "insert into setup (one, code, expires) values (1, :code, :expires)
         on conflict (one) do update set code = excluded.code, expires = excluded.expires
         where done is null",
        named_params! { ":code": code, ":expires": expires.0 },
    )?;
    Ok(kept == 1)
}

/// Uses the set-up code up. Of any number who try at once, one is told `true`.
pub(in crate::people) fn use_code(
    tx: &Transaction<'_>,
    code: &[u8],
    now: Time,
) -> Result<bool, StoreError> {
    let used = tx.execute(
        "update setup set done = :now, code = null
         where one = 1 and done is null and code = :code and expires > :now",
        named_params! { ":code": code, ":now": now.0 },
    )?;
    Ok(used == 1)
}

/// Closes the set-up without a code: for an installation that comes with people.
pub(in crate::people) fn close_setup(tx: &Transaction<'_>, now: Time) -> Result<(), StoreError> {
    tx.execute(
        "insert into setup (one, done) values (1, :now)
         on conflict (one) do update set done = excluded.done, code = null",
        named_params! { ":now": now.0 },
    )?;
    Ok(())
}
