//! What people do about their second factors, and admins about those of others.

use serde_json::{Value, json};
use webauthn_rs::prelude::RegisterPublicKeyCredential;

use crate::base::Secret;
use crate::journal::{self, Actor, Entry};
use crate::people::factors::{Ceremony, Seed, host, relying_party};
use crate::people::model::{Email, Error};
use crate::people::pages::People;
use crate::people::sql::NewPasskey;
use crate::people::{sql, token};
use crate::site::Site;
use crate::store::{Error as StoreError, Transaction};
use crate::web::{UserId, Viewer};

use super::members::console_on;
use super::proving::seed_key;

const RECOVERY_CODES: usize = 10;

/// The seed of an app that is being set up: in memory until its first code is
/// right, the same one as long as the page is open.
pub(in crate::people) fn pending_seed(people: &People, user: UserId) -> Result<Seed, Error> {
    let (now, name) = (people.site.clock.now(), user.to_string());
    if let Some(seed) = people.seeds.look(&name, now, Seed::clone) {
        return Ok(seed);
    }
    let seed = Seed::random()?;
    people.seeds.put(name, seed.clone(), now);
    Ok(seed)
}

/// Recovery codes in place of those there were.
fn renew_codes(tx: &Transaction<'_>, user: UserId) -> Result<Vec<Secret>, StoreError> {
    sql::drop_recovery(tx, user)?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = token::code()?;
        sql::add_recovery(tx, user, &token::code_hash(code.reveal()))?;
        codes.push(code);
    }
    Ok(codes)
}

/// Keeps the app whose first code is right. Gives recovery codes when there
/// were none; they are shown this once.
pub(in crate::people) async fn add_app(
    people: &People,
    who: &Viewer,
    code: &str,
    session: &str,
) -> Result<Vec<Secret>, Error> {
    let (now, user, actor) = (people.site.clock.now(), who.person.id, who.actor());
    let seed = pending_seed(people, user)?;
    let meant: String = code.split_whitespace().collect();
    let step = seed.step_of(&meant, now).ok_or(Error::WrongFactor)?;
    let sealed = seed.seal(&seed_key(people)?, user)?;
    let (hash, email) = (token::hash(session), who.person.email.clone());
    let codes = people
        .site
        .system
        .write(move |tx| {
            if !sql::add_totp(tx, user, &sealed, step, now)? {
                return Err(Error::HasApp);
            }
            let codes = match sql::holds(tx, user)?.codes {
                0 => renew_codes(tx, user)?,
                _ => Vec::new(),
            };
            sql::prove_session(tx, user, &hash, now, true)?;
            let entry = Entry::new(now, &actor, "factor.added", email);
            journal::record(tx, &entry.with(json!({ "factor": "app" })))?;
            Ok(codes)
        })
        .await?;
    people.seeds.take(&user.to_string(), now);
    people.sessions.forget(user);
    Ok(codes)
}

/// Takes the app away, and the recovery codes when nothing else is left.
pub(in crate::people) async fn remove_app(people: &People, who: &Viewer) -> Result<(), Error> {
    let (now, user, actor) = (people.site.clock.now(), who.person.id, who.actor());
    let email = who.person.email.clone();
    people
        .site
        .system
        .write(move |tx| {
            if !sql::drop_totp(tx, user)? {
                return Err(StoreError::NotFound);
            }
            tidy_codes(tx, user)?;
            let entry = Entry::new(now, &actor, "factor.removed", email);
            journal::record(tx, &entry.with(json!({ "factor": "app" })))
        })
        .await?;
    people.sessions.forget(user);
    Ok(())
}

fn tidy_codes(tx: &Transaction<'_>, user: UserId) -> Result<(), StoreError> {
    if sql::holds(tx, user)?.has_factor() {
        return Ok(());
    }
    sql::drop_recovery(tx, user)
}

/// New recovery codes; the old ones are worthless from now on.
pub(in crate::people) async fn make_codes(
    people: &People,
    who: &Viewer,
) -> Result<Vec<Secret>, Error> {
    let (now, user, actor) = (people.site.clock.now(), who.person.id, who.actor());
    let email = who.person.email.clone();
    let codes = people
        .site
        .system
        .write(move |tx| {
            // Codes stand in for a factor; alone they would be one.
            if !sql::holds(tx, user)?.has_factor() {
                return Err(StoreError::NotFound);
            }
            let codes = renew_codes(tx, user)?;
            journal::record(tx, &Entry::new(now, &actor, "codes.made", email))?;
            Ok(codes)
        })
        .await?;
    Ok(codes)
}

/// Begins to make a passkey: what the browser is asked, and the ceremony's name.
pub(in crate::people) async fn begin_passkey(
    people: &People,
    who: &Viewer,
    origin: &str,
) -> Result<(Value, String), Error> {
    let (now, user) = (people.site.clock.now(), who.person.id);
    let party = relying_party(origin).map_err(|_unfit| Error::WrongPasskey)?;
    let known = people
        .site
        .system
        .read(move |conn| sql::passkeys(conn, user));
    let known = known.await?.into_iter().map(|key| key.credential);
    let (asked, state) = party
        .start_passkey_registration(
            user.0,
            &who.person.email,
            &who.person.name,
            Some(known.collect()),
        )
        .map_err(|_refused| Error::WrongPasskey)?;
    // Kept in the device, so that it signs in without a name being typed.
    let mut asked = serde_json::to_value(asked).map_err(|_unwritable| Error::WrongPasskey)?;
    let wish = &mut asked["publicKey"]["authenticatorSelection"];
    wish["residentKey"] = json!("required");
    wish["requireResidentKey"] = json!(true);
    let ceremony = token::token()?.reveal().to_owned();
    let state = Ceremony::Register(user, Box::new(state));
    people.ceremonies.put(ceremony.clone(), state, now);
    Ok((asked, ceremony))
}

