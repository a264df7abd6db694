//! What people do about their own sessions and password.

use serde_json::json;

use crate::base::Secret;
use crate::journal::{self, Entry};
use crate::people::model::{Error, Password};
use crate::people::pages::People;
use crate::people::{sql, token};
use crate::store::Error as StoreError;
use crate::web::Viewer;

use super::proving::refuse_proof;

/// Ends the session with that token.
pub(in crate::people) async fn sign_out(
    people: &People,
    who: &Viewer,
    session: &str,
) -> Result<(), Error> {
    end(people, who, token::hash(session)).await
}

/// Ends one of the viewer's own sessions; `id` as the list shows it.
pub(in crate::people) async fn end_session(
    people: &People,
    who: &Viewer,
    id: &str,
) -> Result<(), Error> {
    let digit = |at: usize| u8::from_str_radix(id.get(at..at + 2)?, 16).ok();
    let hash = (0..32).map(|at| digit(2 * at)).collect::<Option<Vec<u8>>>();
    let hash = hash.ok_or(Error::Store(StoreError::NotFound))?;
    end(people, who, hash).await
}

async fn end(people: &People, who: &Viewer, hash: Vec<u8>) -> Result<(), Error> {
    let (now, actor, user) = (people.site.clock.now(), who.actor(), who.person.id);
    let email = who.person.email.clone();
    people
        .site
        .system
        .write(move |tx| {
            if sql::end_session(tx, user, &hash)? == 0 {
                return Err(StoreError::NotFound);
            }
            let entry = Entry::new(now, &actor, "session.ended", email);
            journal::record(tx, &entry.on("session", token::name(&hash)))
        })
        .await?;
    people.sessions.forget(user);
    Ok(())
}

/// Ends all of the viewer's sessions but this one. Gives how many.
pub(in crate::people) async fn end_all_sessions(
    people: &People,
    who: &Viewer,
    session: &str,
) -> Result<usize, Error> {
    let (now, actor, user) = (people.site.clock.now(), who.actor(), who.person.id);
    let (email, keep) = (who.person.email.clone(), token::hash(session));
    let ended = people
        .site
        .system
        .write(move |tx| {
            let ended = sql::end_sessions(tx, user, &keep)?;
            let entry = Entry::new(now, &actor, "sessions.ended", email);
            let entry = entry.on("user", user.to_string());
            journal::record(tx, &entry.with(json!({ "sessions": ended })))?;
            Ok::<_, StoreError>(ended)
        })
        .await?;
    people.sessions.forget(user);
    Ok(ended)
}

/// Takes a new password from somebody who knows the old one, or has none and
/// proved otherwise who they are just now; ends their other sessions.
pub(in crate::people) async fn change_password(
    people: &People,
    who: &Viewer,
    old: Option<Secret>,
    new: Password,
    session: &str,
) -> Result<(), Error> {
    let (now, actor, user) = (people.site.clock.now(), who.actor(), who.person.id);
    let (email, keep) = (who.person.email.clone(), token::hash(session));
    if let Some(seconds) = people.throttle.wait(&email, who.address, now) {
        return Err(Error::Throttled(seconds));
    }
    let name = email.clone();
    let known = people
        .site
        .system
        .read(move |conn| sql::credentials(conn, &name))
        .await?;
    let kept = known.and_then(|(_, hash)| hash);
    let asked_old = old.is_some();
    let is_theirs = match old {
        Some(old) => people.passwords.fits(old, kept).await?,
        None => kept.is_none() && who.standing.is_fresh,
    };
    if !is_theirs {
        people.throttle.failed(&email, who.address, now);
        if asked_old {
            refuse_proof(people, who, "password.changed").await?;
        }
        return Err(Error::Unknown);
    }
    let hash = people.passwords.hash(new).await?;
    people
        .site
        .system
        .write(move |tx| {
            sql::set_password(tx, user, &hash)?;
            sql::end_sessions(tx, user, &keep)?;
            sql::end_halves(tx, user)?;
            sql::drop_links(tx, user)?;
            journal::record(tx, &Entry::new(now, &actor, "password.changed", email))
        })
        .await?;
    people.sessions.forget(user);
    Ok(())
}
