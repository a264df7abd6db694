//! All data of a workspace is asked for, made ready, and taken.

use std::sync::Arc;

use aws_lc_rs::rand;
use serde_json::json;

use crate::base::Secret;
use crate::ending::archive::Progress;
use crate::ending::model::Error;
use crate::ending::returns::{self, Lock, Making, Return, ReturnId, THERE};
use crate::ending::sql;
use crate::journal::{self, Actor, Entry, hex, sha256};
use crate::site::Site;
use crate::store::{self, Transaction};
use crate::web::WorkspaceId;

/// Begins to make an archive; it goes on when nobody waits. Gives its id.
pub(in crate::ending) async fn ask_return(
    site: &Site,
    making: &Making,
    actor: &Actor,
    workspace: WorkspaceId,
    lock: Lock,
) -> Result<ReturnId, Error> {
    let (now, actor) = (
        site.clock.now(),
        actor.clone().in_workspace(workspace.to_string()),
    );
    let one = Return {
        id: ReturnId::new(now),
        workspace,
        asked: now,
        asked_by: actor.user.clone().unwrap_or_default(),
        asked_by_name: actor.name.clone(),
        sealed: lock.name().to_owned(),
        state: "making".to_owned(),
        fault: None,
        entries: 0,
        bytes: 0,
        digest: None,
        made: None,
        expires: None,
        taken: None,
        taken_from: String::new(),
    };
    let (new, who) = (one.clone(), actor.clone());
    site.system
        .write(move |tx| {
            sql::insert_return(tx, &new)?;
            let entry = Entry::new(now, &who, "data.return_asked", new.id.to_string());
            journal::record(tx, &entry.with(json!({ "sealed": new.sealed })))?;
            Ok::<_, Error>(())
        })
        .await?;
    let (id, site, making) = (one.id, site.clone(), making.clone());
    let progress = making.begin(id);
    tokio::spawn(async move {
        let made = made(&site, one, lock, progress).await;
        if let Err(error) = finish(&site, &actor, id, made).await {
            tracing::error!(data_return.id = %id, "what became of archive {id} was not kept: {error}");
        }
        making.end(id);
    });
    Ok(id)
}

/// What the last lines of the file's own journal tell belongs to it.
async fn made(
    site: &Site,
    one: Return,
    lock: Lock,
    progress: Arc<Progress>,
) -> Result<returns::Made, Error> {
    site.files.open(&one.workspace.to_string())?;
    site.carry().await?;
    let site = site.clone();
    let made = tokio::task::spawn_blocking(move || returns::make(&site, &one, &lock, &progress));
    made.await.map_err(|_panicked| store::Error::Closed)?
}

async fn finish(
    site: &Site,
    actor: &Actor,
    id: ReturnId,
    made: Result<returns::Made, Error>,
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), actor.clone());
    site.system
        .write(move |tx| {
            let entry = match made {
                Ok(made) => {
                    sql::return_made(tx, id, &made, (now, now.plus(THERE)))?;
                    let entry = Entry::new(now, &actor, "data.return_made", id.to_string());
                    entry.with(json!({
                        "entries": made.entries,
                        "bytes": made.bytes,
                        "sha256": hex(&made.digest),
                    }))
                }
                Err(error) => {
                    let fault = error.to_string();
                    sql::return_failed(tx, id, &fault)?;
                    Entry::new(now, &actor, "data.return_made", id.to_string()).failed(fault)
                }
            };
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await
}

/// A link that opens the archive once, within a day. It is shown now and never
/// again; the one before it opens nothing.
pub(in crate::ending) async fn make_link(
    site: &Site,
    actor: &Actor,
    one: &Return,
) -> Result<Secret, Error> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_unspecified| store::Error::NoRandomness)?;
    let link = hex(&bytes);
    let (hash, id) = (sha256(link.as_bytes()), one.id);
    let now = site.clock.now();
    let actor = actor.clone().in_workspace(one.workspace.to_string());
    site.system
        .write(move |tx| {
            if !sql::set_link(tx, id, &hash, now.plus(THERE))? {
                return Err(Error::Refused(
                    "this archive is not there any more".to_owned(),
                ));
            }
            let entry = Entry::new(now, &actor, "data.return_link_made", id.to_string());
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await?;
    Ok(link.into())
}

/// Uses a link up, and gives what it opens.
pub(in crate::ending) async fn take(
    site: &Site,
    actor: Actor,
    link: &str,
) -> Result<Return, Error> {
    let (now, hash) = (site.clock.now(), sha256(link.as_bytes()));
    site.system
        .write(move |tx| {
            let one = sql::by_link(tx, &hash, now)?;
            sql::use_link(tx, one.id, (now, &actor.seen.address))?;
            let actor = actor.in_workspace(one.workspace.to_string());
            let entry = Entry::new(now, &actor, "data.return_taken", one.id.to_string());
            journal::record(tx, &entry.with(json!({ "bytes": one.bytes })))?;
            Ok(one)
        })
        .await
}

/// Removes an archive before or when its time is over.
pub(in crate::ending) async fn remove_return(
    site: &Site,
    actor: &Actor,
    one: &Return,
) -> Result<(), Error> {
    let path = returns::path(site, one.workspace, one.id);
    let removed = tokio::task::spawn_blocking(move || returns::remove(&path));
    removed.await.map_err(|_panicked| store::Error::Closed)??;
    let (now, id) = (site.clock.now(), one.id);
    let actor = actor.clone().in_workspace(one.workspace.to_string());
    site.system
        .write(move |tx: &Transaction<'_>| {
            sql::return_expired(tx, id)?;
            journal::record(
                tx,
                &Entry::new(now, &actor, "data.return_removed", id.to_string()),
            )
        })
        .await?;
    Ok(())
}

/// Removes what nobody may take any more.
pub(super) async fn remove_old(site: &Site) -> Result<(), Error> {
    let now = site.clock.now();
    let over = site.system.read(move |conn| sql::returns_over(conn, now));
    for one in over.await? {
        remove_return(site, &Actor::system(), &one).await?;
    }
    Ok(())
}
