//! Making, renaming, closing workspaces.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::people::{self, MadeLink, NewUser, People};
use crate::web::{Viewer, WorkspaceId};
use crate::workspaces::model::Error;
use crate::workspaces::sql;

/// Whoever it is, acting on that workspace: its own trail tells of it.
pub(super) fn acting_on(who: &Viewer, workspace: WorkspaceId) -> Actor {
    Actor {
        workspace: Some(workspace.to_string()),
        ..who.actor()
    }
}

/// Makes a workspace and invites its first admin. Whoever makes it is not in it.
pub(in crate::workspaces) async fn make(
    people: &People,
    who: &Viewer,
    name: String,
    admin: NewUser,
) -> Result<MadeLink, Error> {
    let now = people.site.clock.now();
    let id = WorkspaceId::new(now);
    let actor = acting_on(who, id);
    people
        .site
        .system
        .write(move |tx| {
            sql::insert(tx, id, &name, now)?;
            let link = people::invite_into(tx, id, &admin, now)?;
            let entry = Entry::new(now, &actor, "workspace.made", &*name);
            let entry = entry.on("workspace", id.to_string());
            let made = json!({ "name": name, "admin": admin.email.as_str() });
            journal::record(tx, &entry.changed(&json!(null), &made))?;
            Ok(link)
        })
        .await
}

pub(in crate::workspaces) async fn rename(
    people: &People,
    who: &Viewer,
    id: WorkspaceId,
    name: String,
) -> Result<(), Error> {
    let (now, actor) = (people.site.clock.now(), acting_on(who, id));
    people
        .site
        .system
        .write(move |tx| {
            let before = sql::one(tx, id, now)?.name;
            sql::rename(tx, id, &name)?;
            let entry = Entry::new(now, &actor, "workspace.renamed", &*name);
            let entry = entry.on("workspace", id.to_string());
            let entry = entry.changed(&json!({ "name": before }), &json!({ "name": name }));
            journal::record(tx, &entry)?;
            Ok::<_, Error>(())
        })
        .await?;
    people.sessions.forget_all_in(id);
    Ok(())
}

/// Closes a workspace, which lets nobody in and keeps everything; or opens it
/// again. Gives its name.
pub(in crate::workspaces) async fn set_closed(
    people: &People,
    who: &Viewer,
    id: WorkspaceId,
    is_closed: bool,
) -> Result<String, Error> {
    let (now, actor) = (people.site.clock.now(), acting_on(who, id));
    let at: Option<Time> = is_closed.then_some(now);
    let name = people
        .site
        .system
        .write(move |tx| {
            let before = sql::one(tx, id, now)?;
            let (name, was_closed) = (before.name, before.closed.is_some());
            sql::set_closed(tx, id, at)?;
            let action = if is_closed {
                "workspace.closed"
            } else {
                "workspace.opened"
            };
            let entry = Entry::new(now, &actor, action, &*name);
            let entry = entry.on("workspace", id.to_string()).changed(
                &json!({ "closed": was_closed }),
                &json!({ "closed": is_closed }),
            );
            journal::record(tx, &entry)?;
            Ok::<_, Error>(name)
        })
        .await?;
    people.sessions.forget_all_in(id);
    if is_closed {
        people.site.running.stop(&id.to_string());
    }
    Ok(name)
}

/// Whether somebody else has to agree before an operator comes in.
pub(in crate::workspaces) async fn set_second(
    people: &People,
    who: &Viewer,
    is_needed: bool,
) -> Result<(), Error> {
    if who.person.whereabouts.grant.is_some() {
        return Err(Error::Visitor);
    }
    let (now, actor, id) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let name = who.person.workspace_name.clone();
    people
        .site
        .system
        .write(move |tx| {
            let before = sql::needs_second(tx, id)?;
            sql::set_second(tx, id, is_needed)?;
            let entry = Entry::new(now, &actor, "workspace.changed", name);
            let entry = entry.on("workspace", id.to_string()).changed(
                &json!({ "second_person": before }),
                &json!({ "second_person": is_needed }),
            );
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await
}
