//! What is done about the keys of programs, and what programs do with them.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::json;

use crate::base::{Secret, Time, text};
use crate::journal::{self, Actor, Entry, Seen, Via};
use crate::people::keys::{Key, NewKey, Refusal};
use crate::people::model::Error;
use crate::people::pages::People;
use crate::people::sessions::Pass;
use crate::people::sql::Kept;
use crate::people::{sql, token};
use crate::store::Error as StoreError;
use crate::web::{Standing, Viewer};

/// How many letters of a key are shown afterwards, to tell it from others.
const PREFIX: usize = 12;
/// When a key was last used is kept this exactly.
const NOTE: i64 = Time::MINUTE;

/// Makes a key for a program. It is shown this once and kept as a hash.
pub(in crate::people) async fn make_key(
    people: &People,
    who: &Viewer,
    new: NewKey,
) -> Result<Secret, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    let owner = (who.person.workspace, who.person.id);
    let key = Secret::from(format!("onsight_{}", token::token()?.reveal()));
    let made = key.clone();
    people
        .site
        .system
        .write(move |tx| {
            let kept = Kept {
                prefix: &made.reveal()[..PREFIX],
                hash: &token::hash(made.reveal()),
            };
            sql::add_key(tx, owner, &new, &kept, now)?;
            let entry = Entry::new(now, &actor, "key.made", new.name.as_str());
            let detail = json!({ "prefix": kept.prefix });
            let scope = json!({
                "apps": new.apps,
                "networks": new.networks.to_string(),
                "days": new.days,
            });
            journal::record(tx, &entry.with(detail).changed(&json!(null), &scope))?;
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(key)
}

/// Makes a key worthless, from the next request on: one's own, or as somebody
/// who manages members anybody's of the workspace.
pub(in crate::people) async fn revoke_key(
    people: &People,
    who: &Viewer,
    id: String,
    anybodys: bool,
) -> Result<String, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    let (workspace, owner) = (who.person.workspace, who.person.id);
    let (name, owner) = people
        .site
        .system
        .write(move |tx| {
            let of = (!anybodys).then_some(owner);
            let (name, owner) = sql::revoke_key(tx, workspace, of, &id, now)?;
            let entry = Entry::new(now, &actor, "key.revoked", name.as_str());
            journal::record(tx, &entry.with(json!({ "owner": owner.to_string() })))?;
            Ok::<_, StoreError>((name, owner))
        })
        .await?;
    people.sessions.forget(owner);
    Ok(name)
}

/// What the key opens; nothing when it is refused, and then the journal says
/// why. Whoever changes a key or its owner here has it forgotten, so that counts
/// from the next request on.
pub(in crate::people) async fn by_key(
    people: &People,
    words: &str,
    address: IpAddr,
    seen: &Arc<Seen>,
) -> Result<Option<Pass>, Error> {
    let (now, hash) = (people.site.clock.now(), token::hash(words));
    if let Some(pass) = people.sessions.recall(&hash, now, true)
        && let Some(key) = &pass.key
        && key.opens(address, now).is_ok()
    {
        return Ok(Some(pass));
    }
    let (asked, sought) = (people.sessions.ask(true), hash.clone());
    let (key, person) = people
        .site
        .system
        .read(move |conn| {
            let key = sql::key_with(conn, &sought)?;
            Ok::<_, StoreError>((key, sql::by_key(conn, &sought)?))
        })
        .await?;
    let verdict = match &key {
        None => Err(Refusal::Unknown),
        Some(key) => key.opens(address, now),
    };
    match (verdict, key, person) {
        (Ok(()), Some(key), Some(person)) => {
            if key.used.is_none_or(|used| used.plus(NOTE) < now) {
                let (people, id) = (people.clone(), key.id.clone());
                tokio::spawn(async move { note(&people, id, address, now).await });
            }
            let pass = Pass::new(person, Standing::default(), "key", Some(Arc::new(key)));
            people.sessions.remember(asked, hash, pass.clone(), now);
            Ok(Some(pass))
        }
        (verdict, key, _) => {
            let refusal = verdict.err().unwrap_or(Refusal::Owner);
            refuse(people, key, refusal, (address, seen)).await?;
            Ok(None)
        }
    }
}

/// Writes down that a key was refused, and why.
async fn refuse(
    people: &People,
    key: Option<Key>,
    refusal: Refusal,
    (address, seen): (IpAddr, &Arc<Seen>),
) -> Result<(), Error> {
    let now = people.site.clock.now();
    let id = key.as_ref().map_or("", |key| key.id.as_str());
    if !people
        .refusals
        .is_news(&format!("{id} {}", refusal.reason()), address, now)
    {
        return Ok(());
    }
    let actor = Actor {
        via: Via::Api,
        workspace: key.as_ref().map(|key| key.workspace.to_string()),
        ..Actor::stranger(seen)
    };
    // Of what nobody knows nothing is kept: it may be a secret of another place.
    let object = match &key {
        None => "a key".to_owned(),
        Some(key) => text::shorten(&key.name, 80).into_owned(),
    };
    let detail = json!({
        "prefix": key.as_ref().map(|key| key.prefix.as_str()),
        "owner": key.as_ref().map(|key| key.owner.to_string()),
    });
    people
        .site
        .system
        .write(move |tx| {
            let entry = Entry::new(now, &actor, "key.refused", object);
            let entry = entry.refused(refusal.reason()).with(detail);
            journal::record(tx, &entry)?;
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(())
}

/// Notes that a key was in use: the other write that leaves no line.
async fn note(people: &People, id: String, address: IpAddr, now: Time) {
    let address = address.to_string();
    let noted = people
        .site
        .system
        .write(move |tx| sql::touch_key(tx, &id, &address, now))
        .await;
    if let Err(error) = noted {
        tracing::warn!("when a key was last used could not be kept: {error}");
    }
}
