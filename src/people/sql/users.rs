//! People, their workspaces and what they are there.

use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, Row, Transaction, named_params,
};
use crate::web::{Role, UserId, WorkspaceId};

use crate::people::model::{Email, Error, Member, NewUser};

pub(in crate::people) fn add_workspace(
    tx: &Transaction<'_>,
    id: WorkspaceId,
    name: &str,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into workspace (id, name, created) values (:id, :name, :now)",
        named_params! { ":id": id, ":name": name, ":now": now.0 },
    )?;
    Ok(())
}

/// The workspace that was made first: where the command line adds people.
pub(in crate::people) fn first_workspace(conn: &Connection) -> Result<WorkspaceId, StoreError> {
    Ok(conn.query_row(
        "select id from workspace order by created, id limit 1",
        [],
        |row| row.get(0),
    )?)
}

pub(in crate::people) fn add_user(
    tx: &Transaction<'_>,
    id: UserId,
    new: &NewUser,
    password: Option<&str>,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into user (id, email, name, password, operator, created)
         values (:id, :email, :name, :password, :operator, :now)",
        named_params! {
            ":id": id,
            ":email": new.email.as_str(),
            ":name": new.name,
            ":password": password,
            ":operator": new.operator,
            ":now": now.0,
        },
    )
    .on_taken("user.email", Error::EmailTaken)?;
    Ok(())
}

/// Adds somebody to a workspace. They are in it once they take up an invitation.
pub(in crate::people) fn add_membership(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    new: &NewUser,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into membership (workspace, user, role, called, created)
         values (:workspace, :user, :role, :called, :now)",
        named_params! {
            ":workspace": workspace,
            ":user": user,
            ":role": new.role.name(),
            ":called": new.name,
            ":now": now.0,
        },
    )
    .on_taken("membership.workspace, membership.user", Error::EmailTaken)?;
    Ok(())
}

/// The user of that name and what is kept of their password.
pub(in crate::people) fn credentials(
    conn: &Connection,
    email: &str,
) -> Result<Option<(UserId, Option<String>)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select id, password from user where email = :email and disabled is null",
    )?;
    let found = find.query_row(named_params! { ":email": email }, |row| {
        Ok((row.get("id")?, row.get("password")?))
    });
    Ok(found.optional()?)
}

pub(in crate::people) fn id_of(conn: &Connection, email: &Email) -> Result<UserId, Error> {
    conn.query_row(
        "select id from user where email = :email",
        named_params! { ":email": email.as_str() },
        |row| row.get(0),
    )
    .optional()
    .map_err(StoreError::from)?
    .ok_or(Error::Nobody)
}

/// The address and the name of a user.
pub(in crate::people) fn called(
    conn: &Connection,
    user: UserId,
) -> Result<(String, String), StoreError> {
    let mut find = conn.prepare_cached("select email, name from user where id = :user")?;
    Ok(find.query_row(named_params! { ":user": user }, |row| {
        Ok((row.get("email")?, row.get("name")?))
    })?)
}

/// The workspace a user comes into: the one they joined first.
pub(in crate::people) fn home(
    conn: &Connection,
    user: UserId,
) -> Result<Option<String>, StoreError> {
    let mut find = conn.prepare_cached(
        "select workspace from membership
         where user = :user and joined is not null and disabled is null
         order by created limit 1",
    )?;
    let home = find.query_row(named_params! { ":user": user }, |row| row.get(0));
    Ok(home.optional()?)
}

pub(in crate::people) fn set_password(
    tx: &Transaction<'_>,
    user: UserId,
    hash: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update user set password = :hash where id = :user",
        named_params! { ":user": user, ":hash": hash },
    )?;
    Ok(())
}

pub(in crate::people) fn set_name(
    tx: &Transaction<'_>,
    user: UserId,
    name: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update user set name = :name where id = :user",
        named_params! { ":user": user, ":name": name },
    )?;
    Ok(())
}

