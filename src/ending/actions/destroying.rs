//! Something is destroyed, looked for once more, and certified.

use serde_json::json;

use crate::ending::certificate;
use crate::ending::kinds::{Home, Step, named};
use crate::ending::model::{Counts, Ending, Error, State};
use crate::ending::sql;
use crate::ending::tombstone::Tombstone;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{self, Db, Scrubbed};

use super::asking::beside;

/// Destroys one thing for good. Cut off anywhere, it is gone on with.
pub(super) async fn destroy(site: &Site, one: Ending) -> Result<(), Error> {
    let one = match one.state {
        State::Going => clear(site, one).await?,
        State::Returning | State::Cleared | State::Gone => one,
    };
    beside(site, &one, Step::Destroyed).await?;
    let (kind, looked, place) = (named(&one.kind)?, one.clone(), site.clone());
    let remains = tokio::task::spawn_blocking(move || kind.remains(&place, &looked));
    let remains = remains.await.map_err(|_panicked| store::Error::Closed)?;
    if let Some(what) = remains? {
        return Err(Error::Remains(what));
    }
    let mut how = site.system.scrub().await?;
    let file = one.workspace.to_string();
    let is_there = kind.lies_in_both() && site.files.is_there(&file)?;
    if kind.home() == Home::Workspace || is_there {
        how = how.min(file_of(site, &one)?.scrub().await?);
    }
    certify(site, one, how).await
}

fn file_of(site: &Site, one: &Ending) -> Result<Db, store::Error> {
    site.files.open(&one.workspace.to_string())
}

/// Takes it out of the rows of its file.
async fn clear(site: &Site, mut one: Ending) -> Result<Ending, Error> {
    let kind = named(&one.kind)?;
    beside(site, &one, Step::BeforeDestroying).await?;
    // What its file's journal tells is in the chain before the file goes.
    site.carry().await?;
    let db = match kind.home() {
        Home::System => site.system.clone(),
        Home::Workspace => file_of(site, &one)?,
    };
    let there = clear_there(site, &one).await?;
    let now = site.clock.now();
    let actor = Actor::system().in_workspace(one.workspace.to_string());
    let (who, going) = (actor.clone(), one.clone());
    let counts = db
        .write(move |tx| {
            let mut counts = kind.destroy(tx, &going)?;
            counts.extend(there);
            let entry = Entry::new(now, &who, format!("{}.destroyed", kind.name()), "");
            let id = going.id.to_string();
            let detail = json!({ "ending": id, "went": counts });
            journal::record(tx, &entry.on(kind.name(), id).with(detail))?;
            Ok::<_, Error>(counts)
        })
        .await?;
    db.policies_changed();
    let (id, went, stone) = (one.id, counts.clone(), stone_of(&one, now.0));
    site.system
        .write(move |tx| {
            sql::clear(tx, id, &went, now)?;
            sql::add_tombstone(tx, &stone)?;
            let entry = Entry::new(now, &actor, "tombstone.set", stone.hash);
            journal::record(tx, &entry.on("tombstone", stone.id))?;
            Ok::<_, Error>(())
        })
        .await?;
    one.counts = counts;
    one.ended = Some(now);
    one.state = State::Cleared;
    Ok(one)
}

/// Takes what lies of it in the workspace's file out of that, where its home is another.
/// Its rows there go first, so that what is cut off in between is gone on with.
async fn clear_there(site: &Site, one: &Ending) -> Result<Counts, Error> {
    let (kind, file) = (named(&one.kind)?, one.workspace.to_string());
    if !kind.lies_in_both() || !site.files.is_there(&file)? {
        return Ok(Counts::new());
    }
    let (now, going) = (site.clock.now(), one.clone());
    let actor = Actor::system().in_workspace(file);
    file_of(site, one)?
        .write(move |tx| {
            let counts = kind.destroy_there(tx, &going)?;
            if !counts.is_empty() {
                let entry = Entry::new(now, &actor, format!("{}.destroyed", kind.name()), "");
                let id = going.id.to_string();
                let detail = json!({ "ending": id, "went": counts });
                journal::record(tx, &entry.on(kind.name(), id).with(detail))?;
            }
            Ok::<_, Error>(counts)
        })
        .await
}

fn stone_of(one: &Ending, at: i64) -> Tombstone {
    Tombstone {
        id: one.id.to_string(),
        kind: one.kind.clone(),
        workspace: one.workspace.to_string(),
        at,
        hash: one.hash.clone(),
    }
}

/// Signs that it is gone, and forgets what it was called.
async fn certify(site: &Site, one: Ending, how: Scrubbed) -> Result<(), Error> {
    let kind = named(&one.kind)?;
    let certified = certificate::sign(site.signer(), &one, kind.method(), how);
    let now = site.clock.now();
    let actor = Actor::system().in_workspace(one.workspace.to_string());
    site.system
        .write(move |tx| {
            sql::add_certificate(tx, &certified)?;
            sql::close(tx, one.id)?;
            let entry = Entry::new(now, &actor, "certificate.signed", one.id.to_string());
            let detail = json!({ "sha256": journal::hex(&certified.digest) });
            journal::record(tx, &entry.with(detail))?;
            Ok::<_, Error>(())
        })
        .await?;
    // What it was called was there until now; somebody who reads meanwhile
    // keeps the log until the next ending.
    if let Err(error) = site.system.scrub().await {
        tracing::warn!("the log of the accounts database could not be emptied: {error}");
    }
    Ok(())
}
