//! Shutting people out and letting them in again: of one workspace by its
//! admins, of the whole instance by operators and the console. The last admin
//! and the last operator stay; that is decided where the change is written, one
//! after the other, so that two at once cannot both go.

use serde_json::{Value, json};

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::mail;
use crate::people::model::{Email, Error, Member};
use crate::people::pages::People;
use crate::people::sql;
use crate::site::Site;
use crate::store::Transaction;
use crate::web::{UserId, Viewer, WorkspaceId, seat};

use super::members::console_on;

/// Does `change`, unless it leaves the workspace without an admin.
pub(in crate::people) fn keeping_an_admin<T>(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    change: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let before = sql::count_admins(tx, workspace)?;
    let done = change()?;
    // Where nobody has joined yet there is nobody to lose.
    if before > 0 && sql::count_admins(tx, workspace)? == 0 {
        return Err(Error::LastAdmin);
    }
    Ok(done)
}

/// Does `change`, unless it leaves the instance without an operator.
fn keeping_an_operator<T>(
    tx: &Transaction<'_>,
    change: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let before = sql::count_operators(tx)?;
    let done = change()?;
    if before > 0 && sql::count_operators(tx)? == 0 {
        return Err(Error::LastOperator);
    }
    Ok(done)
}

/// Shuts a person out of everything, from their next request on; their work
/// stays. The console's way.
pub async fn disable(site: &Site, email: &Email) -> Result<(), Error> {
    let email = email.clone();
    let by_email = move |tx: &Transaction<'_>| sql::id_of(tx, &email);
    set_account(site, None, by_email, true).await?;
    Ok(())
}

pub async fn enable(site: &Site, email: &Email) -> Result<(), Error> {
    let email = email.clone();
    let by_email = move |tx: &Transaction<'_>| sql::id_of(tx, &email);
    set_account(site, None, by_email, false).await?;
    Ok(())
}

/// Shuts an account out of everything, or lets it in again. Gives its name.
pub(in crate::people) async fn set_account_disabled(
    people: &People,
    who: &Viewer,
    user: UserId,
    is_out: bool,
) -> Result<String, Error> {
    let name = set_account(&people.site, Some(who.actor()), move |_| Ok(user), is_out).await?;
    people.sessions.forget(user);
    if is_out {
        people.site.running.stop(&user.to_string());
    }
    Ok(name)
}

/// `actor`: nobody but the console, when there is none.
async fn set_account(
    site: &Site,
    actor: Option<Actor>,
    find: impl FnOnce(&Transaction<'_>) -> Result<UserId, Error> + Send + 'static,
    is_out: bool,
) -> Result<String, Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let user = find(tx)?;
            let (email, name) = sql::called(tx, user)?;
            let (was_out, _) = sql::standing(tx, user)?;
            let actor = actor.map_or_else(|| console_on(tx, user), Ok)?;
            if is_out {
                shut_account(tx, user, now)?;
            } else {
                sql::set_disabled(tx, user, None)?;
            }
            let action = if is_out {
                "member.disabled"
            } else {
                "member.enabled"
            };
            let entry = Entry::new(now, &actor, action, email).on("user", user.to_string());
            let entry = entry.changed(&shut(was_out), &shut(is_out));
            journal::record(tx, &entry)?;
            Ok(name)
        })
        .await
}

/// What a record says of whoever is shut out, or is not.
fn shut(is_out: bool) -> Value {
    json!({ "disabled": is_out })
}

fn shut_account(tx: &Transaction<'_>, user: UserId, now: Time) -> Result<(), Error> {
    let ruled = sql::ruled_by(tx, user)?;
    keeping_an_operator(tx, || {
        sql::set_disabled(tx, user, Some(now))?;
        for workspace in ruled {
            if sql::count_admins(tx, workspace)? == 0 {
                return Err(Error::LastAdmin);
            }
        }
        Ok(())
    })?;
    sql::end_sessions(tx, user, b"")?;
    sql::drop_links(tx, user)?;
    mail::discard_for(tx, user, None, now)?;
    Ok(())
}

/// Makes an account an operator, or no longer one. Gives its name.
pub(in crate::people) async fn set_operator(
    people: &People,
    who: &Viewer,
    user: UserId,
    is_operator: bool,
) -> Result<String, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    let name = people
        .site
        .system
        .write(move |tx| {
            let (email, name) = sql::called(tx, user)?;
            let (_, was_operator) = sql::standing(tx, user)?;
            keeping_an_operator(tx, || Ok(sql::set_operator(tx, user, is_operator)?))?;
            let action = if is_operator {
                "operator.made"
            } else {
                "operator.unmade"
            };
            let entry = Entry::new(now, &actor, action, email).on("user", user.to_string());
            let entry = entry.changed(
                &json!({ "operator": was_operator }),
                &json!({ "operator": is_operator }),
            );
            journal::record(tx, &entry)?;
            Ok::<_, Error>(name)
        })
        .await?;
    people.sessions.forget(user);
    Ok(name)
}

/// Shuts members out of the viewer's own workspace, or lets them in again: all
/// of them or none.
pub(in crate::people) async fn set_members_disabled(
    people: &People,
    who: &Viewer,
    users: Vec<UserId>,
    is_out: bool,
) -> Result<Vec<Member>, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let changed = people
        .site
        .system
        .write(move |tx| {
            let action = if is_out {
                "member.disabled"
            } else {
                "member.enabled"
            };
            let mut changed = Vec::with_capacity(users.len());
            for user in users {
                let member = sql::member_of(tx, workspace, user)?;
                let at = is_out.then_some(now);
                keeping_an_admin(tx, workspace, || {
                    Ok(sql::set_member_disabled(tx, workspace, user, at)?)
                })?;
                if is_out {
                    sql::end_sessions_in(tx, workspace, user)?;
                    sql::drop_invitations(tx, workspace, user)?;
                    mail::discard_for(tx, user, Some(workspace), now)?;
                }
                let entry = Entry::new(now, &actor, action, &*member.email);
                let entry = entry.on("member", user.to_string());
                let was_out = member.disabled.is_some();
                journal::record(tx, &entry.changed(&shut(was_out), &shut(is_out)))?;
                changed.push(member);
            }
            Ok::<_, Error>(changed)
        })
        .await?;
    for member in &changed {
        people.sessions.forget(member.id);
    }
    if is_out {
        for member in &changed {
            people.site.running.stop(&seat(workspace, member.id));
        }
    }
    Ok(changed)
}

/// Stops what runs for people who were shut out, for stays that are over, and what was to
/// last as long as a session that has ended or is locked, whoever ended them: the console is another process and tells nobody.
pub async fn patrol(people: &People) -> Result<(), Error> {
    let names = people.site.running.names();
    if names.is_empty() {
        return Ok(());
    }
    let (now, never_locks) = (people.site.clock.now(), people.site.config.demo);
    let ended = people
        .site
        .system
        .read(move |conn| sql::ended(conn, &names, now, never_locks))
        .await?;
    for name in ended {
        people.site.running.stop(&name);
    }
    Ok(())
}
