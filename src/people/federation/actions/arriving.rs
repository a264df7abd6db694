//! Somebody a method vouches for becomes a person here, with their places, and
//! comes in: one transaction.

use serde_json::{Value, json};

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::people::actions::{Came, Entered, admit, open_session};
use crate::people::federation::model::{Known, Method, MethodId, Places, places};
use crate::people::federation::{Error, sql};
use crate::people::model::{Error as PeopleError, NewUser};
use crate::people::pages::People;
use crate::people::sql as people_sql;
use crate::store::Transaction;
use crate::web::{Role, UserId, WorkspaceId};

/// Opens a session for whoever the method vouches for.
pub(super) async fn arrive(
    people: &People,
    method: &Method,
    known: Known,
    came: Came,
) -> Result<Entered, Error> {
    let (now, method, refused) = (people.site.clock.now(), method.clone(), came.clone());
    let (name, subject) = (method.name.clone(), known.name.clone());
    let entered = people
        .site
        .system
        .write(move |tx| {
            let user = person(tx, &method, &known, &came, now)?;
            let (email, name) = people_sql::called(tx, user)?;
            let actor = came.actor(user, (&email, &name), &method.name);
            let has_lost = place(tx, &method, user, &known, &(now, actor, email))?;
            // Invited by hand: whom the method vouches for has taken that up.
            people_sql::join_first(tx, user, now)?;
            if sql::is_shut(tx, user)? {
                return Err(Error::Shut);
            }
            let (made, entry) = match open(tx, user, (&method, &known), &came, now) {
                // What was taken stays taken, and ends what is open elsewhere.
                Err(Error::NoPlace) if has_lost => return Ok((Err(Error::NoPlace), user)),
                opened => opened?,
            };
            sql::saw(tx, method.id, &known.subject, now)?;
            journal::record(tx, &entry)?;
            Ok((Ok(made), user))
        })
        .await;
    let entered = entered.and_then(|(made, user)| {
        people.sessions.forget(user);
        made
    });
    match entered {
        Ok(made) => Ok(made),
        Err(error) => {
            refuse(people, (&name, subject), &error, refused).await?;
            Err(error)
        }
    }
}

/// A whole session when the provider asked for a second factor itself, else
/// whatever the account's own factors ask for.
fn open(
    tx: &Transaction<'_>,
    user: UserId,
    (method, known): (&Method, &Known),
    came: &Came,
    now: Time,
) -> Result<(Entered, Entry), Error> {
    let opened = if known.second_factor {
        let whole = open_session(
            tx,
            user,
            &format!("{}+its own factor", method.name),
            came,
            now,
        );
        whole.map(|(session, entry)| (Entered::In(session), entry))
    } else {
        admit(tx, user, &method.name, came, now)
    };
    opened.map_err(|error| match error {
        PeopleError::NoWorkspace => Error::NoPlace,
        other => other.into(),
    })
}

/// Notes that somebody did not come in, and why.
pub(super) async fn refuse(
    people: &People,
    who: (&str, String),
    error: &Error,
    came: Came,
) -> Result<(), Error> {
    let now = people.site.clock.now();
    let (detail, why) = (json!({ "method": who.0 }), error.to_string());
    let object = who.1;
    people
        .site
        .system
        .write(move |tx| {
            let actor = Actor::stranger(&came.seen);
            let entry = Entry::new(now, &actor, "session.refused", object);
            journal::record(tx, &entry.refused(why).with(detail))?;
            Ok(())
        })
        .await
}

/// Whose account it is: the one that came by this method before, else the one
/// under the same verified address if an operator allows that, else a new one
/// if an operator allows that.
fn person(
    tx: &Transaction<'_>,
    method: &Method,
    known: &Known,
    came: &Came,
    now: Time,
) -> Result<UserId, Error> {
    if let Some(user) = sql::identity(tx, method.id, &known.subject)? {
        return Ok(user);
    }
    let Some(email) = known.email.clone() else {
        return Err(Error::NoEmail(method.name.clone()));
    };
    let (user, action) = match sql::owner_of(tx, &email)? {
        // Never an operator: who runs this server is not for others to say.
        Some((user, false)) if method.links_by_email => (user, "identity.linked"),
        Some(_) => return Err(Error::Apart(method.name.clone())),
        None if method.makes_accounts => {
            let user = UserId::new(now);
            let new = NewUser {
                email: email.clone(),
                name: known.name.clone(),
                role: Role::User,
                operator: false,
            };
            people_sql::add_user(tx, user, &new, None, now)?;
            (user, "member.joined")
        }
        None => return Err(Error::Stranger(method.name.clone())),
    };
    sql::add_identity(tx, method.id, &known.subject, user, now)?;
    let actor = came.actor(user, (email.as_str(), &known.name), &method.name);
    let entry = Entry::new(now, &actor, action, email.as_str());
    journal::record(tx, &entry.with(json!({ "method": method.name })))?;
    Ok(user)
}

