//! What was destroyed is destroyed again, where a restore brought it back.

use serde_json::json;

use crate::ending::kinds::{look, named};
use crate::ending::model::{Ending, EndingId, Error, State};
use crate::ending::sql;
use crate::ending::tombstone::{self, Tombstone};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store;
use crate::surveys::keeping::erase_again;
use crate::web::WorkspaceId;

use super::asking::begun;
use super::destroying::destroy;

/// Destroys again what this list says was destroyed and is here all the same,
/// and keeps the list. To be called after a restore, before anybody is served.
/// Gives how many things were destroyed.
pub async fn replay(site: &Site, list: &[Tombstone]) -> Result<usize, Error> {
    let mut gone = 0;
    let respondents: Vec<_> = list.iter().filter_map(Tombstone::respondent).collect();
    for stone in list.iter().filter(|stone| stone.respondent().is_none()) {
        if destroy_again(site, stone).await? {
            gone += 1;
        }
        remember(site, stone.clone()).await?;
    }
    // Where their whole survey is gone, nobody is left to look for.
    gone += erase_again(site, &respondents).await?;
    Ok(gone)
}

async fn destroy_again(site: &Site, stone: &Tombstone) -> Result<bool, Error> {
    let (Ok(kind), Some(workspace)) = (named(&stone.kind), WorkspaceId::parse(&stone.workspace))
    else {
        tracing::warn!(
            "tombstone {} is of a kind this version does not know",
            stone.id
        );
        return Ok(false);
    };
    if let Some(id) = EndingId::parse(&stone.id)
        && let Some(one) = half_gone(site, id).await?
    {
        destroy(site, one).await?;
        return Ok(true);
    }
    let wanted = stone.hash.clone();
    let thing = look(site, workspace, move |place| {
        let mut all = kind.all(place)?.into_iter();
        Ok(all.find(|thing| {
            wanted == tombstone::hash(kind.name(), workspace, &thing.object, thing.made)
        }))
    })
    .await?;
    let Some(thing) = thing else {
        let site = site.clone();
        let swept = tokio::task::spawn_blocking(move || kind.sweep(&site, workspace));
        swept.await.map_err(|_panicked| store::Error::Closed)??;
        return Ok(false);
    };
    let now = site.clock.now();
    let actor = Actor::system().in_workspace(stone.workspace.clone());
    let one = begun(now, now, (kind, workspace, thing), &actor, None);
    let (new, first) = (one.clone(), stone.id.clone());
    site.system
        .write(move |tx| {
            // It was on its way out when the backup was made, under another id.
            if let Some(id) = sql::known(tx, &new.hash)? {
                sql::forget(tx, id)?;
            }
            sql::insert(tx, &new)?;
            let action = format!("{}.came_back", new.kind);
            let entry = Entry::new(now, &actor, action, new.id.to_string());
            journal::record(tx, &entry.with(json!({ "tombstone": first })))?;
            Ok::<_, Error>(())
        })
        .await?;
    destroy(site, one).await?;
    Ok(true)
}

/// The ending itself, where the backup is from before it was done.
async fn half_gone(site: &Site, id: EndingId) -> Result<Option<Ending>, Error> {
    match site.system.read(move |conn| sql::one(conn, id)).await {
        Ok(one) if one.state == State::Gone => Ok(None),
        Ok(one) => Ok(Some(Ending {
            state: match one.state {
                State::Returning => State::Going,
                other => other,
            },
            ..one
        })),
        Err(store::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn remember(site: &Site, stone: Tombstone) -> Result<(), Error> {
    let id = stone.id.clone();
    let is_known = site.system.read(move |conn| sql::has_tombstone(conn, &id));
    if is_known.await? {
        return Ok(());
    }
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            sql::add_tombstone(tx, &stone)?;
            let actor = Actor::system().in_workspace(stone.workspace.clone());
            let entry = Entry::new(now, &actor, "tombstone.brought", stone.hash);
            journal::record(tx, &entry.on("tombstone", stone.id))?;
            Ok(())
        })
        .await
}
