//! Proving who one is: the second factor on the way in, a passkey alone, and
//! once more before what must not be done by somebody else at the keyboard.

use serde_json::{Value, json};
use webauthn_rs::prelude::{Passkey, PublicKeyCredential};

use crate::base::{Secret, Time};
use crate::journal::{self, Entry};
use crate::people::factors::{Ceremony, Seed, host, relying_party};
use crate::people::model::Error;
use crate::people::pages::People;
use crate::people::{sql, token};
use crate::store::{Error as StoreError, Key, Transaction};
use crate::web::{UserId, Viewer};

use super::entering::{Came, open_session, refuse};

/// Names the key that seals seeds.
const SEEDS: &str = "factors";

/// What somebody shows.
pub(in crate::people) enum Proof {
    Password(Secret),
    /// Of the app, or a recovery code.
    Code(Secret),
}

/// Why they show it; names the line in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::people) enum Purpose {
    Unlock,
    Confirm,
}

impl Purpose {
    fn action(self) -> &'static str {
        match self {
            Purpose::Unlock => "session.unlocked",
            Purpose::Confirm => "session.confirmed",
        }
    }
}

pub(super) fn seed_key(people: &People) -> Result<Key, StoreError> {
    Ok(people.site.keyring.key_of(SEEDS)?.key)
}

/// Uses a code up, in the transaction of what it is good for. Says which kind
/// it was.
fn spend(
    tx: &Transaction<'_>,
    key: &Key,
    user: UserId,
    typed: &Secret,
    now: Time,
) -> Result<&'static str, Error> {
    let meant: String = typed.reveal().split_whitespace().collect();
    let is_app = meant.len() == 6 && meant.bytes().all(|byte| byte.is_ascii_digit());
    if !is_app {
        let hash = token::code_hash(&meant);
        let was_good = sql::use_recovery(tx, user, &hash, now)?;
        return was_good.then_some("recovery").ok_or(Error::WrongFactor);
    }
    let sealed = sql::seed(tx, user)?.ok_or(Error::WrongFactor)?;
    let step = Seed::open(key, user, &sealed)?.step_of(&meant, now);
    let step = step.ok_or(Error::WrongFactor)?;
    let was_good = sql::use_step(tx, user, step)?;
    was_good.then_some("app").ok_or(Error::WrongFactor)
}

fn throttled(user: UserId) -> String {
    format!("second:{user}")
}

/// The address of whoever is half in, and what they have to prove it with.
pub(in crate::people) async fn half(
    people: &People,
    half: &str,
) -> Result<(String, crate::people::factors::Holds), Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(half));
    let found = people.site.system.read(move |conn| {
        let Some((user, email, _)) = sql::half(conn, &hash, now)? else {
            return Ok::<_, StoreError>(None);
        };
        Ok(Some((email, sql::holds(conn, user)?)))
    });
    found.await?.ok_or(Error::HalfOver)
}

