//! Sessions, and whom a session or a key belongs to.

use crate::base::Time;
use crate::journal::Via;
use crate::people::factors::Rules;
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
    pub(in crate::people) address: &'a str,
    pub(in crate::people) agent: &'a str,
    /// How its owner came in: `password+app`.
    pub(in crate::people) method: &'a str,
}

/// A session that is alive.
pub(in crate::people) struct Live {
    pub(in crate::people) person: Person,
    pub(in crate::people) seen: Time,
    /// When its owner last proved who they are.
    pub(in crate::people) proven: Time,
    pub(in crate::people) method: String,
    /// Minutes without use after which it locks.
    pub(in crate::people) idle: i64,
    pub(in crate::people) must_have_factor: bool,
    pub(in crate::people) has_factor: bool,
    pub(in crate::people) has_password: bool,
}

/// Opens a session in the workspace the user joined first.
pub(in crate::people) fn add_session(
    tx: &Transaction<'_>,
    new: &NewSession<'_>,
) -> Result<(), StoreError> {
    let added = tx.execute(
        "insert into session
             (hash, user, workspace, created, seen, proven, expires, address, agent, method)
         select :hash, :user, membership.workspace, :now, :now, :now,
                :now + coalesce(sign_in_rule.longest, :longest) * 3600000,
                :address, :agent, :method
         from membership
         left join sign_in_rule on sign_in_rule.workspace = membership.workspace
         where user = :user order by membership.created limit 1",
        named_params! {
            ":hash": new.hash,
            ":user": new.user,
            ":now": new.now.0,
            ":longest": Rules::LONGEST,
            ":address": new.address,
            ":agent": new.agent,
            ":method": new.method,
        },
    )?;
    if added == 0 {
        return Err(StoreError::NotFound);
    }
    Ok(())
}

/// Who holds the session, if it is alive: it has not ended, by its own time or
/// by the workspace's rule, and its user is neither disabled nor gone from the
/// workspace. It may be locked.
pub(in crate::people) fn by_session(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Option<Live>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name, user.email, user.operator, membership.role,
                workspace.id as workspace, workspace.name as workspace_name,
                session.seen, session.proven, session.method,
                coalesce(sign_in_rule.idle, :idle) as idle,
                user.password is not null as has_password,
                exists (select 1 from totp where totp.user = user.id)
                    or exists (select 1 from passkey where passkey.user = user.id) as has_factor,
                user.operator or membership.role = 'admin' or exists (
                    select 1 from factor_rule
                    where factor_rule.workspace = membership.workspace
                      and factor_rule.role = membership.role) as must_have_factor,
                (select json_group_array(name) from (
                     select people_group.name from people_group_member
                     join people_group on people_group.id = people_group_member.people_group
                     where people_group_member.user = user.id
                       and people_group.workspace = workspace.id
                     order by people_group.name)) as groups,
                (select json_group_object(name, value) from attribute
                 where attribute.workspace = workspace.id
                   and attribute.user = user.id) as attributes
         from session
         join user on user.id = session.user
         join membership on membership.user = user.id
                        and membership.workspace = session.workspace
         join workspace on workspace.id = session.workspace
         left join sign_in_rule on sign_in_rule.workspace = session.workspace
         where session.hash = :hash and session.expires > :now
           and session.created + coalesce(sign_in_rule.longest, :longest) * 3600000 > :now
           and user.disabled is null",
    )?;
    let found = find.query_row(
        named_params! {
            ":hash": hash,
            ":now": now.0,
            ":idle": Rules::IDLE,
            ":longest": Rules::LONGEST,
        },
        |row| {
            Ok(Live {
                person: person(row, Via::Web)?,
                seen: Time(row.get("seen")?),
                proven: Time(row.get("proven")?),
                method: row.get("method")?,
                idle: row.get("idle")?,
                must_have_factor: row.get("must_have_factor")?,
                has_factor: row.get("has_factor")?,
                has_password: row.get("has_password")?,
            })
        },
    );
    Ok(found.optional()?)
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

/// A member of a workspace as they would be signed in; nobody who is disabled.
pub(in crate::people) fn as_member(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Person>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name, user.email, 0 as operator, membership.role,
                workspace.id as workspace, workspace.name as workspace_name,
                (select json_group_array(name) from (
                     select people_group.name from people_group_member
                     join people_group on people_group.id = people_group_member.people_group
                     where people_group_member.user = user.id
                       and people_group.workspace = workspace.id
                     order by people_group.name)) as groups,
                (select json_group_object(name, value) from attribute
                 where attribute.workspace = workspace.id
                   and attribute.user = user.id) as attributes
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
                0 as operator,
                case membership.role when 'auditor' then 'auditor' else 'user' end as role,
                workspace.id as workspace, workspace.name as workspace_name,
                (select json_group_array(name) from (
                     select people_group.name from people_group_member
                     join people_group on people_group.id = people_group_member.people_group
                     where people_group_member.user = user.id
                       and people_group.workspace = workspace.id
                     order by people_group.name)) as groups,
                (select json_group_object(name, value) from attribute
                 where attribute.workspace = workspace.id
                   and attribute.user = user.id) as attributes
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
        groups: parts(&row.get::<_, String>("groups")?)?,
        attributes: parts(&row.get::<_, String>("attributes")?)?,
    })
}

/// What SQLite put together as JSON. Most people are in no group and have no
/// attribute.
fn parts<T: Default + serde::de::DeserializeOwned>(json: &str) -> rusqlite::Result<T> {
    if json.len() == 2 {
        return Ok(T::default());
    }
    serde_json::from_str(json).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
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
