//! How somebody comes in: the first admin by a code, the others by a link, and
//! everybody after that with their password.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::json;

use crate::base::{Secret, Time};
use crate::journal::{self, Actor, Entry, Seen};
use crate::people::factors::SignIn;
use crate::people::federation;
use crate::people::model::{Error, NewUser, Password};
use crate::people::pages::People;
use crate::people::sql::NewSession;
use crate::people::{sql, token};
use crate::store::{Error as StoreError, Transaction};
use crate::web::UserId;

use super::members::found;

/// How long the second factor may take after the first.
const HALF: i64 = 10 * Time::MINUTE;

/// Where a request came from.
#[derive(Clone, Debug)]
pub(in crate::people) struct Came {
    pub(in crate::people) address: IpAddr,
    pub(in crate::people) agent: String,
    /// What the journal wants to know of the request.
    pub(in crate::people) seen: Arc<Seen>,
}

impl Came {
    /// Whoever shows by `method` that an account is theirs, before they are in.
    pub(in crate::people) fn actor(
        &self,
        user: UserId,
        (email, name): (&str, &str),
        method: &str,
    ) -> Actor {
        let seen = Seen {
            method: method.to_owned(),
            ..Seen::clone(&self.seen)
        };
        Actor {
            user: Some(user.to_string()),
            name: name.to_owned(),
            email: email.to_owned(),
            ..Actor::stranger(&Arc::new(seen))
        }
    }
}

/// Whoever came in by `method` just now, or is about to, for the line that says
/// so; the workspace they come into tells of it.
fn entered(
    tx: &Transaction<'_>,
    user: UserId,
    (came, method): (&Came, &str),
    session: Option<&Secret>,
) -> Result<Actor, StoreError> {
    let (email, name) = sql::called(tx, user)?;
    let actor = came.actor(user, (&email, &name), method);
    let seen = Seen {
        session: session.map_or_else(String::new, |session| {
            token::name(&token::hash(session.reveal()))
        }),
        ..Seen::clone(&actor.seen)
    };
    Ok(Actor {
        workspace: sql::home(tx, user)?,
        seen: Arc::new(seen),
        ..actor
    })
}

/// What the set-up form says.
pub(in crate::people) struct SetUp {
    pub(in crate::people) code: String,
    pub(in crate::people) workspace: String,
    pub(in crate::people) new: NewUser,
    pub(in crate::people) password: Password,
}

/// What the way in led to.
pub(in crate::people) enum Entered {
    /// A session's token.
    In(Secret),
    /// The token of a half session: the second factor is still owed.
    Half(Secret),
}

/// Opens a session for somebody who proved all there is to prove. `method` says
/// with what: `password+app`. Gives the line for the journal.
pub(in crate::people) fn open_session(
    tx: &Transaction<'_>,
    user: UserId,
    method: &str,
    came: &Came,
    now: Time,
) -> Result<(Secret, Entry), Error> {
    let made = token::token()?;
    let address = came.address.to_string();
    let new = NewSession {
        hash: &token::hash(made.reveal()),
        user,
        now,
        address: &address,
        agent: &came.agent,
        method,
    };
    sql::add_session(tx, &new)?;
    let sign_in = SignIn {
        at: now,
        address,
        agent: came.agent.clone(),
        method: method.to_owned(),
    };
    sql::add_sign_in(tx, user, &sign_in)?;
    let actor = entered(tx, user, (came, method), Some(&made))?;
    let entry = Entry::new(now, &actor, "session.opened", actor.email.as_str());
    Ok((made, entry.with(json!({ "method": method }))))
}

/// Lets in whoever proved a first factor: whole, or half when they have a
/// second one. Gives the line for the journal.
pub(in crate::people) fn admit(
    tx: &Transaction<'_>,
    user: UserId,
    method: &str,
    came: &Came,
    now: Time,
) -> Result<(Entered, Entry), Error> {
    if !sql::holds(tx, user)?.has_factor() {
        let (session, entry) = open_session(tx, user, method, came, now)?;
        return Ok((Entered::In(session), entry));
    }
    let made = token::token()?;
    sql::add_half(
        tx,
        &token::hash(made.reveal()),
        user,
        method,
        now.plus(HALF),
    )?;
    let actor = entered(tx, user, (came, method), None)?;
    let entry = Entry::new(now, &actor, "session.begun", actor.email.as_str());
    let entry = entry.with(json!({ "method": method }));
    Ok((Entered::Half(made), entry))
}

/// Uses the code up, makes the workspace and its first admin, and signs them
/// in. Of any number who try at once, one comes in.
pub(in crate::people) async fn set_up(
    people: &People,
    form: SetUp,
    came: Came,
) -> Result<Secret, Error> {
    let now = people.site.clock.now();
    let hash = token::code_hash(&form.code);
    if let Some(seconds) = people.throttle.wait("set-up", came.address, now) {
        return Err(Error::Throttled(seconds));
    }
    let password = people.passwords.hash(form.password).await?;
    let (new, workspace, address) = (form.new, form.workspace, came.address);
    let entered = people
        .site
        .system
        .write(move |tx| {
            if !sql::is_empty(tx)? {
                return Err(Error::SetUp);
            }
            if !sql::use_code(tx, &hash, now)? {
                return Err(Error::WrongCode);
            }
            let (_, user) = found(tx, &new, &workspace, Some(&password), now)?;
            let actor = entered(tx, user, (&came, "code"), None)?;
            journal::record(tx, &Entry::new(now, &actor, "instance.set_up", workspace))?;
            let (made, opened) = open_session(tx, user, "password", &came, now)?;
            journal::record(tx, &opened)?;
            Ok(made)
        })
        .await;
    if matches!(entered, Err(Error::WrongCode)) {
        people.throttle.failed("set-up", address, now);
    }
    entered
}

