//! What can be done about groups and who is in them.

use serde_json::json;

use crate::journal::{self, Entry};
use crate::people::belonging::{Group, GroupId, GroupName};
use crate::people::model::{Email, Error, Member};
use crate::people::pages::People;
use crate::people::sql;
use crate::site::Site;
use crate::store::Error as StoreError;
use crate::web::{UserId, Viewer, WorkspaceId};

/// The groups of a workspace.
pub async fn groups_of(site: &Site, workspace: WorkspaceId) -> Result<Vec<Group>, Error> {
    let groups = site.system.read(move |conn| sql::groups(conn, workspace));
    Ok(groups.await?)
}

pub(in crate::people) async fn make_group(
    people: &People,
    who: &Viewer,
    name: &str,
) -> Result<GroupId, Error> {
    let name = GroupName::parse(name)?;
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    people
        .site
        .system
        .write(move |tx| {
            let id = GroupId::new(now);
            sql::add_group(tx, workspace, id, &name, now)?;
            let entry = Entry::new(now, &actor, "group.made", name.as_str());
            let entry = entry.on("group", id.to_string());
            let made = json!({ "name": name.as_str() });
            journal::record(tx, &entry.changed(&json!(null), &made))?;
            Ok(id)
        })
        .await
}

pub(in crate::people) async fn rename_group(
    people: &People,
    who: &Viewer,
    id: GroupId,
    name: &str,
) -> Result<(), Error> {
    let name = GroupName::parse(name)?;
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    people
        .site
        .system
        .write(move |tx| {
            let group = sql::group_of(tx, workspace, id)?;
            sql::rename_group(tx, id, &name)?;
            let entry = Entry::new(now, &actor, "group.renamed", name.as_str());
            let entry = entry.on("group", id.to_string());
            let (before, after) = (
                json!({ "name": group.name }),
                json!({ "name": name.as_str() }),
            );
            journal::record(tx, &entry.changed(&before, &after))?;
            Ok::<_, Error>(())
        })
        .await?;
    people.sessions.forget_all();
    people.site.renamed();
    Ok(())
}

/// Gives the name of the group that is gone.
pub(in crate::people) async fn delete_group(
    people: &People,
    who: &Viewer,
    id: GroupId,
) -> Result<String, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let name = people
        .site
        .system
        .write(move |tx| {
            let group = sql::group_of(tx, workspace, id)?;
            let apps = sql::shared_with(tx, id)?;
            if !apps.is_empty() {
                return Err(Error::GroupInUse(apps.join(", ")));
            }
            sql::delete_group(tx, id)?;
            let entry = Entry::new(now, &actor, "group.deleted", &*group.name);
            let entry = entry.on("group", id.to_string());
            let gone = json!({ "name": group.name, "members": group.members });
            journal::record(tx, &entry.changed(&gone, &json!(null)))?;
            Ok(group.name)
        })
        .await?;
    people.sessions.forget_all();
    people.site.renamed();
    Ok(name)
}

/// Puts the member of the workspace with that e-mail address in the group.
pub(in crate::people) async fn join(
    people: &People,
    who: &Viewer,
    id: GroupId,
    email: &str,
) -> Result<Member, Error> {
    let email = Email::parse(email)?;
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let member = people
        .site
        .system
        .write(move |tx| {
            let group = sql::group_of(tx, workspace, id)?;
            let user = sql::member_called(tx, workspace, email.as_str())?;
            let member = sql::member_of(tx, workspace, user.ok_or(Error::NoMember)?)?;
            if sql::put_in_group(tx, id, member.id, now)? {
                let entry = Entry::new(now, &actor, "group.member_added", &*group.name);
                let entry = entry.on("group", id.to_string());
                let added = json!({ "member": member.email });
                journal::record(tx, &entry.changed(&json!(null), &added))?;
            }
            Ok::<_, Error>(member)
        })
        .await?;
    people.sessions.forget(member.id);
    Ok(member)
}

pub(in crate::people) async fn leave(
    people: &People,
    who: &Viewer,
    id: GroupId,
    user: UserId,
) -> Result<Member, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let member = people
        .site
        .system
        .write(move |tx| {
            let group = sql::group_of(tx, workspace, id)?;
            let member = sql::member_of(tx, workspace, user)?;
            if !sql::take_out_of_group(tx, id, user)? {
                return Err(Error::Store(StoreError::NotFound));
            }
            let entry = Entry::new(now, &actor, "group.member_removed", &*group.name);
            let entry = entry.on("group", id.to_string());
            let removed = json!({ "member": member.email });
            journal::record(tx, &entry.changed(&removed, &json!(null)))?;
            Ok::<_, Error>(member)
        })
        .await?;
    people.sessions.forget(user);
    Ok(member)
}

/// Makes these, and no others, the groups a member is in.
pub(in crate::people) async fn set_groups(
    people: &People,
    who: &Viewer,
    user: UserId,
    wanted: Vec<GroupId>,
) -> Result<Member, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let member = people
        .site
        .system
        .write(move |tx| {
            let member = sql::member_of(tx, workspace, user)?;
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for group in sql::groups(tx, workspace)? {
                let is_wanted = wanted.contains(&group.id);
                let has_changed = if is_wanted {
                    sql::put_in_group(tx, group.id, user, now)?
                } else {
                    sql::take_out_of_group(tx, group.id, user)?
                };
                if is_wanted != has_changed {
                    before.push(group.name.clone());
                }
                if is_wanted {
                    after.push(group.name);
                }
            }
            if before != after {
                let entry = Entry::new(now, &actor, "member.groups_changed", &*member.email);
                let entry = entry.on("member", user.to_string());
                let (before, after) = (json!({ "groups": before }), json!({ "groups": after }));
                journal::record(tx, &entry.changed(&before, &after))?;
            }
            Ok::<_, Error>(member)
        })
        .await?;
    people.sessions.forget(user);
    Ok(member)
}
