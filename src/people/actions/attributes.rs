//! What a workspace says of a member, and all it knows of one.

use serde_json::json;

use crate::journal::{self, Entry};
use crate::people::belonging::{Attributes, Profile};
use crate::people::model::{Error, Member};
use crate::people::pages::People;
use crate::people::sql;
use crate::site::Site;
use crate::store::Error as StoreError;
use crate::web::{UserId, Viewer, WorkspaceId};

/// A member of that workspace with groups and attributes; nobody of another.
pub async fn profile(site: &Site, workspace: WorkspaceId, user: UserId) -> Result<Profile, Error> {
    let now = site.clock.now();
    let found = site.system.read(move |conn| {
        let member = sql::member_of(conn, workspace, user)?;
        let (sessions, keys) = sql::count_open(conn, workspace, user, now)?;
        Ok::<_, StoreError>(Profile {
            member,
            groups: sql::groups_with(conn, workspace, user)?,
            attributes: sql::attributes(conn, workspace, user)?,
            sessions,
            keys,
        })
    });
    Ok(found.await?)
}

/// Makes these, and no others, what is said of a member.
pub(in crate::people) async fn set_attributes(
    people: &People,
    who: &Viewer,
    user: UserId,
    new: Attributes,
) -> Result<Member, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let member = people
        .site
        .system
        .write(move |tx| {
            let member = sql::member_of(tx, workspace, user)?;
            let old = sql::attributes(tx, workspace, user)?;
            if old == new.0 {
                return Ok(member);
            }
            sql::drop_attributes(tx, workspace, user)?;
            for (name, value) in &new.0 {
                sql::add_attribute(tx, workspace, user, (name, value))?;
            }
            let entry = Entry::new(now, &actor, "member.attributes_changed", &*member.email);
            let entry = entry.on("member", user.to_string());
            let entry = entry.changed(&json!(old), &json!(new.0));
            journal::record(tx, &entry)?;
            Ok::<_, Error>(member)
        })
        .await?;
    people.sessions.forget(user);
    Ok(member)
}
