//! Groups, who is in them, and what a workspace says of its members.

use std::collections::BTreeMap;

use crate::base::Time;
use crate::people::belonging::{Group, GroupId, GroupName};
use crate::people::model::Error;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, Row, Transaction, named_params,
};
use crate::web::{UserId, WorkspaceId};

/// All groups of a workspace, by name.
pub(in crate::people) fn groups(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Group>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, name,
                (select count(*) from people_group_member where people_group = id) as members
         from people_group where workspace = :workspace order by name",
    )?;
    let groups = list.query_map(named_params! { ":workspace": workspace }, group)?;
    Ok(groups.collect::<Result<_, _>>()?)
}

/// A group of that workspace, and of no other.
pub(in crate::people) fn group_of(
    conn: &Connection,
    workspace: WorkspaceId,
    id: GroupId,
) -> Result<Group, StoreError> {
    let mut find = conn.prepare_cached(
        "select id, name,
                (select count(*) from people_group_member where people_group = id) as members
         from people_group where workspace = :workspace and id = :id",
    )?;
    Ok(find.query_row(named_params! { ":workspace": workspace, ":id": id }, group)?)
}

fn group(row: &Row<'_>) -> rusqlite::Result<Group> {
    Ok(Group {
        id: row.get("id")?,
        name: row.get("name")?,
        members: row.get("members")?,
    })
}

pub(in crate::people) fn add_group(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    id: GroupId,
    name: &GroupName,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into people_group (id, workspace, name, created)
         values (:id, :workspace, :name, :now)",
        named_params! {
            ":id": id,
            ":workspace": workspace,
            ":name": name.as_str(),
            ":now": now.0,
        },
    )
    .on_taken(
        "people_group.workspace, people_group.name",
        Error::GroupTaken,
    )?;
    Ok(())
}

pub(in crate::people) fn rename_group(
    tx: &Transaction<'_>,
    id: GroupId,
    name: &GroupName,
) -> Result<(), Error> {
    tx.execute(
        "update people_group set name = :name where id = :id",
        named_params! { ":id": id, ":name": name.as_str() },
    )
    .on_taken(
        "people_group.workspace, people_group.name",
        Error::GroupTaken,
    )?;
    Ok(())
}

pub(in crate::people) fn delete_group(tx: &Transaction<'_>, id: GroupId) -> Result<(), StoreError> {
    tx.execute(
        "delete from people_group_member where people_group = :id",
        named_params! { ":id": id },
    )?;
    tx.execute(
        "delete from people_group where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

/// The titles of the apps that are shared with the group. A list that loses its
/// last name would open an app to everybody, so such a group stays.
pub(in crate::people) fn shared_with(
    conn: &Connection,
    id: GroupId,
) -> Result<Vec<String>, StoreError> {
    let mut list = conn.prepare_cached(
        "select distinct app.title from app_share
         join app on app.workspace = app_share.workspace and app.id = app_share.app
         where app_share.kind = 'group' and app_share.subject = :id
         order by app.title collate nocase",
    )?;
    let titles = list.query_map(named_params! { ":id": id }, |row| row.get(0))?;
    Ok(titles.collect::<Result<_, _>>()?)
}

pub(in crate::people) fn group_members(
    conn: &Connection,
    id: GroupId,
) -> Result<Vec<UserId>, StoreError> {
    let mut list =
        conn.prepare_cached("select user from people_group_member where people_group = :id")?;
    let users = list.query_map(named_params! { ":id": id }, |row| row.get(0))?;
    Ok(users.collect::<Result<_, _>>()?)
}

/// `false` when they were in it already.
pub(in crate::people) fn put_in_group(
    tx: &Transaction<'_>,
    id: GroupId,
    user: UserId,
    now: Time,
) -> Result<bool, StoreError> {
    let added = tx.execute(
        "insert into people_group_member (people_group, user, added) values (:id, :user, :now)
         on conflict (people_group, user) do nothing",
        named_params! { ":id": id, ":user": user, ":now": now.0 },
    )?;
    Ok(added == 1)
}

/// `false` when they were not in it.
pub(in crate::people) fn take_out_of_group(
    tx: &Transaction<'_>,
    id: GroupId,
    user: UserId,
) -> Result<bool, StoreError> {
    let gone = tx.execute(
        "delete from people_group_member where people_group = :id and user = :user",
        named_params! { ":id": id, ":user": user },
    )?;
    Ok(gone == 1)
}

/// The groups of a workspace that somebody is in, by name.
pub(in crate::people) fn groups_with(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Vec<(GroupId, String)>, StoreError> {
    let mut list = conn.prepare_cached(
        "select people_group.id, people_group.name from people_group_member
         join people_group on people_group.id = people_group_member.people_group
         where people_group_member.user = :user and people_group.workspace = :workspace
         order by people_group.name",
    )?;
    let values = named_params! { ":workspace": workspace, ":user": user };
    let groups = list.query_map(values, |row| Ok((row.get("id")?, row.get("name")?)))?;
    Ok(groups.collect::<Result<_, _>>()?)
}

pub(in crate::people) fn attributes(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name, value from attribute where workspace = :workspace and user = :user",
    )?;
    let values = named_params! { ":workspace": workspace, ":user": user };
    let pairs = list.query_map(values, |row| Ok((row.get("name")?, row.get("value")?)))?;
    Ok(pairs.collect::<Result<_, _>>()?)
}

pub(in crate::people) fn drop_attributes(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from attribute where workspace = :workspace and user = :user",
        named_params! { ":workspace": workspace, ":user": user },
    )?;
    Ok(())
}

pub(in crate::people) fn add_attribute(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    (name, value): (&str, &str),
) -> Result<(), StoreError> {
    tx.execute(
        "insert into attribute (workspace, user, name, value)
         values (:workspace, :user, :name, :value)",
        named_params! { ":workspace": workspace, ":user": user, ":name": name, ":value": value },
    )?;
    Ok(())
}

/// The member of a workspace with that e-mail address.
pub(in crate::people) fn member_called(
    conn: &Connection,
    workspace: WorkspaceId,
    email: &str,
) -> Result<Option<UserId>, StoreError> {
    let mut find = conn.prepare_cached(
        "select user.id from user join membership on membership.user = user.id
         where membership.workspace = :workspace and user.email = :email",
    )?;
    let values = named_params! { ":workspace": workspace, ":email": email };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// Sessions of somebody that have not ended, and the keys they hold here.
pub(in crate::people) fn count_open(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
    now: Time,
) -> Result<(i64, i64), StoreError> {
    let mut count = conn.prepare_cached(
        "select (select count(*) from session
                 where user = :user and workspace = :workspace and expires > :now) as sessions,
                (select count(*) from api_key
                 where created_by = :user and workspace = :workspace and revoked is null) as keys",
    )?;
    let values = named_params! { ":workspace": workspace, ":user": user, ":now": now.0 };
    Ok(count.query_row(values, |row| Ok((row.get("sessions")?, row.get("keys")?)))?)
}
