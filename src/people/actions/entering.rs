//! How somebody comes in: the first admin by a code, the others by a link, and
//! everybody after that with their password.

use std::net::IpAddr;
use std::sync::Arc;

use crate::base::{Secret, Time};
use crate::journal::{self, Actor, Entry, Seen};
use crate::people::model::{Error, NewUser, Password};
use crate::people::pages::People;
use crate::people::sql::NewSession;
use crate::people::{sql, token};
use crate::store::{Error as StoreError, Transaction};
use crate::web::UserId;

use super::members::found;

/// A session ends after this, whatever happens in it.
const SESSION: i64 = 7 * Time::DAY;

/// Where a request came from.
#[derive(Clone, Debug)]
pub(in crate::people) struct Came {
    pub(in crate::people) address: IpAddr,
    pub(in crate::people) agent: String,
    /// What the journal wants to know of the request.
    pub(in crate::people) seen: Arc<Seen>,
}

/// Whoever came in by `method` just now, for the line that says so.
fn entered(
    tx: &Transaction<'_>,
    user: UserId,
    (came, method): (&Came, &str),
    session: &Secret,
) -> Result<Actor, StoreError> {
    let (email, name) = sql::called(tx, user)?;
    let seen = Seen {
        session: token::name(&token::hash(session.reveal())),
        method: method.to_owned(),
        ..Seen::clone(&came.seen)
    };
    let actor = Actor {
        user: Some(user.to_string()),
        name,
        email,
        workspace: sql::home(tx, user)?,
        ..Actor::stranger(&Arc::new(seen))
    };
    Ok(actor)
}

/// What the set-up form says.
pub(in crate::people) struct SetUp {
    pub(in crate::people) code: String,
    pub(in crate::people) workspace: String,
    pub(in crate::people) new: NewUser,
    pub(in crate::people) password: Password,
}

fn open_session(
    tx: &Transaction<'_>,
    user: UserId,
    came: &Came,
    now: Time,
) -> Result<Secret, Error> {
    let made = token::token()?;
    let new = NewSession {
        hash: &token::hash(made.reveal()),
        user,
        now,
        expires: now.plus(SESSION),
        address: &came.address.to_string(),
        agent: &came.agent,
    };
    sql::add_session(tx, &new)?;
    Ok(made)
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
            let made = open_session(tx, user, &came, now)?;
            let actor = entered(tx, user, (&came, "code"), &made)?;
            journal::record(tx, &Entry::new(now, &actor, "instance.set_up", workspace))?;
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
) -> Result<Secret, Error> {
    let now = people.site.clock.now();
    let account = email.trim().to_lowercase();
    if let Some(seconds) = people.throttle.wait(&account, came.address, now) {
        if people.throttle.is_news(&account, came.address, now) {
            refuse(
                people,
                (account, came),
                ("session.throttled", "too many tries"),
                now,
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
    let fits = people.passwords.fits(words, hash.flatten()).await?;
    let Some(user) = user.filter(|_| fits) else {
        people.throttle.failed(&account, came.address, now);
        let why = "the e-mail address or the password is wrong";
        refuse(people, (account, came), ("session.refused", why), now).await?;
        return Err(Error::Unknown);
    };
    people.throttle.succeeded(&account, came.address);
    let made = people
        .site
        .system
        .write(move |tx| {
            let made = open_session(tx, user, &came, now)?;
            let actor = entered(tx, user, (&came, "password"), &made)?;
            journal::record(tx, &Entry::new(now, &actor, "session.opened", account))?;
            Ok::<_, Error>(made)
        })
        .await?;
    Ok(made)
}

/// Writes down that somebody did not come in. The account's workspace sees it.
async fn refuse(
    people: &People,
    (account, came): (String, Came),
    (action, why): (&'static str, &'static str),
    now: Time,
) -> Result<(), Error> {
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

/// Whom a link is for: address, name, and whether it asks for a password.
pub(in crate::people) async fn look_at_link(
    people: &People,
    link: &str,
) -> Result<(String, String, bool), Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(link));
    let found = people
        .site
        .system
        .read(move |conn| sql::link(conn, &hash, now))
        .await?;
    let (_, email, name, purpose) = found.ok_or(Error::StaleLink)?;
    Ok((email, name, purpose == "join"))
}

/// Uses a link up and signs its owner in; with a name and a password if it
/// was an invitation.
pub(in crate::people) async fn take_link(
    people: &People,
    link: &str,
    chosen: Option<(String, Password)>,
    came: Came,
) -> Result<Secret, Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(link));
    let chosen = match chosen {
        Some((name, password)) => Some((name, people.passwords.hash(password).await?)),
        None => None,
    };
    let (made, user) = people
        .site
        .system
        .write(move |tx| {
            let user = sql::use_link(tx, &hash, now)?.ok_or(Error::StaleLink)?;
            let mut action = "session.opened";
            if let Some((name, password)) = &chosen {
                sql::set_name(tx, user, name)?;
                sql::set_password(tx, user, password)?;
                sql::take(tx, &hash, user, now)?;
                sql::end_sessions(tx, user, b"")?;
                sql::drop_links(tx, user)?;
                action = "member.joined";
            }
            let made = open_session(tx, user, &came, now)?;
            let actor = entered(tx, user, (&came, "link"), &made)?;
            let entry = Entry::new(now, &actor, action, actor.email.as_str());
            journal::record(tx, &entry)?;
            Ok::<_, Error>((made, user))
        })
        .await?;
    people.sessions.forget(user);
    Ok(made)
}

/// Notes that a session or a key was in use. News of no importance: it is the
/// one write that leaves no line.
pub(in crate::people) async fn seen(people: &People, hash: Vec<u8>, is_key: bool, now: Time) {
    let noted = people
        .site
        .system
        .write(move |tx| {
            if is_key {
                sql::touch_key(tx, &hash, now)
            } else {
                sql::touch_session(tx, &hash, now)
            }
        })
        .await;
    if let Err(error) = noted {
        tracing::warn!("when a session was last seen could not be kept: {error}");
    }
}
