//! On the way in: who knows the password and owes the rest, and the latest
//! times somebody came in.

use crate::base::Time;
use crate::people::factors::SignIn;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::UserId;

/// Sign-ins of a user that are remembered.
const REMEMBERED: i64 = 20;

pub(in crate::people) fn add_half(
    tx: &Transaction<'_>,
    hash: &[u8],
    user: UserId,
    method: &str,
    expires: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into half_session (hash, user, method, expires)
         values (:hash, :user, :method, :expires)",
        named_params! { ":hash": hash, ":user": user, ":method": method, ":expires": expires.0 },
    )?;
    Ok(())
}

/// Who is half in, with their address and how they came so far.
pub(in crate::people) fn half(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Option<(UserId, String, String)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.email, half_session.method
         from half_session join user on user.id = half_session.user
         where half_session.hash = :hash and half_session.expires > :now
           and user.disabled is null",
    )?;
    let found = find.query_row(named_params! { ":hash": hash, ":now": now.0 }, |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    });
    Ok(found.optional()?)
}

/// Ends a half session, and whatever has expired with it. `false`: it was not there.
pub(in crate::people) fn end_half(
    tx: &Transaction<'_>,
    hash: &[u8],
    now: Time,
) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "delete from half_session where hash = :hash and expires > :now",
        named_params! { ":hash": hash, ":now": now.0 },
    )?;
    tx.execute(
        "delete from half_session where expires <= :now",
        named_params! { ":now": now.0 },
    )?;
    Ok(ended == 1)
}

pub(in crate::people) fn end_halves(tx: &Transaction<'_>, user: UserId) -> Result<(), StoreError> {
    tx.execute(
        "delete from half_session where user = :user",
        named_params! { ":user": user },
    )?;
    Ok(())
}

/// Remembers a sign-in and forgets the oldest.
pub(in crate::people) fn add_sign_in(
    tx: &Transaction<'_>,
    user: UserId,
    sign_in: &SignIn,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into sign_in (user, at, address, agent, method)
         values (:user, :at, :address, :agent, :method)",
        named_params! {
            ":user": user,
            ":at": sign_in.at.0,
            ":address": sign_in.address,
            ":agent": sign_in.agent,
            ":method": sign_in.method,
        },
    )?;
    tx.execute(
        "delete from sign_in where user = :user and id not in (
             select id from sign_in where user = :user order by id desc limit :remembered)",
        named_params! { ":user": user, ":remembered": REMEMBERED },
    )?;
    Ok(())
}

/// The sign-ins that are remembered, the latest first.
pub(in crate::people) fn sign_ins(
    conn: &Connection,
    user: UserId,
) -> Result<Vec<SignIn>, StoreError> {
    let mut list = conn.prepare_cached(
        "select at, address, agent, method from sign_in where user = :user order by id desc",
    )?;
    let sign_ins = list.query_map(named_params! { ":user": user }, |row| {
        Ok(SignIn {
            at: Time(row.get("at")?),
            address: row.get("address")?,
            agent: row.get("agent")?,
            method: row.get("method")?,
        })
    })?;
    Ok(sign_ins.collect::<Result<_, _>>()?)
}
