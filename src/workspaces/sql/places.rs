//! The workspaces themselves.

use crate::base::Time;
use crate::store::{Connection, Error, Row, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};
use crate::workspaces::model::{RETURN_WINDOW, WAITS, Workspace};

const LIST: &str = "select workspace.id, workspace.name, workspace.created, workspace.closed,
           workspace.purge, workspace.second_person,
           (select count(*) from membership
            where membership.workspace = workspace.id
              and membership.joined is not null) as members,
           (select count(*) from membership join user on user.id = membership.user
            where membership.workspace = workspace.id and membership.role = 'admin'
              and membership.joined is not null and membership.disabled is null
              and user.disabled is null) as admins,
           (select count(*) from access_grant
            where access_grant.workspace = workspace.id and access_grant.ended is null
              and (access_grant.ends > :now
                   or (access_grant.ends is null and access_grant.asked > :asked))) as visits
    from workspace";

pub(in crate::workspaces) fn all(conn: &Connection, now: Time) -> Result<Vec<Workspace>, Error> {
    let mut list = conn.prepare_cached(&format!("{LIST} order by name, id"))?;
    let found = list.query_map(
        named_params! { ":now": now.0, ":asked": now.plus(-WAITS).0 },
        workspace,
    )?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(in crate::workspaces) fn one(
    conn: &Connection,
    id: WorkspaceId,
    now: Time,
) -> Result<Workspace, Error> {
    let mut find = conn.prepare_cached(&format!("{LIST} where workspace.id = :id"))?;
    let values = named_params! { ":id": id, ":now": now.0, ":asked": now.plus(-WAITS).0 };
    Ok(find.query_row(values, workspace)?)
}

fn workspace(row: &Row<'_>) -> rusqlite::Result<Workspace> {
    Ok(Workspace {
        id: row.get("id")?,
        name: row.get("name")?,
        created: Time(row.get("created")?),
        closed: row.get::<_, Option<i64>>("closed")?.map(Time),
        purge: row.get::<_, Option<i64>>("purge")?.map(Time),
        members: row.get("members")?,
        admins: row.get("admins")?,
        second_person: row.get("second_person")?,
        visits: row.get("visits")?,
    })
}

pub(in crate::workspaces) fn insert(
    tx: &Transaction<'_>,
    id: WorkspaceId,
    name: &str,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into workspace (id, name, created) values (:id, :name, :now)",
        named_params! { ":id": id, ":name": name, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::workspaces) fn rename(
    tx: &Transaction<'_>,
    id: WorkspaceId,
    name: &str,
) -> Result<(), Error> {
    tx.execute(
        "update workspace set name = :name where id = :id",
        named_params! { ":id": id, ":name": name },
    )?;
    Ok(())
}

pub(in crate::workspaces) fn set_closed(
    tx: &Transaction<'_>,
    id: WorkspaceId,
    at: Option<Time>,
) -> Result<(), Error> {
    tx.execute(
        "update workspace set closed = :at, purge = :purge where id = :id",
        named_params! {
            ":id": id,
            ":at": at.map(|at| at.0),
            ":purge": at.map(|at| at.plus(RETURN_WINDOW).0),
        },
    )?;
    Ok(())
}

pub(in crate::workspaces) fn set_second(
    tx: &Transaction<'_>,
    id: WorkspaceId,
    is_needed: bool,
) -> Result<(), Error> {
    tx.execute(
        "update workspace set second_person = :needed where id = :id",
        named_params! { ":id": id, ":needed": is_needed },
    )?;
    Ok(())
}

pub(in crate::workspaces) fn needs_second(
    conn: &Connection,
    id: WorkspaceId,
) -> Result<bool, Error> {
    let mut find = conn.prepare_cached("select second_person from workspace where id = :id")?;
    Ok(find.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// On the list of the workspace, in whatever state: then a grant is not the way.
pub(in crate::workspaces) fn is_member(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from membership
                        where workspace = :workspace and user = :user)",
    )?;
    let values = named_params! { ":workspace": workspace, ":user": user };
    Ok(find.query_row(values, |row| row.get(0))?)
}

/// An admin of a workspace who can be written to.
pub(in crate::workspaces) struct Admin {
    pub(in crate::workspaces) user: UserId,
    pub(in crate::workspaces) email: String,
    pub(in crate::workspaces) name: String,
    pub(in crate::workspaces) workspace: WorkspaceId,
    pub(in crate::workspaces) workspace_name: String,
}

/// Those who are admins there, and in.
pub(in crate::workspaces) fn admins(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Admin>, Error> {
    let mut list = conn.prepare_cached(
        "select user.id, user.email, user.name, workspace.id as workspace,
                workspace.name as workspace_name
         from membership
         join user on user.id = membership.user
         join workspace on workspace.id = membership.workspace
         where workspace.id = :workspace and membership.role = 'admin'
           and membership.joined is not null and membership.disabled is null
           and user.disabled is null
         order by user.email",
    )?;
    let admins = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Admin {
            user: row.get("id")?,
            email: row.get("email")?,
            name: row.get("name")?,
            workspace: row.get("workspace")?,
            workspace_name: row.get("workspace_name")?,
        })
    })?;
    Ok(admins.collect::<Result<_, _>>()?)
}
