//! Sessions, and whom a session or a key belongs to.

use std::collections::BTreeMap;

use crate::base::Time;
use crate::journal::Via;
use crate::people::model::OpenSession;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, Row, Transaction, named_params,
};
use crate::web::{Person, Role, UserId, WorkspaceId};

/// A session about to be opened.
pub(in crate::people) struct NewSession<'a> {
    pub(in crate::people) hash: &'a [u8],
    pub(in crate::people) user: UserId,
    pub(in crate::people) now: Time,
    pub(in crate::people) expires: Time,
    pub(in crate::people) address: &'a str,
    pub(in crate::people) agent: &'a str,
}

/// Opens a session in the workspace the user joined first.
pub(in crate::people) fn add_session(
    tx: &Transaction<'_>,
    new: &NewSession<'_>,
) -> Result<(), StoreError> {
    let added = tx.execute(
        "insert into session (hash, user, workspace, created, seen, expires, address, agent)
         select :hash, :user, workspace, :now, :now, :expires, :address, :agent
         from membership where user = :user order by created limit 1",
        named_params! {
            ":hash": new.hash,
            ":user": new.user,
            ":now": new.now.0,
            ":expires": new.expires.0,
            ":address": new.address,
            ":agent": new.agent,
        },
    )?;
    if added == 0 {
        return Err(StoreError::NotFound);
    }
    Ok(())
}

/// Who holds the session, if it is alive: not expired, not idle since `idle`,
/// and its user neither disabled nor gone from the workspace. With it when it
/// was last seen.
pub(in crate::people) fn by_session(
    conn: &Connection,
    hash: &[u8],
    now: Time,
    idle: Time,
) -> Result<Option<(Person, Time)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name, user.email, user.operator, membership.role,
                workspace.id as workspace, workspace.name as workspace_name, session.seen
         from session
         join user on user.id = session.user
         join membership on membership.user = user.id
                        and membership.workspace = session.workspace
         join workspace on workspace.id = session.workspace
         where session.hash = :hash and session.expires > :now and session.seen > :idle
           and user.disabled is null",
    )?;
    let found = find.query_row(
        named_params! { ":hash": hash, ":now": now.0, ":idle": idle.0 },
        |row| Ok((person(row, Via::Web)?, Time(row.get("seen")?))),
    );
    Ok(found.optional()?)
}

/// A member of a workspace as they would be signed in; nobody who is disabled.
pub(in crate::people) fn as_member(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Person>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name, user.email, 0 as operator, membership.role,
                workspace.id as workspace, workspace.name as workspace_name
         from membership
         join user on user.id = membership.user
         join workspace on workspace.id = membership.workspace
         where membership.workspace = :workspace and membership.user = :user
           and user.disabled is null",
    )?;
    let found = find.query_row(
        named_params! { ":workspace": workspace, ":user": user },
        |row| person(row, Via::Web),
    );
    Ok(found.optional()?)
}

pub(in crate::people) fn by_key(
    conn: &Connection,
    hash: &[u8],
) -> Result<Option<Person>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name || ' (' || api_key.name || ')' as name, user.email,
                0 as operator, 'user' as role, workspace.id as workspace,
                workspace.name as workspace_name
         from api_key
         join user on user.id = api_key.created_by
         join membership on membership.user = user.id
                        and membership.workspace = api_key.workspace
         join workspace on workspace.id = api_key.workspace
         where api_key.hash = :hash and api_key.revoked is null and user.disabled is null",
    )?;
    let found = find.query_row(named_params! { ":hash": hash }, |row| person(row, Via::Api));
    Ok(found.optional()?)
}

fn person(row: &Row<'_>, via: Via) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        role: Role::named(&row.get::<_, String>("role")?).unwrap_or(Role::User),
        operator: row.get("operator")?,
        workspace: row.get("workspace")?,
        workspace_name: row.get("workspace_name")?,
        via,
        groups: Vec::new(),
        attributes: BTreeMap::new(),
    })
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
    Ok(())
}

pub(in crate::people) fn touch_key(
    tx: &Transaction<'_>,
    hash: &[u8],
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update api_key set used = :now where hash = :hash",
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

pub(in crate::people) fn sessions(
    conn: &Connection,
    user: UserId,
    now: Time,
    this: &[u8],
) -> Result<Vec<OpenSession>, StoreError> {
    let mut list = conn.prepare_cached(
        "select lower(hex(hash)) as id, hash = :this as is_this, created, seen, address, agent
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
                is_this: row.get("is_this")?,
            })
        },
    )?;
    Ok(sessions.collect::<Result<_, _>>()?)
}
