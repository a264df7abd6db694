//! Where a review finds what it tells.

use super::model::{DAYS, Detail, Key, Line, Opened, Session};
use crate::base::Time;
use crate::store::{Connection, Error, Row, named_params};
use crate::web::{UserId, WorkspaceId};

/// The first day a review looks at.
fn since(now: Time) -> i64 {
    now.0.div_euclid(Time::DAY) - DAYS
}

/// Every member of a workspace, and what they did there.
pub(super) fn members(
    conn: &Connection,
    workspace: WorkspaceId,
    now: Time,
) -> Result<Vec<Line>, Error> {
    let mut list = conn.prepare_cached(
        "select user.id, user.email, user.name, membership.role, user.operator,
                coalesce(membership.disabled, user.disabled) is not null as disabled,
                membership.entered, membership.address, membership.agent,
                (select count(*) from session
                 where session.user = user.id and session.workspace = :workspace
                   and session.expires > :now) as sessions,
                (select count(*) from api_key
                 where api_key.created_by = user.id and api_key.workspace = :workspace
                   and api_key.revoked is null) as keys,
                (select max(used) from api_key
                 where api_key.created_by = user.id
                   and api_key.workspace = :workspace) as key_used,
                (select coalesce(sum(count), 0) from refusal
                 where refusal.user = user.id and refusal.day > :since) as refusals,
                (select count(distinct app) from app_opening
                 where app_opening.workspace = :workspace and app_opening.user = user.id
                   and app_opening.day > :since) as apps
         from membership join user on user.id = membership.user
         where membership.workspace = :workspace and membership.joined is not null
         order by user.name, user.email",
    )?;
    let values = named_params! {
        ":workspace": workspace,
        ":now": now.0,
        ":since": since(now),
    };
    let lines = list.query_map(values, line)?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// Every account, and nothing of what is in the workspaces.
pub(super) fn accounts(conn: &Connection, now: Time) -> Result<Vec<Line>, Error> {
    let mut list = conn.prepare_cached(
        "select user.id, user.email, user.name, user.operator,
                cast((select count(*) from membership
                      where membership.user = user.id
                        and membership.joined is not null) as text) as role,
                user.disabled is not null as disabled,
                user.entered, user.address, user.agent,
                (select count(*) from session
                 where session.user = user.id and session.expires > :now) as sessions,
                (select count(*) from api_key
                 where api_key.created_by = user.id and api_key.revoked is null) as keys,
                (select max(used) from api_key where api_key.created_by = user.id) as key_used,
                (select coalesce(sum(count), 0) from refusal
                 where refusal.user = user.id and refusal.day > :since) as refusals,
                0 as apps
         from user order by user.name, user.email",
    )?;
    let lines = list.query_map(named_params! { ":now": now.0, ":since": since(now) }, line)?;
    Ok(lines.collect::<Result<_, _>>()?)
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        role: row.get("role")?,
        operator: row.get("operator")?,
        disabled: row.get("disabled")?,
        entered: row.get::<_, Option<i64>>("entered")?.map(Time),
        address: row.get("address")?,
        agent: row.get("agent")?,
        sessions: row.get("sessions")?,
        keys: row.get("keys")?,
        key_used: row.get::<_, Option<i64>>("key_used")?.map(Time),
        refusals: row.get("refusals")?,
        apps: row.get("apps")?,
    })
}

/// One member of the workspace, with all there is to tell.
pub(super) fn detail(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
    now: Time,
) -> Result<Detail, Error> {
    let lines = members(conn, workspace, now)?;
    let line = lines.into_iter().find(|line| line.id == user);
    Ok(Detail {
        line: line.ok_or(Error::NotFound)?,
        sessions: sessions(conn, workspace, user, now)?,
        keys: keys(conn, workspace, user)?,
        apps: apps(conn, workspace, user, now)?,
        refusals: refusals(conn, user, now)?,
    })
}

fn sessions(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
    now: Time,
) -> Result<Vec<Session>, Error> {
    let mut list = conn.prepare_cached(
        "select created, seen, address, agent from session
         where user = :user and workspace = :workspace and expires > :now order by seen desc",
    )?;
    let values = named_params! { ":user": user, ":workspace": workspace, ":now": now.0 };
    let sessions = list.query_map(values, |row| {
        Ok(Session {
            created: Time(row.get("created")?),
            seen: Time(row.get("seen")?),
            address: row.get("address")?,
            agent: row.get("agent")?,
        })
    })?;
    Ok(sessions.collect::<Result<_, _>>()?)
}

fn keys(conn: &Connection, workspace: WorkspaceId, user: UserId) -> Result<Vec<Key>, Error> {
    let mut list = conn.prepare_cached(
        "select name, prefix, created, used from api_key
         where created_by = :user and workspace = :workspace and revoked is null
         order by created desc",
    )?;
    let keys = list.query_map(
        named_params! { ":user": user, ":workspace": workspace },
        |row| {
            Ok(Key {
                name: row.get("name")?,
                prefix: row.get("prefix")?,
                created: Time(row.get("created")?),
                used: row.get::<_, Option<i64>>("used")?.map(Time),
            })
        },
    )?;
    Ok(keys.collect::<Result<_, _>>()?)
}

fn apps(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
    now: Time,
) -> Result<Vec<Opened>, Error> {
    let mut list = conn.prepare_cached(
        "select app, count(*) as days, max(day) as last from app_opening
         where workspace = :workspace and user = :user and day > :since
         group by app order by last desc, app",
    )?;
    let values = named_params! { ":workspace": workspace, ":user": user, ":since": since(now) };
    let apps = list.query_map(values, |row| {
        Ok(Opened {
            app: row.get("app")?,
            days: row.get("days")?,
            last: Time(row.get::<_, i64>("last")? * Time::DAY),
        })
    })?;
    Ok(apps.collect::<Result<_, _>>()?)
}

fn refusals(conn: &Connection, user: UserId, now: Time) -> Result<Vec<(Time, i64)>, Error> {
    let mut list = conn.prepare_cached(
        "select day, count from refusal where user = :user and day > :since order by day desc",
    )?;
    let days = list.query_map(
        named_params! { ":user": user, ":since": since(now) },
        |row| {
            Ok((
                Time(row.get::<_, i64>("day")? * Time::DAY),
                row.get("count")?,
            ))
        },
    )?;
    Ok(days.collect::<Result<_, _>>()?)
}
