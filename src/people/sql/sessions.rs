//! Sessions: opened, used, ended.

use super::places::{self, Entered};
use crate::base::Time;
use crate::people::factors::Rules;
use crate::people::model::{Error, OpenSession};
use crate::store::{Connection, Error as StoreError, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

/// A session about to be opened.
pub(in crate::people) struct NewSession<'a> {
    pub(in crate::people) hash: &'a [u8],
    pub(in crate::people) user: UserId,
    pub(in crate::people) now: Time,
    pub(in crate::people) address: &'a str,
    pub(in crate::people) agent: &'a str,
    /// How its owner came in: `password+app`.
    pub(in crate::people) method: &'a str,
}

/// Opens a session in the workspace the user joined first; an operator needs none,
/// and neither does who comes to take the data of a closed one.
pub(in crate::people) fn add_session(
    tx: &Transaction<'_>,
    new: &NewSession<'_>,
) -> Result<(), Error> {
    let workspace = places::first_place(tx, new.user)?;
    if workspace.is_none()
        && !places::is_operator(tx, new.user)?
        && !places::may_take_back(tx, new.user, new.now)?
    {
        return Err(Error::NoWorkspace);
    }
    tx.execute(
        "insert into session
             (hash, user, workspace, created, seen, proven, expires, address, agent, method)
         values (:hash, :user, :workspace, :now, :now, :now,
                 :now + coalesce((select longest from sign_in_rule
                                  where sign_in_rule.workspace = :workspace), :longest) * 3600000,
                 :address, :agent, :method)",
        named_params! {
            ":hash": new.hash,
            ":user": new.user,
            ":workspace": workspace,
            ":now": new.now.0,
            ":longest": Rules::LONGEST,
            ":address": new.address,
            ":agent": new.agent,
            ":method": new.method,
        },
    )
    .map_err(StoreError::from)?;
    tx.execute(
        "update user set entered = :now, address = :address, agent = :agent where id = :user",
        named_params! {
            ":user": new.user,
            ":now": new.now.0,
            ":address": new.address,
            ":agent": new.agent,
        },
    )
    .map_err(StoreError::from)?;
    if let Some(workspace) = workspace {
        let entered = Entered {
            now: new.now,
            address: new.address,
            agent: new.agent,
        };
        places::note_entry(tx, workspace, new.user, &entered)?;
    }
    Ok(())
}

/// Its owner is there again: it is unlocked, and fresh if they proved all they
/// can prove.
pub(in crate::people) fn prove_session(
    tx: &Transaction<'_>,
    user: UserId,
    hash: &[u8],
    now: Time,
    is_fresh: bool,
) -> Result<(), StoreError> {
    let proven = tx.execute(
        "update session set seen = :now, proven = iif(:is_fresh, :now, proven)
         where user = :user and hash = :hash",
        named_params! {
            ":user": user,
            ":hash": hash,
            ":now": now.0,
            ":is_fresh": is_fresh,
        },
    )?;
    if proven == 0 {
        return Err(StoreError::NotFound);
    }
    Ok(())
}

pub(in crate::people) fn touch_session(
    tx: &Transaction<'_>,
    hash: &[u8],
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update session set seen = :now where hash = :hash",
        named_params! { ":hash": hash, ":now": now.0 },
    )?;
    tx.execute(
        "update membership set seen = :now
         where (workspace, user) = (select workspace, user from session where hash = :hash)",
        named_params! { ":hash": hash, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::people) fn end_session(
    tx: &Transaction<'_>,
    user: UserId,
    hash: &[u8],
) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "delete from session where user = :user and hash = :hash",
        named_params! { ":user": user, ":hash": hash },
    )?)
}

/// Ends all of a user's sessions but the one to keep.
pub(in crate::people) fn end_sessions(
    tx: &Transaction<'_>,
    user: UserId,
    keep: &[u8],
) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "delete from session where user = :user and hash <> :keep",
        named_params! { ":user": user, ":keep": keep },
    )?)
}

/// Ends a user's sessions in one workspace.
pub(in crate::people) fn end_sessions_in(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "delete from session where user = :user and workspace = :workspace",
        named_params! { ":user": user, ":workspace": workspace },
    )?)
}

pub(in crate::people) fn sessions(
    conn: &Connection,
    user: UserId,
    now: Time,
    this: &[u8],
) -> Result<Vec<OpenSession>, StoreError> {
    let mut list = conn.prepare_cached(
        "select lower(hex(hash)) as id, hash = :this as is_this, created, seen, address, agent,
                method
         from session where user = :user and expires > :now order by seen desc",
    )?;
    let sessions = list.query_map(
        named_params! { ":user": user, ":now": now.0, ":this": this },
        |row| {
            Ok(OpenSession {
                id: row.get("id")?,
                created: Time(row.get("created")?),
                seen: Time(row.get("seen")?),
                address: row.get("address")?,
                agent: row.get("agent")?,
                method: row.get("method")?,
                is_this: row.get("is_this")?,
            })
        },
    )?;
    Ok(sessions.collect::<Result<_, _>>()?)
}
