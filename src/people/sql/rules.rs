//! A workspace's rules about signing in.

use crate::people::factors::Rules;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::{Role, UserId, WorkspaceId};

pub(in crate::people) fn rules(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Rules, StoreError> {
    let mut find =
        conn.prepare_cached("select idle, longest from sign_in_rule where workspace = :workspace")?;
    let found = find
        .query_row(named_params! { ":workspace": workspace }, |row| {
            Ok((row.get("idle")?, row.get("longest")?))
        })
        .optional()?;
    let mut list =
        conn.prepare_cached("select role from factor_rule where workspace = :workspace")?;
    let names = list.query_map(named_params! { ":workspace": workspace }, |row| {
        row.get::<_, String>(0)
    })?;
    let names = names.collect::<Result<Vec<_>, _>>()?;
    let mut rules = Rules {
        roles: names.iter().filter_map(|name| Role::named(name)).collect(),
        ..Rules::default()
    };
    if let Some((idle, longest)) = found {
        rules.idle = idle;
        rules.longest = longest;
    }
    Ok(rules)
}

pub(in crate::people) fn set_times(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    rules: &Rules,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into sign_in_rule (workspace, idle, longest) values (:workspace, :idle, :longest)
         on conflict (workspace) do update set idle = excluded.idle, longest = excluded.longest",
        named_params! {
            ":workspace": workspace,
            ":idle": rules.idle,
            ":longest": rules.longest,
        },
    )?;
    Ok(())
}

pub(in crate::people) fn clear_factor_rules(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from factor_rule where workspace = :workspace",
        named_params! { ":workspace": workspace },
    )?;
    Ok(())
}

pub(in crate::people) fn add_factor_rule(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    role: Role,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into factor_rule (workspace, role) values (:workspace, :role)",
        named_params! { ":workspace": workspace, ":role": role.name() },
    )?;
    Ok(())
}

/// Whether a user must have a second factor, in any workspace they are in.
pub(in crate::people) fn must_have_factor(
    conn: &Connection,
    user: UserId,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select exists (
             select 1 from user where id = :user and operator = 1
         ) or exists (
             select 1 from membership
             where user = :user and (role = 'admin' or exists (
                 select 1 from factor_rule
                 where factor_rule.workspace = membership.workspace
                   and factor_rule.role = membership.role))
         )",
    )?;
    Ok(find.query_row(named_params! { ":user": user }, |row| row.get(0))?)
}
