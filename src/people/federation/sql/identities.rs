//! Who came by a method, and what it gave them.

use crate::base::Time;
use crate::people::federation::model::MethodId;
use crate::people::model::Email;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::{Role, UserId, WorkspaceId};

pub(in crate::people::federation) fn identity(
    conn: &Connection,
    method: MethodId,
    subject: &str,
) -> Result<Option<UserId>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user from identity where method = :method and subject = :subject",
    )?;
    let found = find.query_row(
        named_params! { ":method": method, ":subject": subject },
        |row| row.get("user"),
    );
    Ok(found.optional()?)
}

pub(in crate::people::federation) fn add_identity(
    tx: &Transaction<'_>,
    method: MethodId,
    subject: &str,
    user: UserId,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into identity (method, subject, user, created, seen)
         values (:method, :subject, :user, :now, :now)",
        named_params! { ":method": method, ":subject": subject, ":user": user, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::people::federation) fn saw(
    tx: &Transaction<'_>,
    method: MethodId,
    subject: &str,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "update identity set seen = :now where method = :method and subject = :subject",
        named_params! { ":method": method, ":subject": subject, ":now": now.0 },
    )?;
    Ok(())
}

/// Whose account that address is, and whether they are an operator.
pub(in crate::people::federation) fn owner_of(
    conn: &Connection,
    email: &Email,
) -> Result<Option<(UserId, bool)>, StoreError> {
    let mut find = conn.prepare_cached("select id, operator from user where email = :email")?;
    let found = find.query_row(named_params! { ":email": email.as_str() }, |row| {
        Ok((row.get("id")?, row.get("operator")?))
    });
    Ok(found.optional()?)
}

/// Nothing is open to them: the account is disabled, or they are shut out of all
/// their workspaces or these are closed.
pub(in crate::people::federation) fn is_shut(
    conn: &Connection,
    user: UserId,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select disabled is not null or (
                    operator = 0
                    and exists (select 1 from membership where membership.user = user.id)
                    and not exists (
                        select 1 from membership
                        join workspace on workspace.id = membership.workspace
                        where membership.user = user.id and membership.disabled is null
                          and workspace.closed is null)) as shut
         from user where id = :user",
    )?;
    Ok(find.query_row(named_params! { ":user": user }, |row| row.get("shut"))?)
}

/// The memberships that method gave, with their roles.
pub(in crate::people::federation) fn given(
    conn: &Connection,
    method: MethodId,
    user: UserId,
) -> Result<Vec<(WorkspaceId, Role)>, StoreError> {
    let mut list = conn.prepare_cached(
        "select membership.workspace, membership.role
         from given_membership
         join membership on membership.workspace = given_membership.workspace
                        and membership.user = given_membership.user
         where given_membership.method = :method and given_membership.user = :user",
    )?;
    let found = list.query_map(named_params! { ":method": method, ":user": user }, |row| {
        let role: String = row.get("role")?;
        Ok((
            row.get("workspace")?,
            Role::named(&role).unwrap_or(Role::User),
        ))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Makes the membership and notes who gave it; `false`: it was there. Whoever
/// was invited by hand has joined with that.
pub(in crate::people::federation) fn give(
    tx: &Transaction<'_>,
    method: MethodId,
    user: UserId,
    place: (WorkspaceId, Role),
    now: Time,
) -> Result<bool, StoreError> {
    let made = tx.execute(
        "insert or ignore into membership (workspace, user, role, created, joined)
         values (:workspace, :user, :role, :now, :now)",
        named_params! {
            ":workspace": place.0,
            ":user": user,
            ":role": place.1.name(),
            ":now": now.0,
        },
    )?;
    if made == 0 {
        tx.execute(
            "update membership set joined = :now
             where workspace = :workspace and user = :user and joined is null",
            named_params! { ":workspace": place.0, ":user": user, ":now": now.0 },
        )?;
        return Ok(false);
    }
    tx.execute(
        "insert or ignore into given_membership (method, workspace, user)
         values (:method, :workspace, :user)",
        named_params! { ":method": method, ":workspace": place.0, ":user": user },
    )?;
    Ok(true)
}

/// Takes back a membership that the method gave. Whoever an admin shut out
/// stays on the list, so that the method does not let them in again.
pub(in crate::people::federation) fn take(
    tx: &Transaction<'_>,
    method: MethodId,
    user: UserId,
    workspace: WorkspaceId,
) -> Result<(), StoreError> {
    let noted = tx.execute(
        "delete from given_membership
         where method = :method and workspace = :workspace and user = :user",
        named_params! { ":method": method, ":workspace": workspace, ":user": user },
    )?;
    if noted > 0 {
        tx.execute(
            "delete from membership
             where workspace = :workspace and user = :user and disabled is null",
            named_params! { ":workspace": workspace, ":user": user },
        )?;
    }
    Ok(())
}

pub(in crate::people::federation) fn given_groups(
    conn: &Connection,
    method: MethodId,
    user: UserId,
) -> Result<Vec<String>, StoreError> {
    let mut list = conn.prepare_cached(
        "select people_group from given_group where method = :method and user = :user",
    )?;
    let found = list.query_map(named_params! { ":method": method, ":user": user }, |row| {
        row.get("people_group")
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whose group it is.
pub(in crate::people::federation) fn workspace_of(
    conn: &Connection,
    group: &str,
) -> Result<WorkspaceId, StoreError> {
    let mut find = conn.prepare_cached("select workspace from people_group where id = :group")?;
    Ok(find.query_row(named_params! { ":group": group }, |row| {
        row.get("workspace")
    })?)
}

pub(in crate::people::federation) fn give_group(
    tx: &Transaction<'_>,
    method: MethodId,
    user: UserId,
    group: &str,
    now: Time,
) -> Result<bool, StoreError> {
    let made = tx.execute(
        "insert or ignore into people_group_member (people_group, user, added)
         values (:group, :user, :now)",
        named_params! { ":group": group, ":user": user, ":now": now.0 },
    )?;
    if made > 0 {
        tx.execute(
            "insert or ignore into given_group (method, people_group, user)
             values (:method, :group, :user)",
            named_params! { ":method": method, ":group": group, ":user": user },
        )?;
    }
    Ok(made > 0)
}

pub(in crate::people::federation) fn take_group(
    tx: &Transaction<'_>,
    method: MethodId,
    user: UserId,
    group: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from given_group
         where method = :method and people_group = :group and user = :user",
        named_params! { ":method": method, ":group": group, ":user": user },
    )?;
    tx.execute(
        "delete from people_group_member where people_group = :group and user = :user",
        named_params! { ":group": group, ":user": user },
    )?;
    Ok(())
}
