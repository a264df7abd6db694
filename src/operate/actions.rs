//! What an operator does about keys, limits and the edges.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::base::{Bound, Time};
use crate::journal::{self, Actor, Entry};
use crate::sanity;
use crate::site::{SYSTEM, Site};
use crate::store::{self, Build, FolderError, Turn};
use crate::tls::Strictness;
use crate::web::{Viewer, WorkspaceId};

use super::model::{Change, Error, KeyFacts, Keys, NewLimits, Place, Wanted};
use super::sql;

/// The instance key, as changes name it.
const INSTANCE: &str = "instance";
const FILE: &str = "AEGIS-256, the whole file";
/// How often a change of keys is tried before it waits for the next look, and how long
/// a command is waited for in between.
const TRIES: u32 = 12;
const MOMENT: Duration = Duration::from_millis(200);

/// Writes down that keys are to be changed; [`change_keys`] does it.
pub async fn ask_for_keys(site: &Site, actor: &Actor, wanted: Wanted) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), actor.clone());
    let is_ours = site.keyring.place().1;
    if wanted == Wanted::Instance && !is_ours {
        return Err(FolderError::Credential.into());
    }
    site.system
        .write(move |tx| {
            let places = sql::workspaces(tx)?;
            let all = [INSTANCE, SYSTEM].map(str::to_owned).into_iter();
            let all = all.chain(places.iter().map(|place| place.id.to_string()));
            let names: Vec<String> = match wanted {
                Wanted::Instance => vec![INSTANCE.to_owned()],
                Wanted::System => vec![SYSTEM.to_owned()],
                Wanted::Workspace(id) => vec![sql::workspace(tx, id)?.id.to_string()],
                Wanted::All => all.filter(|name| is_ours || name != INSTANCE).collect(),
            };
            for name in &names {
                sql::ask(tx, name, &actor.name, now)?;
                journal::record(tx, &Entry::new(now, &actor, "key.change_asked", name))?;
            }
            Ok::<_, store::Error>(())
        })
        .await?;
    Ok(())
}

/// Changes the keys that wait for it, also those an end without warning left.
/// Gives how many were changed.
pub async fn change_keys(site: &Site) -> Result<usize, Error> {
    let _one = site.key_change().await;
    let mut changed = 0;
    for change in site.system.read(sql::waiting).await? {
        let fault = match change_alone(site, &change.what).await {
            // A command has files open for long: a later look finds it gone.
            Err(error @ FolderError::Shared(_)) => {
                tracing::warn!("a change of keys waits: {error}");
                return Ok(changed);
            }
            Err(error) => {
                tracing::error!("the key of {} stays as it was: {error}", change.what);
                Some(error.to_string())
            }
            Ok(()) => None,
        };
        changed += usize::from(fault.is_none());
        ended(site, change, fault).await?;
    }
    Ok(changed)
}

/// Changes a key as soon as no command has files open. Most, such as the one that asks
/// whether the change is done, have them for a moment.
async fn change_alone(site: &Site, what: &str) -> Result<(), FolderError> {
    let mut tries = 0;
    loop {
        let done = match what {
            INSTANCE => site.rotate_instance().await,
            file => site.rotate_file(file).await,
        };
        tries += 1;
        if tries == TRIES || !matches!(done, Err(FolderError::Shared(_))) {
            return done;
        }
        sleep(MOMENT).await;
    }
}

async fn ended(site: &Site, change: Change, fault: Option<String>) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            sql::end(tx, change.id, fault.as_deref(), now)?;
            let action = match fault {
                None => "key.changed",
                Some(_) => "key.change_failed",
            };
            let entry = Entry::new(now, &Actor::system(), action, &change.what);
            let entry = match fault {
                None => entry,
                Some(fault) => entry.failed(fault),
            };
            let detail = json!({ "asked_by": change.asked_by });
            journal::record(tx, &entry.with(detail))
        })
        .await?;
    Ok(())
}