/// Opens a session for whoever knows the password. The same answer, after the
/// same work, for a wrong password and for nobody at all.
pub(in crate::people) async fn sign_in(
    people: &People,
    email: &str,
    words: Secret,
    came: Came,
) -> Result<Entered, Error> {
    let now = people.site.clock.now();
    let account = email.trim().to_lowercase();
    if let Some(seconds) = people.throttle.wait(&account, came.address, now) {
        if people.throttle.is_news(&account, came.address, now) {
            refuse(
                people,
                (account, came),
                ("session.throttled", "too many tries"),
            )
            .await?;
        }
        return Err(Error::Throttled(seconds));
    }
    let name = account.clone();
    let known = people
        .site
        .system
        .read(move |conn| sql::credentials(conn, &name))
        .await?;
    let (user, hash) = known.unzip();
    let fits = people.passwords.fits(words.clone(), hash.flatten()).await?;
    let Some(user) = user.filter(|_| fits) else {
        if let Some(made) = elsewhere(people, &account, &words, &came).await? {
            people.throttle.succeeded(&account, came.address);
            return Ok(made);
        }
        people.throttle.failed(&account, came.address, now);
        let why = "the e-mail address or the password is wrong";
        refuse(people, (account, came), ("session.refused", why)).await?;
        return Err(Error::Unknown);
    };
    people.throttle.succeeded(&account, came.address);
    let entered = people.site.system.write(move |tx| {
        let (entered, entry) = admit(tx, user, "password", &came, now)?;
        journal::record(tx, &entry)?;
        Ok(entered)
    });
    entered.await
}

/// The password may be one that a directory keeps.
async fn elsewhere(
    people: &People,
    account: &str,
    words: &Secret,
    came: &Came,
) -> Result<Option<Entered>, Error> {
    let entered = federation::by_directory(people, account, words, came).await;
    entered.map_err(|error| match error {
        federation::Error::People(error) => error,
        federation::Error::Store(error) => error.into(),
        other => Error::Elsewhere(other.to_string()),
    })
}

/// Writes down that somebody did not come in. The account's workspace sees it.
pub(super) async fn refuse(
    people: &People,
    (account, came): (String, Came),
    (action, why): (&'static str, &'static str),
) -> Result<(), Error> {
    let now = people.site.clock.now();
    people
        .site
        .system
        .write(move |tx| {
            let mut actor = Actor::stranger(&came.seen);
            if let Some((user, _)) = sql::credentials(tx, &account)? {
                actor.workspace = sql::home(tx, user)?;
            }
            sql::note_refusal(tx, &account, now)?;
            let entry = Entry::new(now, &actor, action, account).refused(why);
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await
}

/// Whom a link is for.
pub(in crate::people) struct LinkOwner {
    pub(in crate::people) email: String,
    pub(in crate::people) name: String,
    /// An invitation: it asks for a name and a password.
    pub(in crate::people) joins: bool,
    pub(in crate::people) must_have_factor: bool,
}

impl LinkOwner {
    /// What a page says under the field for a password.
    pub(in crate::people) fn password_help(&self) -> String {
        Password::help(self.must_have_factor)
    }
}

pub(in crate::people) async fn look_at_link(
    people: &People,
    link: &str,
) -> Result<LinkOwner, Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(link));
    let owner = people.site.system.read(move |conn| {
        let Some((user, email, name, purpose)) = sql::link(conn, &hash, now)? else {
            return Ok::<_, StoreError>(None);
        };
        Ok(Some(LinkOwner {
            email,
            name,
            joins: purpose == "join",
            must_have_factor: sql::must_have_factor(conn, user)?,
        }))
    });
    owner.await?.ok_or(Error::StaleLink)
}

/// Uses a link up and lets its owner in; with a name and a password if it was
/// an invitation. A link stands in for the password, not for the second factor.
pub(in crate::people) async fn take_link(
    people: &People,
    link: &str,
    chosen: Option<(String, Password)>,
    came: Came,
) -> Result<Entered, Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(link));
    let chosen = match chosen {
        Some((name, password)) => Some((name, people.passwords.hash(password).await?)),
        None => None,
    };
    let (entered, user) = people
        .site
        .system
        .write(move |tx| {
            let user = sql::use_link(tx, &hash, now)?.ok_or(Error::StaleLink)?;
            if let Some((name, password)) = &chosen {
                sql::set_name(tx, user, name)?;
                sql::set_password(tx, user, password)?;
                sql::take(tx, &hash, user, now)?;
                sql::end_sessions(tx, user, b"")?;
                sql::end_halves(tx, user)?;
                sql::drop_links(tx, user)?;
                let actor = entered(tx, user, (&came, "link"), None)?;
                let email = actor.email.as_str();
                journal::record(tx, &Entry::new(now, &actor, "member.joined", email))?;
            }
            let (entered, entry) = admit(tx, user, "link", &came, now)?;
            journal::record(tx, &entry)?;
            Ok::<_, Error>((entered, user))
        })
        .await?;
    people.sessions.forget(user);
    Ok(entered)
}

/// Notes that a session was in use. News of no importance: it is the one write
/// that leaves no line.
pub(in crate::people) async fn seen(people: &People, hash: Vec<u8>, now: Time) {
    let noted = people
        .site
        .system
        .write(move |tx| sql::touch_session(tx, &hash, now))
        .await;
    if let Err(error) = noted {
        tracing::warn!("when a session was last seen could not be kept: {error}");
    }
}
