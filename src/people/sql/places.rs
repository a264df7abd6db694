//! Which workspaces are open to whom, and as what.

use crate::base::Time;
use crate::journal::Via;
use crate::people::factors::Rules;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, Row, Transaction, named_params,
};
use crate::web::{Grant, Person, Role, UserId, Whereabouts, WorkspaceId};

/// How long a request to come in waits for somebody to agree.
const WAITS: i64 = Time::DAY;

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

/// Alerts nobody has looked at: of one workspace, or of all and of the server.
fn open_alerts(conn: &Connection, of: Option<WorkspaceId>) -> Result<u32, StoreError> {
    let mut count = conn.prepare_cached(
        "select count(*) from alert
         where state = 'open' and (:of is null or workspace = :of)",
    )?;
    Ok(count.query_row(named_params! { ":of": of }, |row| row.get(0))?)
}

/// Who holds the session, if it is alive: it has not ended, by its own time or
/// by the workspace's rule, and its user is not disabled. It may be locked.
/// Somebody whose workspace is closed to them stays signed in as an outsider,
/// as long as they have anywhere to go.
pub(in crate::people) fn by_session(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Option<Live>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name, user.email, user.operator,
                workspace.id as workspace, workspace.name as workspace_name,
                coalesce(belonging.role, access_grant.role) as role,
                access_grant.id as grant_id, access_grant.ends as grant_ends,
                session.seen, session.proven, session.method,
                coalesce(sign_in_rule.idle, :idle) as idle,
                user.password is not null as has_password,
                exists (select 1 from totp where totp.user = user.id)
                    or exists (select 1 from passkey where passkey.user = user.id) as has_factor,
                user.operator = 1 or coalesce(belonging.role, '') = 'admin' or exists (
                    select 1 from factor_rule
                    where factor_rule.workspace = belonging.workspace
                      and factor_rule.role = belonging.role) as must_have_factor,
                belonging.groups, belonging.attributes
         from session
         join user on user.id = session.user
         left join workspace on workspace.id = session.workspace and workspace.closed is null
         left join belonging on belonging.user = user.id
                             and belonging.workspace = workspace.id
                             and belonging.joined is not null and belonging.disabled is null
         left join access_grant on access_grant.user = user.id
                               and access_grant.workspace = workspace.id
                               and belonging.role is null and user.operator = 1
                               and access_grant.ended is null
                               and access_grant.starts is not null and access_grant.ends > :now
         left join sign_in_rule on sign_in_rule.workspace = session.workspace
         where session.hash = :hash and session.expires > :now
           and session.created + coalesce(sign_in_rule.longest, :longest) * 3600000 > :now
           and user.disabled is null",
    )?;
    let values = named_params! {
        ":hash": hash,
        ":now": now.0,
        ":idle": Rules::IDLE,
        ":longest": Rules::LONGEST,
    };
    let Some(mut live) = find.query_row(values, live).optional()? else {
        return Ok(None);
    };
    let person = &mut live.person;
    person.whereabouts.places = places(conn, person.id, now)?;
    if person.is_outside()
        && !person.operator
        && person.whereabouts.places.is_empty()
        && !may_take_back(conn, person.id, now)?
    {
        return Ok(None);
    }
    if person.role == Role::Admin {
        person.whereabouts.visits = visits(conn, person.workspace, now)?;
        person.whereabouts.alerts_here = open_alerts(conn, Some(person.workspace))?;
    }
    if person.operator {
        person.whereabouts.alerts = open_alerts(conn, None)?;
    }
    Ok(Some(live))
}

fn live(row: &Row<'_>) -> rusqlite::Result<Live> {
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
}

pub(in crate::people) fn by_key(
    conn: &Connection,
    hash: &[u8],
) -> Result<Option<Person>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name || ' (' || api_key.name || ')' as name, user.email,
                0 as operator,
                case belonging.role when 'auditor' then 'auditor' else 'user' end as role,
                workspace.id as workspace, workspace.name as workspace_name,
                null as grant_id, null as grant_ends,
                belonging.groups, belonging.attributes
         from api_key
         join user on user.id = api_key.created_by
         join belonging on belonging.user = user.id
                        and belonging.workspace = api_key.workspace
         join workspace on workspace.id = api_key.workspace
         where api_key.hash = :hash and api_key.revoked is null and user.disabled is null
           and belonging.joined is not null and belonging.disabled is null
           and workspace.closed is null",
    )?;
    let found = find.query_row(named_params! { ":hash": hash }, |row| person(row, Via::Api));
    Ok(found.optional()?)
}