/// What is known of every key, without the keys.
pub async fn keys(site: &Site) -> Result<Keys, Error> {
    let read = |conn: &store::Connection| Ok((sql::workspaces(conn)?, sql::latest(conn)?));
    let (places, changes) = site.system.read::<_, store::Error>(read).await?;
    let first = places.iter().map(|place| place.created).min();
    let (place, is_ours) = site.keyring.place();
    let facts = |what: &str, title: String, made: Option<Time>| {
        let of = || changes.iter().filter(|change| change.what == what);
        let succeeded = of().filter(|change| change.fault.is_none());
        KeyFacts {
            what: what.to_owned(),
            title,
            algorithm: FILE,
            place: "the keyring".to_owned(),
            since: succeeded.filter_map(|change| change.done).max().or(made),
            is_changing: of().any(|change| change.done.is_none()),
            fault: of().next_back().and_then(|change| change.fault.clone()),
            can_change: true,
        }
    };
    let instance = KeyFacts {
        place,
        can_change: is_ours,
        ..facts(
            INSTANCE,
            "Instance key: seals the keyring".to_owned(),
            first,
        )
    };
    let system = "Accounts, apps, audit".to_owned();
    let mut list = vec![instance, facts(SYSTEM, system, first)];
    list.extend(places.into_iter().map(|place: Place| {
        let title = format!("Workspace {}", place.name);
        facts(&place.id.to_string(), title, Some(place.created))
    }));
    Ok(Keys { list })
}

/// Sets what a workspace may use, from its next piece of work on.
pub(super) async fn set_limits(
    site: &Site,
    actor: Actor,
    id: WorkspaceId,
    new: NewLimits,
) -> Result<(), Error> {
    let now = site.clock.now();
    let allowed = new.over(site.files.usual_limits());
    site.system
        .write(move |tx| {
            let (place, before) = (sql::workspace(tx, id)?, sql::limits(tx, id)?);
            let file = id.to_string();
            for (bound, value) in &new.0 {
                store::set_limit(tx, &file, *bound, *value)?;
            }
            let said = |set: &[(Bound, u64)]| {
                let named = set.iter().map(|(bound, value)| (bound.name(), *value));
                named.collect::<std::collections::BTreeMap<_, _>>()
            };
            let after = sql::limits(tx, id)?;
            let entry = Entry::new(now, &actor, "workspace.limits_changed", place.name);
            let entry = entry.on("workspace", file);
            let entry = entry.changed(&json!(said(&before)), &json!(said(&after)));
            journal::record(tx, &entry)
        })
        .await?;
    site.files.allow(&id.to_string(), allowed);
    Ok(())
}

/// Tells the audit trail that another version opened the data folder, or that
/// somebody went back to an earlier state of it.
pub async fn tell_of_versions(site: &Site) -> Result<(), FolderError> {
    let Some(note) = store::note(&site.config.data)? else {
        return Ok(());
    };
    let this = Build::this().version;
    site.system
        .write(move |tx| {
            let action = match note.turn {
                Turn::Upgraded => "instance.upgraded",
                Turn::WentBack => "instance.went_back",
            };
            let entry = Entry::new(note.at, &Actor::system(), action, "instance");
            journal::record(tx, &entry.with(json!({ "from": note.from, "to": this })))?;
            Ok::<_, store::Error>(())
        })
        .await?;
    store::noted(&site.config.data)
}

/// Deletes the copies made before upgrades a week after, by a clock that is believed.
pub(super) async fn forget_snapshots(site: &Site) -> Result<(), FolderError> {
    if !sanity::is_sound(site).await? {
        return Ok(());
    }
    let (data, now) = (site.config.data.clone(), site.clock.now());
    let gone = tokio::task::spawn_blocking(move || store::forget_old(&data, now));
    let gone = gone.await.map_err(|_panicked| store::Error::Closed)??;
    if gone.is_empty() {
        return Ok(());
    }
    site.system
        .write(move |tx| {
            for name in &gone {
                let entry = Entry::new(now, &Actor::system(), "snapshot.deleted", name);
                journal::record(tx, &entry)?;
            }
            Ok::<_, store::Error>(())
        })
        .await?;
    Ok(())
}

/// Puts what was decided before this start at hand.
pub async fn recall(site: &Site) -> Result<(), store::Error> {
    let strictness = site.system.read(sql::strictness).await?;
    site.strict.set(strictness);
    Ok(())
}

/// Tells browsers to come by TLS only, or to forget it again.
pub(super) async fn be_strict(
    site: &Site,
    who: &Viewer,
    strictness: Strictness,
) -> Result<(), store::Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let by = who.person.id.to_string();
    site.system
        .write(move |tx| {
            let before = sql::strictness(tx)?;
            sql::set_strictness(tx, strictness, now, &by)?;
            let entry = Entry::new(now, &actor, "transport.changed", "instance");
            let said = [before, strictness].map(|one| json!({ "strictness": one.name() }));
            journal::record(tx, &entry.changed(&said[0], &said[1]))?;
            Ok::<_, store::Error>(())
        })
        .await?;
    site.strict.set(strictness);
    Ok(())
}
