//! Accounts, rules, keys of programs and stays, as the checks need them.

use crate::base::Time;
use crate::store::{Connection, Error, named_params};
use crate::trust::facts::{Account, Place, Program, Visit};

/// What holds where a workspace set nothing.
const IDLE: i64 = 15;
const LONGEST: i64 = 12;

/// When the first workspace was made.
pub(in crate::trust) fn founded(conn: &Connection) -> Result<Option<Time>, Error> {
    let first: Option<i64> =
        conn.query_row("select min(created) from workspace", [], |row| row.get(0))?;
    Ok(first.map(Time))
}

/// Everybody who may sign in.
pub(in crate::trust) fn accounts(conn: &Connection) -> Result<Vec<Account>, Error> {
    let mut list = conn.prepare_cached(
        "select user.id, user.email, user.created, user.entered, user.operator,
                exists (select 1 from membership
                        where membership.user = user.id and role = 'admin'
                          and disabled is null) as admin,
                exists (select 1 from totp where totp.user = user.id)
                or exists (select 1 from passkey where passkey.user = user.id) as factor
         from user where user.disabled is null order by user.email",
    )?;
    let accounts = list.query_map([], |row| {
        Ok(Account {
            id: row.get("id")?,
            email: row.get("email")?,
            created: Time(row.get("created")?),
            entered: row.get::<_, Option<i64>>("entered")?.map(Time),
            is_operator: row.get("operator")?,
            is_admin: row.get("admin")?,
            has_factor: row.get("factor")?,
        })
    })?;
    Ok(accounts.collect::<Result<_, _>>()?)
}

/// The rules of every open workspace.
pub(in crate::trust) fn places(conn: &Connection) -> Result<Vec<Place>, Error> {
    let mut list = conn.prepare_cached(
        "select workspace.name,
                coalesce(sign_in_rule.idle, :idle) as idle,
                coalesce(sign_in_rule.longest, :longest) as longest,
                (select group_concat(role, ' ') from factor_rule
                 where factor_rule.workspace = workspace.id) as roles,
                exists (select 1 from four_eyes
                        where four_eyes.workspace = workspace.id) as four_eyes
         from workspace left join sign_in_rule on sign_in_rule.workspace = workspace.id
         where workspace.closed is null order by workspace.name, workspace.id",
    )?;
    let values = named_params! { ":idle": IDLE, ":longest": LONGEST };
    let places = list.query_map(values, |row| {
        let roles: Option<String> = row.get("roles")?;
        let roles = roles.unwrap_or_default();
        Ok(Place {
            name: row.get("name")?,
            idle: row.get("idle")?,
            longest: row.get("longest")?,
            factor_roles: roles.split_whitespace().map(str::to_owned).collect(),
            four_eyes: row.get("four_eyes")?,
        })
    })?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// Keys of programs that open something.
pub(in crate::trust) fn programs(conn: &Connection, now: Time) -> Result<Vec<Program>, Error> {
    let mut list = conn.prepare_cached(
        "select api_key.name, networks, api_key.created, expires, used from api_key
         join user on user.id = api_key.created_by
         where revoked is null and expires > :now and user.disabled is null
         order by api_key.name, api_key.id",
    )?;
    let programs = list.query_map(named_params! { ":now": now.0 }, |row| {
        Ok(Program {
            name: row.get("name")?,
            has_networks: row.get::<_, Option<String>>("networks")?.is_some(),
            created: Time(row.get("created")?),
            expires: Time(row.get("expires")?),
            used: row.get::<_, Option<i64>>("used")?.map(Time),
        })
    })?;
    Ok(programs.collect::<Result<_, _>>()?)
}

/// Stays of operators that are open.
pub(in crate::trust) fn visits(conn: &Connection, now: Time) -> Result<Vec<Visit>, Error> {
    let mut list = conn.prepare_cached(
        "select user.email, workspace.name, access_grant.ends from access_grant
         join user on user.id = access_grant.user
         join workspace on workspace.id = access_grant.workspace
         where access_grant.ended is null and starts is not null and access_grant.ends > :now
         order by access_grant.ends",
    )?;
    let visits = list.query_map(named_params! { ":now": now.0 }, |row| {
        Ok(Visit {
            who: row.get(0)?,
            place: row.get(1)?,
            ends: Time(row.get(2)?),
        })
    })?;
    Ok(visits.collect::<Result<_, _>>()?)
}