/// A member of a workspace as they would be signed in; nobody who is disabled.
pub(in crate::people) fn as_member(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Person>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id, user.name, user.email, 0 as operator, belonging.role,
                workspace.id as workspace, workspace.name as workspace_name,
                null as grant_id, null as grant_ends,
                belonging.groups, belonging.attributes
         from belonging
         join user on user.id = belonging.user
         join workspace on workspace.id = belonging.workspace
         where belonging.workspace = :workspace and belonging.user = :user
           and belonging.joined is not null and belonging.disabled is null
           and user.disabled is null and workspace.closed is null",
    )?;
    let found = find.query_row(
        named_params! { ":workspace": workspace, ":user": user },
        |row| person(row, Via::Web),
    );
    Ok(found.optional()?)
}

fn person(row: &Row<'_>, via: Via) -> rusqlite::Result<Person> {
    let role: Option<String> = row.get("role")?;
    // Roles this build does not know are the least there is.
    let role = role.map(|role| Role::named(&role).unwrap_or(Role::User));
    let workspace: Option<WorkspaceId> = row.get("workspace")?;
    let (workspace, role) = workspace
        .zip(role)
        .unwrap_or((WorkspaceId(uuid::Uuid::nil()), Role::Outsider));
    let grant = row.get::<_, Option<String>>("grant_id")?;
    let ends = row.get::<_, Option<i64>>("grant_ends")?;
    let name: Option<String> = row.get("workspace_name")?;
    Ok(Person {
        id: row.get("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        role,
        operator: row.get("operator")?,
        workspace,
        workspace_name: name
            .filter(|_| role != Role::Outsider)
            .unwrap_or_else(|| "No workspace".to_owned()),
        via,
        groups: parts(row.get("groups")?)?,
        attributes: parts(row.get("attributes")?)?,
        whereabouts: Whereabouts {
            grant: grant.zip(ends).map(|(id, ends)| Grant {
                id,
                ends: Time(ends),
            }),
            ..Whereabouts::default()
        },
    })
}

/// What SQLite put together as JSON: nothing for who is no member, and empty
/// for most people.
fn parts<T: Default + serde::de::DeserializeOwned>(json: Option<String>) -> rusqlite::Result<T> {
    let Some(json) = json.filter(|json| json.len() > 2) else {
        return Ok(T::default());
    };
    serde_json::from_str(&json).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
    })
}

/// An admin of a closed workspace comes in to take its data back, while it is there.
pub(super) fn may_take_back(
    conn: &Connection,
    user: UserId,
    now: Time,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select exists (
           select 1 from membership join workspace on workspace.id = membership.workspace
           where membership.user = :user and membership.role = 'admin'
             and membership.joined is not null and membership.disabled is null
             and workspace.closed is not null and workspace.purge > :now)",
    )?;
    let values = named_params! { ":user": user, ":now": now.0 };
    Ok(find.query_row(values, |row| row.get(0))?)
}

