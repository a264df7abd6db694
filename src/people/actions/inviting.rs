//! Invitations: somebody is put on the list of a workspace, and handed a link
//! that lets them join it. Whoever has an account already joins with that one;
//! the link opens nobody's account.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Entry};
use crate::people::model::{Email, Error, NewUser};
use crate::people::pages::People;
use crate::people::{sql, token};
use crate::store::Transaction;
use crate::web::{UserId, Viewer, WorkspaceId};

/// How long an invitation is good for.
const INVITATION: i64 = 7 * Time::DAY;

/// Whom a link is for, and the path to hand them.
#[derive(Clone, Debug)]
pub struct MadeLink {
    pub email: String,
    pub path: String,
}

/// Invites people into the viewer's workspace: all of them or none.
pub(in crate::people) async fn invite(
    people: &People,
    who: &Viewer,
    all: Vec<NewUser>,
) -> Result<Vec<MadeLink>, Error> {
    let is_own = |new: &NewUser| new.email.as_str() == who.person.email;
    if who.person.whereabouts.grant.is_some() && all.iter().any(is_own) {
        return Err(Error::Visitor);
    }
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    people
        .site
        .system
        .write(move |tx| {
            let mut made = Vec::with_capacity(all.len());
            for new in all {
                made.push(invite_into(tx, workspace, &new, now)?);
                let entry = Entry::new(now, &actor, "member.invited", new.email.as_str());
                let role = json!({ "role": new.role.name() });
                journal::record(tx, &entry.changed(&json!(null), &role))?;
            }
            Ok(made)
        })
        .await
}

/// Puts one person on the list of a workspace. For whoever has no account, the
/// link makes one.
pub fn invite_into(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    new: &NewUser,
    now: Time,
) -> Result<MadeLink, Error> {
    let (user, has_account) = if let Some(known) = sql::stranger_of(tx, &new.email)? {
        known
    } else {
        let user = UserId::new(now);
        sql::add_user(tx, user, new, None, now)?;
        (user, false)
    };
    sql::add_membership(tx, workspace, user, new, now)?;
    link_for(tx, workspace, (user, has_account), &new.email, now)
}

fn link_for(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    (user, has_account): (UserId, bool),
    email: &Email,
    now: Time,
) -> Result<MadeLink, Error> {
    let made = token::token()?;
    let (hash, until) = (token::hash(made.reveal()), now.plus(INVITATION));
    if !has_account {
        sql::add_link(tx, &hash, user, "join", until)?;
    }
    sql::add_invitation(tx, &hash, workspace, user, until)?;
    Ok(MadeLink {
        email: email.as_str().to_owned(),
        path: format!("/link/{}", made.reveal()),
    })
}

/// Invites an operator: somebody who runs the server and is in no workspace.
pub(in crate::people) async fn invite_operator(
    people: &People,
    who: &Viewer,
    new: NewUser,
) -> Result<MadeLink, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    let made = token::token()?;
    let hash = token::hash(made.reveal());
    let email = new.email.as_str().to_owned();
    people
        .site
        .system
        .write(move |tx| {
            let user = UserId::new(now);
            sql::add_user(tx, user, &new, None, now)?;
            sql::add_link(tx, &hash, user, "join", now.plus(INVITATION))?;
            let entry = Entry::new(now, &actor, "operator.invited", new.email.as_str());
            let entry = entry.on("operator", user.to_string());
            journal::record(
                tx,
                &entry.changed(&json!(null), &json!({ "operator": true })),
            )?;
            Ok::<_, Error>(())
        })
        .await?;
    let path = format!("/link/{}", made.reveal());
    Ok(MadeLink { email, path })
}

/// A fresh link for a member: to join, or to choose a new password. A password
/// is only an admin's to reset when the account belongs to nobody else.
pub(in crate::people) async fn new_link(
    people: &People,
    who: &Viewer,
    user: UserId,
) -> Result<MadeLink, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    people
        .site
        .system
        .write(move |tx| {
            let member = sql::member_of(tx, workspace, user)?;
            let email = Email::parse(&member.email)?;
            let (_, has_account) = sql::stranger_of(tx, &email)?.ok_or(Error::Nobody)?;
            let opens_account = member.joined || !has_account;
            if opens_account && !sql::is_only_here(tx, workspace, user)? && has_account {
                return Err(Error::PasswordNotYours);
            }
            sql::drop_invitations(tx, workspace, user)?;
            if opens_account && has_account {
                sql::drop_links(tx, user)?;
            }
            let known = (user, has_account && !opens_account);
            let made = link_for(tx, workspace, known, &email, now)?;
            let purpose = if member.joined { "password" } else { "join" };
            let entry = Entry::new(now, &actor, "link.made", member.email);
            let entry = entry.on("member", user.to_string());
            journal::record(tx, &entry.with(json!({ "purpose": purpose })))?;
            Ok(made)
        })
        .await
}

/// What an invitation is for, for the page that shows it.
pub(in crate::people) async fn look_at_invitation(
    people: &People,
    link: &str,
) -> Result<Option<sql::Invited>, Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(link));
    let found = people
        .site
        .system
        .read(move |conn| sql::invitation(conn, &hash, now));
    Ok(found.await?)
}

/// Joins with the account one has, and goes there.
pub(in crate::people) async fn join(
    people: &People,
    who: &Viewer,
    link: &str,
    session: &str,
) -> Result<(), Error> {
    let (now, actor, user) = (people.site.clock.now(), who.actor(), who.person.id);
    let (hash, session) = (token::hash(link), token::hash(session));
    let email = who.person.email.clone();
    people
        .site
        .system
        .write(move |tx| {
            let workspace = sql::take(tx, &hash, user, now)?.ok_or(Error::StaleLink)?;
            sql::go(tx, &session, user, Some(workspace))?;
            let actor = actor.in_workspace(workspace.to_string());
            let entry = Entry::new(now, &actor, "member.joined", email);
            journal::record(tx, &entry.on("member", user.to_string()))?;
            Ok::<_, Error>(())
        })
        .await?;
    people.sessions.forget(user);
    Ok(())
}