/// When, who, and under which address the journal knows them.
type Told = (Time, Actor, String);

/// Gives and takes what their groups mean. What was given by hand stays. Tells
/// whether they lost a place.
fn place(
    tx: &Transaction<'_>,
    method: &Method,
    user: UserId,
    known: &Known,
    told: &Told,
) -> Result<bool, Error> {
    let meant = places(&sql::placements(tx, method.id)?, known);
    let before = sql::given(tx, method.id, user)?;
    for (workspace, role) in &meant.roles {
        let had = before.iter().find(|(place, _)| place == workspace);
        match had {
            Some((_, had)) if had == role => {}
            Some((_, had)) if may_go(tx, *workspace, *had)? => {
                people_sql::set_role(tx, *workspace, user, *role)?;
                let roles = [had, role].map(|role| json!({ "role": role.name() }));
                tell(tx, (told, *workspace), "member.role_changed", roles)?;
            }
            Some(_) => {}
            None => {
                if sql::give(tx, method.id, user, (*workspace, *role), told.0)? {
                    let roles = [json!(null), json!({ "role": role.name() })];
                    tell(tx, (told, *workspace), "member.added", roles)?;
                }
            }
        }
    }
    let mut has_lost = false;
    for (workspace, role) in before {
        let is_meant = meant.roles.iter().any(|(place, _)| *place == workspace);
        if !is_meant && may_go(tx, workspace, role)? {
            sql::take(tx, method.id, user, workspace)?;
            has_lost = true;
            let roles = [json!({ "role": role.name() }), json!(null)];
            tell(tx, (told, workspace), "member.removed", roles)?;
        }
    }
    place_in_groups(tx, method.id, user, &meant, told)?;
    Ok(has_lost)
}

fn place_in_groups(
    tx: &Transaction<'_>,
    method: MethodId,
    user: UserId,
    meant: &Places,
    told: &Told,
) -> Result<(), Error> {
    let before = sql::given_groups(tx, method, user)?;
    for group in &meant.groups {
        if !before.contains(group) && sql::give_group(tx, method, user, group, told.0)? {
            let workspace = sql::workspace_of(tx, group)?;
            let groups = [json!(null), json!({ "group": group })];
            tell(tx, (told, workspace), "group.member_added", groups)?;
        }
    }
    for group in before.iter().filter(|group| !meant.groups.contains(group)) {
        sql::take_group(tx, method, user, group)?;
        let workspace = sql::workspace_of(tx, group)?;
        let groups = [json!({ "group": group }), json!(null)];
        tell(tx, (told, workspace), "group.member_removed", groups)?;
    }
    Ok(())
}

/// The last admin of a workspace stays one, whatever a directory says.
fn may_go(tx: &Transaction<'_>, workspace: WorkspaceId, role: Role) -> Result<bool, Error> {
    Ok(role != Role::Admin || people_sql::count_admins(tx, workspace)? > 1)
}

/// Into the trail of the workspace it happened in, where its admins see it: what
/// was there before, and what is there now. How they came in names the method.
fn tell(
    tx: &Transaction<'_>,
    (told, workspace): (&Told, WorkspaceId),
    action: &str,
    [before, after]: [Value; 2],
) -> Result<(), Error> {
    let (now, actor, email) = told;
    let actor = Actor {
        workspace: Some(workspace.to_string()),
        ..actor.clone()
    };
    let entry = Entry::new(*now, &actor, action, email.as_str());
    Ok(journal::record(tx, &entry.changed(&before, &after))?)
}