/// The workspaces open to them, by name.
pub(in crate::people) fn places(
    conn: &Connection,
    user: UserId,
    now: Time,
) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
    let mut list = conn.prepare_cached(
        "select workspace.id, workspace.name
         from membership join workspace on workspace.id = membership.workspace
         where membership.user = :user and membership.joined is not null
           and membership.disabled is null and workspace.closed is null
         union
         select workspace.id, workspace.name
         from access_grant join workspace on workspace.id = access_grant.workspace
         join user on user.id = access_grant.user and user.operator = 1
         where access_grant.user = :user and access_grant.ended is null
           and access_grant.starts is not null and access_grant.ends > :now
           and workspace.closed is null
         order by 2, 1",
    )?;
    let places = list.query_map(named_params! { ":user": user, ":now": now.0 }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// How many operators are in the workspace on a grant, or wait to be let in.
fn visits(conn: &Connection, workspace: WorkspaceId, now: Time) -> Result<u32, StoreError> {
    let mut count = conn.prepare_cached(
        "select count(*) from access_grant
         where workspace = :workspace and ended is null
           and (ends > :now or (ends is null and asked > :asked))",
    )?;
    let values = named_params! {
        ":workspace": workspace,
        ":now": now.0,
        ":asked": now.plus(-WAITS).0,
    };
    Ok(count.query_row(values, |row| row.get(0))?)
}

/// Where somebody who signs in begins: the workspace they joined first.
pub(super) fn first_place(
    conn: &Connection,
    user: UserId,
) -> Result<Option<WorkspaceId>, StoreError> {
    let mut find = conn.prepare_cached(
        "select membership.workspace
         from membership join workspace on workspace.id = membership.workspace
         where membership.user = :user and membership.joined is not null
           and membership.disabled is null and workspace.closed is null
         order by membership.created, membership.workspace limit 1",
    )?;
    let found = find.query_row(named_params! { ":user": user }, |row| row.get(0));
    Ok(found.optional()?)
}

pub(super) fn is_operator(conn: &Connection, user: UserId) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached("select operator from user where id = :user")?;
    Ok(find.query_row(named_params! { ":user": user }, |row| row.get(0))?)
}

/// Takes the session to another workspace. `false`: there is no such session.
pub(in crate::people) fn go(
    tx: &Transaction<'_>,
    session: &[u8],
    user: UserId,
    to: Option<WorkspaceId>,
) -> Result<bool, StoreError> {
    let went = tx.execute(
        "update session set workspace = :to where hash = :hash and user = :user",
        named_params! { ":hash": session, ":user": user, ":to": to },
    )?;
    Ok(went == 1)
}

/// Where somebody came in from.
pub(in crate::people) struct Entered<'a> {
    pub(in crate::people) now: Time,
    pub(in crate::people) address: &'a str,
    pub(in crate::people) agent: &'a str,
}

/// Keeps that somebody came into the workspace, for whoever reviews it.
pub(in crate::people) fn note_entry(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    entered: &Entered<'_>,
) -> Result<(), StoreError> {
    tx.execute(
        "update membership set entered = :now, seen = :now, address = :address, agent = :agent
         where workspace = :workspace and user = :user",
        named_params! {
            ":workspace": workspace,
            ":user": user,
            ":now": entered.now.0,
            ":address": entered.address,
            ":agent": entered.agent,
        },
    )?;
    Ok(())
}

/// Of the users and grants named, those that have no business going on.
pub(in crate::people) fn ended(
    conn: &Connection,
    names: &[String],
    now: Time,
    never_locks: bool,
) -> Result<Vec<String>, StoreError> {
    let names = serde_json::Value::from(names.to_vec()).to_string();
    let mut list = conn.prepare_cached(
        "select user.id from user join json_each(:names) as named on named.value = user.id
         where user.disabled is not null
         union
         select access_grant.id
         from access_grant join json_each(:names) as named on named.value = access_grant.id
         join user on user.id = access_grant.user
         where access_grant.ended is not null or access_grant.ends <= :now or user.operator = 0
         union
         select workspace.id
         from workspace join json_each(:names) as named on named.value = workspace.id
         where workspace.closed is not null
         union
         select named.value from json_each(:names) as named
         where named.value like 'session/%' and named.value not in (
             select 'session/' || lower(hex(substr(session.hash, 1, 6)))
                 || '/' || session.workspace || '/' || session.user
             from session
             left join sign_in_rule on sign_in_rule.workspace = session.workspace
             where session.workspace is not null and session.expires > :now
               and session.created + coalesce(sign_in_rule.longest, :longest) * 3600000 > :now
               and (:never_locks
                    or session.seen + coalesce(sign_in_rule.idle, :idle) * 60000 > :now))",
    )?;
    let values = named_params! {
        ":names": names,
        ":now": now.0,
        ":never_locks": never_locks,
        ":idle": Rules::IDLE,
        ":longest": Rules::LONGEST,
    };
    let ended = list.query_map(values, |row| row.get(0))?;
    Ok(ended.collect::<Result<_, _>>()?)
}