pub(in crate::people) fn set_disabled(
    tx: &Transaction<'_>,
    user: UserId,
    at: Option<Time>,
) -> Result<(), StoreError> {
    tx.execute(
        "update user set disabled = :at where id = :user",
        named_params! { ":user": user, ":at": at.map(|at| at.0) },
    )?;
    Ok(())
}

/// Whether an account is shut out, and whether it is an operator's.
pub(in crate::people) fn standing(
    conn: &Connection,
    user: UserId,
) -> Result<(bool, bool), StoreError> {
    let mut find = conn.prepare_cached(
        "select disabled is not null as disabled, operator from user where id = :user",
    )?;
    Ok(find.query_row(named_params! { ":user": user }, |row| {
        Ok((row.get("disabled")?, row.get("operator")?))
    })?)
}

pub(in crate::people) fn set_role(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    role: Role,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "update membership set role = :role where workspace = :workspace and user = :user",
        named_params! { ":workspace": workspace, ":user": user, ":role": role.name() },
    )?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    Ok(())
}

/// Shuts the member out of that workspace, or lets them in again.
pub(in crate::people) fn set_member_disabled(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    at: Option<Time>,
) -> Result<(), StoreError> {
    tx.execute(
        "update membership set disabled = :at where workspace = :workspace and user = :user",
        named_params! { ":workspace": workspace, ":user": user, ":at": at.map(|at| at.0) },
    )?;
    Ok(())
}

/// The open workspaces where that person is an admin who can sign in.
pub(in crate::people) fn ruled_by(
    conn: &Connection,
    user: UserId,
) -> Result<Vec<WorkspaceId>, StoreError> {
    let mut list = conn.prepare_cached(
        "select membership.workspace from membership
         join workspace on workspace.id = membership.workspace
         join user on user.id = membership.user
         where membership.user = :user and membership.role = 'admin'
           and membership.joined is not null and membership.disabled is null
           and user.disabled is null and workspace.closed is null",
    )?;
    let ruled = list.query_map(named_params! { ":user": user }, |row| row.get(0))?;
    Ok(ruled.collect::<Result<_, _>>()?)
}

pub(in crate::people) fn set_operator(
    tx: &Transaction<'_>,
    user: UserId,
    is_operator: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "update user set operator = :operator where id = :user",
        named_params! { ":user": user, ":operator": is_operator },
    )?;
    Ok(())
}

/// Operators who can still sign in.
pub(in crate::people) fn count_operators(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row(
        "select count(*) from user where operator = 1 and disabled is null",
        [],
        |row| row.get(0),
    )?)
}

/// Admins of the workspace who can still sign in.
pub(in crate::people) fn count_admins(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<i64, StoreError> {
    Ok(conn.query_row(
        "select count(*) from membership join user on user.id = membership.user
         where membership.workspace = :workspace and membership.role = 'admin'
           and membership.joined is not null and membership.disabled is null
           and user.disabled is null",
        named_params! { ":workspace": workspace },
        |row| row.get(0),
    )?)
}

pub(in crate::people) fn members(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Member>, StoreError> {
    let mut list = conn.prepare_cached(
        "select user.id, user.email, user.operator,
                case when membership.joined is null and membership.called <> ''
                     then membership.called else user.name end as name,
                coalesce(membership.disabled, user.disabled) as disabled,
                membership.joined is not null as joined, membership.role, membership.seen
         from membership join user on user.id = membership.user
         where membership.workspace = :workspace
         order by name, user.email",
    )?;
    let members = list.query_map(named_params! { ":workspace": workspace }, member)?;
    Ok(members.collect::<Result<_, _>>()?)
}

pub(in crate::people) fn member_of(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Member, StoreError> {
    members(conn, workspace)?
        .into_iter()
        .find(|member| member.id == user)
        .ok_or(StoreError::NotFound)
}

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        // Roles this build does not know are the least there is.
        role: Role::named(&row.get::<_, String>("role")?).unwrap_or(Role::User),
        operator: row.get("operator")?,
        disabled: row.get::<_, Option<i64>>("disabled")?.map(Time),
        joined: row.get("joined")?,
        seen: row.get::<_, Option<i64>>("seen")?.map(Time),
    })
}