/// Takes the second factor of whoever is half in, and opens their session.
pub(in crate::people) async fn second(
    people: &People,
    half: &str,
    code: Secret,
    came: Came,
) -> Result<Secret, Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(half));
    let asked = hash.clone();
    let found = people
        .site
        .system
        .read(move |conn| sql::half(conn, &asked, now));
    let (user, email, first) = found.await?.ok_or(Error::HalfOver)?;
    if let Some(seconds) = people.throttle.wait(&throttled(user), came.address, now) {
        return Err(Error::Throttled(seconds));
    }
    let (key, from) = (seed_key(people)?, came.clone());
    let opened = people
        .site
        .system
        .write(move |tx| {
            if !sql::end_half(tx, &hash, now)? {
                return Err(Error::HalfOver);
            }
            let kind = spend(tx, &key, user, &code, now)?;
            let (session, entry) = open_session(tx, user, &format!("{first}+{kind}"), &from, now)?;
            journal::record(tx, &entry)?;
            Ok(session)
        })
        .await;
    match opened {
        Ok(session) => {
            people.throttle.succeeded(&throttled(user), came.address);
            Ok(session)
        }
        Err(error @ Error::WrongFactor) => {
            people.throttle.failed(&throttled(user), came.address, now);
            let why = "the second factor was wrong";
            refuse(people, (email, came), ("session.refused", why)).await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// Takes a proof from somebody signed in: unlocks their session, or makes it
/// fresh again.
pub(in crate::people) async fn prove(
    people: &People,
    who: &Viewer,
    session: &str,
    proof: Proof,
    purpose: Purpose,
) -> Result<(), Error> {
    let now = people.site.clock.now();
    let (user, email) = (who.person.id, who.person.email.clone());
    if let Some(seconds) = people.throttle.wait(&throttled(user), who.address, now) {
        return Err(Error::Throttled(seconds));
    }
    let code = match proof {
        Proof::Code(code) => Some(code),
        Proof::Password(words) => {
            let known = people
                .site
                .system
                .read(move |conn| sql::credentials(conn, &email));
            let kept = known.await?.and_then(|(_, hash)| hash);
            if !people.passwords.fits(words, kept).await? {
                people.throttle.failed(&throttled(user), who.address, now);
                refuse_proof(people, who, purpose.action()).await?;
                return Err(Error::Unknown);
            }
            None
        }
    };
    let (key, hash, actor) = (seed_key(people)?, token::hash(session), who.actor());
    let email = who.person.email.clone();
    let proven = people
        .site
        .system
        .write(move |tx| {
            let kind = match &code {
                Some(code) => spend(tx, &key, user, code, now)?,
                None => "password",
            };
            // A password unlocks; it is no second factor where there is one.
            let is_whole = code.is_some() || !sql::holds(tx, user)?.has_factor();
            if purpose == Purpose::Confirm && !is_whole {
                return Err(Error::WrongFactor);
            }
            sql::prove_session(tx, user, &hash, now, is_whole)?;
            let entry = Entry::new(now, &actor, purpose.action(), email);
            journal::record(tx, &entry.with(json!({ "method": kind })))?;
            Ok::<_, Error>(())
        })
        .await;
    if matches!(proven, Err(Error::WrongFactor)) {
        people.throttle.failed(&throttled(user), who.address, now);
        refuse_proof(people, who, purpose.action()).await?;
    }
    proven?;
    people.throttle.succeeded(&throttled(user), who.address);
    people.sessions.forget(user);
    Ok(())
}

/// Writes down that somebody signed in did not prove who they are; `purpose` is
/// the action that would have followed.
pub(super) async fn refuse_proof(
    people: &People,
    who: &Viewer,
    purpose: &'static str,
) -> Result<(), Error> {
    let (now, actor, email) = (
        people.site.clock.now(),
        who.actor(),
        who.person.email.clone(),
    );
    people
        .site
        .system
        .write(move |tx| {
            let entry = Entry::new(now, &actor, "proof.refused", email);
            let entry = entry.refused("what was shown does not prove who it is");
            journal::record(tx, &entry.with(json!({ "for": purpose })))?;
            Ok(())
        })
        .await
}

/// Begins a sign-in by passkey: what the browser is asked, and the ceremony's name.
pub(in crate::people) fn begin_sign_in(
    people: &People,
    origin: &str,
) -> Result<(Value, String), Error> {
    let wrong = || Error::WrongPasskey;
    let party = relying_party(origin).map_err(|_unfit| wrong())?;
    let (asked, state) = party
        .start_discoverable_authentication()
        .map_err(|_refused| wrong())?;
    let ceremony = token::token()?.reveal().to_owned();
    let state = Ceremony::SignIn(Box::new(state));
    let now = people.site.clock.now();
    people.ceremonies.put(ceremony.clone(), state, now);
    let asked = serde_json::to_value(asked).map_err(|_unwritable| wrong())?;
    Ok((asked, ceremony))
}

/// A passkey's answer that is right: whose it is, and what to keep of it.
struct Answered {
    id: String,
    user: UserId,
    before: String,
    after: String,
}

impl Answered {
    /// Of two answers made from the same state, one counts.
    fn keep(&self, tx: &Transaction<'_>, now: Time) -> Result<(), Error> {
        let was_good = sql::use_passkey(tx, &self.id, &self.before, &self.after, now)?;
        was_good.then_some(()).ok_or(Error::WrongPasskey)
    }
}

async fn answered(
    people: &People,
    origin: &str,
    ceremony: &str,
    answer: &PublicKeyCredential,
) -> Result<Answered, Error> {
    let now = people.site.clock.now();
    let wrong = || Error::WrongPasskey;
    let Some(Ceremony::SignIn(state)) = people.ceremonies.take(ceremony, now) else {
        return Err(wrong());
    };
    let host = host(origin).map_err(|_unfit| wrong())?;
    let party = relying_party(origin).map_err(|_unfit| wrong())?;
    let (owner, credential) = party
        .identify_discoverable_authentication(answer)
        .map_err(|_refused| wrong())?;
    let credential = credential.to_vec();
    let found = people
        .site
        .system
        .read(move |conn| sql::passkey(conn, &credential, &host));
    let (id, user, _, before) = found.await?.ok_or_else(wrong)?;
    let mut key: Passkey = serde_json::from_str(&before).map_err(|_unreadable| wrong())?;
    let result = party
        .finish_discoverable_authentication_v2(answer, *state, &key)
        .map_err(|refused| {
            tracing::warn!(user = %user, "a passkey of user {user} was refused: {refused}");
            wrong()
        })?;
    if user.0 != owner || !result.user_verified() {
        return Err(wrong());
    }
    key.update_credential(&result);
    let after = serde_json::to_string(&key).map_err(|_unwritable| wrong())?;
    Ok(Answered {
        id,
        user,
        before,
        after,
    })
}

/// Signs somebody in by a passkey alone: it is something they have and, by
/// finger or PIN, something they are or know.
pub(in crate::people) async fn enter_by_passkey(
    people: &People,
    origin: &str,
    ceremony: &str,
    answer: &PublicKeyCredential,
    came: Came,
) -> Result<Secret, Error> {
    let now = people.site.clock.now();
    let answered = match answered(people, origin, ceremony, answer).await {
        Ok(answered) => answered,
        Err(error) => {
            let (who, why) = ("a passkey".to_owned(), "the passkey did not fit");
            refuse(people, (who, came), ("session.refused", why)).await?;
            return Err(error);
        }
    };
    people
        .site
        .system
        .write(move |tx| {
            answered.keep(tx, now)?;
            sql::end_halves(tx, answered.user)?;
            let (session, entry) = open_session(tx, answered.user, "passkey", &came, now)?;
            journal::record(tx, &entry)?;
            Ok(session)
        })
        .await
}

/// The same proof from somebody signed in.
pub(in crate::people) async fn prove_by_passkey(
    people: &People,
    who: &Viewer,
    session: &str,
    (origin, ceremony): (&str, &str),
    answer: &PublicKeyCredential,
) -> Result<(), Error> {
    let (now, user) = (people.site.clock.now(), who.person.id);
    let purpose = if who.standing.is_locked {
        Purpose::Unlock
    } else {
        Purpose::Confirm
    };
    let answered = answered(people, origin, ceremony, answer).await;
    let answered = match answered {
        Ok(answered) if answered.user == user => answered,
        Ok(_) | Err(Error::WrongPasskey) => {
            refuse_proof(people, who, purpose.action()).await?;
            return Err(Error::WrongPasskey);
        }
        Err(error) => return Err(error),
    };
    let (hash, actor) = (token::hash(session), who.actor());
    let email = who.person.email.clone();
    people
        .site
        .system
        .write(move |tx| {
            answered.keep(tx, now)?;
            sql::prove_session(tx, user, &hash, now, true)?;
            let entry = Entry::new(now, &actor, purpose.action(), email);
            journal::record(tx, &entry.with(json!({ "method": "passkey" })))?;
            Ok::<_, Error>(())
        })
        .await?;
    people.sessions.forget(user);
    Ok(())
}
