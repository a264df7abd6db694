//! What can be done about people. Each action is one transaction and one line
//! in the journal; pages and the command line both come through here.

use serde_json::json;

use crate::base::{Secret, Time};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{Error as StoreError, Transaction};
use crate::web::{Person, Role, UserId, Viewer, WorkspaceId};

use crate::people::model::{Email, Error, Member, NewUser};
use crate::people::{sql, token};

use super::shutting::keeping_an_admin;

/// How long a set-up code is good for.
pub(in crate::people) const CODE: i64 = 30 * Time::MINUTE;
/// How long a sign-in link from the command line is good for.
const SIGN_IN: i64 = Time::HOUR;

/// A set-up code for whoever reads the console, when nobody is here yet. An
/// older code is void from then on.
pub async fn offer_setup(site: &Site) -> Result<Option<Secret>, Error> {
    let now = site.clock.now();
    let code = token::code()?;
    let hash = token::code_hash(code.reveal());
    let kept = site
        .system
        .write(move |tx| {
            if !sql::is_empty(tx)? || !sql::keep_code(tx, &hash, now.plus(CODE))? {
                return Ok(false);
            }
            let entry = Entry::new(now, &Actor::command_line(), "setup.offered", "instance");
            journal::record(tx, &entry)?;
            Ok::<_, StoreError>(true)
        })
        .await?;
    Ok(kept.then_some(code))
}

/// The first admin, in the first workspace, without a code: for `onsight demo`
/// and for tests. Gives the workspace.
pub async fn welcome(
    site: &Site,
    new: NewUser,
    workspace: &str,
    password: Option<String>,
) -> Result<WorkspaceId, Error> {
    let (now, workspace) = (site.clock.now(), workspace.to_owned());
    site.system
        .write(move |tx| {
            sql::close_setup(tx, now)?;
            let made = found(tx, &new, &workspace, password.as_deref(), now)?;
            let actor = Actor::command_line().in_workspace(made.0.to_string());
            let entry = Entry::new(now, &actor, "instance.set_up", workspace);
            journal::record(tx, &entry)?;
            Ok(made.0)
        })
        .await
}

/// A workspace and the person who runs it.
pub(in crate::people) fn found(
    tx: &Transaction<'_>,
    new: &NewUser,
    workspace: &str,
    password: Option<&str>,
    now: Time,
) -> Result<(WorkspaceId, UserId), Error> {
    let (place, user) = (WorkspaceId::new(now), UserId::new(now));
    sql::add_workspace(tx, place, workspace, now)?;
    sql::add_user(tx, user, new, password, now)?;
    sql::add_membership(tx, place, user, new, now)?;
    sql::join_first(tx, user, now)?;
    Ok((place, user))
}

/// Adds somebody to the first workspace: the command line's way.
pub async fn add(site: &Site, new: NewUser) -> Result<UserId, Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let (workspace, user) = (sql::first_workspace(tx)?, UserId::new(now));
            sql::add_user(tx, user, &new, None, now)?;
            sql::add_membership(tx, workspace, user, &new, now)?;
            sql::join_first(tx, user, now)?;
            let actor = Actor::command_line().in_workspace(workspace.to_string());
            let entry = Entry::new(now, &actor, "member.invited", new.email.as_str());
            let role = json!({ "role": new.role.name() });
            journal::record(tx, &entry.changed(&json!(null), &role))?;
            Ok(user)
        })
        .await
}

/// The people of the first workspace.
pub async fn list(site: &Site) -> Result<Vec<Member>, Error> {
    let members = site.system.read(|conn| {
        let workspace = sql::first_workspace(conn)?;
        sql::members(conn, workspace)
    });
    Ok(members.await?)
}

/// The workspace that was made first: the one the command line works on.
pub async fn first_workspace(site: &Site) -> Result<WorkspaceId, Error> {
    Ok(site.system.read(sql::first_workspace).await?)
}

/// The people of a workspace.
pub async fn members_of(site: &Site, workspace: WorkspaceId) -> Result<Vec<Member>, Error> {
    let members = site.system.read(move |conn| sql::members(conn, workspace));
    Ok(members.await?)
}

/// A member of the workspace as they would be signed in, for somebody who looks
/// at what they see.
pub async fn as_member(
    site: &Site,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Person>, Error> {
    let found = site
        .system
        .read(move |conn| sql::as_member(conn, workspace, user));
    Ok(found.await?)
}

/// The console, acting on that account: the workspace they come into tells of it.
pub(super) fn console_on(tx: &Transaction<'_>, user: UserId) -> Result<Actor, StoreError> {
    Ok(Actor {
        workspace: sql::home(tx, user)?,
        ..Actor::command_line()
    })
}

/// A one-time path that signs that person in, or lets them choose a password
/// when they have none. Good for an hour.
pub async fn sign_in_link(site: &Site, email: &Email) -> Result<String, Error> {
    let (now, email) = (site.clock.now(), email.clone());
    let made = token::token()?;
    let hash = token::hash(made.reveal());
    site.system
        .write(move |tx| {
            let user = sql::id_of(tx, &email)?;
            sql::join_first(tx, user, now)?;
            sql::add_link(tx, &hash, user, "sign-in", now.plus(SIGN_IN))?;
            let entry = Entry::new(now, &console_on(tx, user)?, "link.made", email.as_str());
            journal::record(tx, &entry.with(json!({ "purpose": "sign-in" })))?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(format!("/link/{}", made.reveal()))
}

/// Makes a member of the viewer's own workspace something else there.
pub(in crate::people) async fn change_role(
    site: &Site,
    who: &Viewer,
    user: UserId,
    role: Role,
) -> Result<Member, Error> {
    let (now, actor, workspace) = (site.clock.now(), who.actor(), who.person.workspace);
    site.system
        .write(move |tx| {
            let member = sql::member_of(tx, workspace, user)?;
            keeping_an_admin(tx, workspace, || {
                Ok(sql::set_role(tx, workspace, user, role)?)
            })?;
            let entry = Entry::new(now, &actor, "member.role_changed", &*member.email);
            let entry = entry.on("member", user.to_string());
            let roles = [member.role, role].map(|role| json!({ "role": role.name() }));
            journal::record(tx, &entry.changed(&roles[0], &roles[1]))?;
            Ok(member)
        })
        .await
}