/// Keeps the passkey the browser made.
pub(in crate::people) async fn add_passkey(
    people: &People,
    who: &Viewer,
    (origin, ceremony): (&str, &str),
    name: String,
    made: &RegisterPublicKeyCredential,
) -> Result<(), Error> {
    let (now, user, actor) = (people.site.clock.now(), who.person.id, who.actor());
    let wrong = || Error::WrongPasskey;
    let state = match people.ceremonies.take(ceremony, now) {
        Some(Ceremony::Register(owner, state)) if owner == user => state,
        _ => return Err(wrong()),
    };
    let host = host(origin).map_err(|_unfit| wrong())?;
    let party = relying_party(origin).map_err(|_unfit| wrong())?;
    let key = party
        .finish_passkey_registration(made, &state)
        .map_err(|refused| {
            tracing::warn!(user = %user, "a passkey of user {user} was not kept: {refused}");
            wrong()
        })?;
    let json = serde_json::to_string(&key).map_err(|_unwritable| wrong())?;
    let email = who.person.email.clone();
    people
        .site
        .system
        .write(move |tx| {
            let new = NewPasskey {
                id: &UserId::new(now).to_string(),
                user,
                credential: key.cred_id(),
                host: &host,
                name: &name,
                key: &json,
            };
            if !sql::add_passkey(tx, &new, now)? {
                return Err(Error::HasPasskey);
            }
            let entry = Entry::new(now, &actor, "factor.added", email);
            journal::record(
                tx,
                &entry.with(json!({ "factor": "passkey", "name": name })),
            )?;
            Ok(())
        })
        .await?;
    people.sessions.forget(user);
    Ok(())
}

pub(in crate::people) async fn rename_passkey(
    people: &People,
    who: &Viewer,
    id: String,
    name: String,
) -> Result<(), Error> {
    let (now, user, actor) = (people.site.clock.now(), who.person.id, who.actor());
    people
        .site
        .system
        .write(move |tx| {
            if !sql::rename_passkey(tx, user, &id, &name)? {
                return Err(StoreError::NotFound);
            }
            journal::record(tx, &Entry::new(now, &actor, "passkey.renamed", name))
        })
        .await?;
    Ok(())
}

pub(in crate::people) async fn remove_passkey(
    people: &People,
    who: &Viewer,
    id: String,
) -> Result<String, Error> {
    let (now, user, actor) = (people.site.clock.now(), who.person.id, who.actor());
    let email = who.person.email.clone();
    let name = people
        .site
        .system
        .write(move |tx| {
            let name = sql::drop_passkey(tx, user, &id)?;
            tidy_codes(tx, user)?;
            let entry = Entry::new(now, &actor, "factor.removed", email);
            let detail = json!({ "factor": "passkey", "name": name });
            journal::record(tx, &entry.with(detail))?;
            Ok::<_, StoreError>(name)
        })
        .await?;
    people.sessions.forget(user);
    Ok(name)
}

/// Takes away all second factors of somebody who lost them, and ends their
/// sessions. They sign in with their password and, where one is demanded, set
/// up a new one. Gives the line for the journal.
fn forget_factors(
    tx: &Transaction<'_>,
    user: UserId,
    actor: &Actor,
    now: crate::base::Time,
) -> Result<Entry, StoreError> {
    sql::drop_totp(tx, user)?;
    sql::drop_passkeys(tx, user)?;
    sql::drop_recovery(tx, user)?;
    sql::end_halves(tx, user)?;
    sql::end_sessions(tx, user, b"")?;
    let (email, _) = sql::called(tx, user)?;
    Ok(Entry::new(now, actor, "factors.reset", email))
}

/// For a member of the viewer's own workspace, not for oneself.
pub(in crate::people) async fn reset_factors(
    people: &People,
    who: &Viewer,
    user: UserId,
) -> Result<String, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let me = who.person.id;
    let name = people
        .site
        .system
        .write(move |tx| {
            let member = sql::member_of(tx, workspace, user)?;
            // An account that others rely on too is no single admin's to weaken.
            let is_ours = sql::is_only_here(tx, workspace, user)?;
            if user == me || member.operator || !is_ours {
                return Err(Error::NotYours);
            }
            let entry = forget_factors(tx, user, &actor, now)?;
            journal::record(tx, &entry)?;
            Ok(member.name)
        })
        .await?;
    people.sessions.forget(user);
    Ok(name)
}

/// The command line's way, for anybody.
pub async fn forget_factors_of(site: &Site, email: &Email) -> Result<(), Error> {
    let (now, email) = (site.clock.now(), email.clone());
    site.system
        .write(move |tx| {
            let user = sql::id_of(tx, &email)?;
            let entry = forget_factors(tx, user, &console_on(tx, user)?, now)?;
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await
}
