//! What is due is destroyed; what does not work is told.

use crate::alerts::{self, Alert, Severity};
use crate::ending::kinds::{Home, look, named};
use crate::ending::model::{Ending, Error, State};
use crate::ending::{keep, sql};
use crate::journal::Actor;
use crate::sanity;
use crate::site::Site;
use crate::store;
use crate::web::WorkspaceId;

use super::asking::{begun, hide, hide_there, put_back};
use super::destroying::destroy;
use super::returning::remove_old;

/// Goes on with what an end without warning cut off between two files: what was
/// asked for is hidden, what was wanted back comes back. Before anybody is served,
/// so that nobody works with what will be destroyed.
pub async fn go_on(site: &Site) -> Result<(), store::Error> {
    for one in in_state(site, State::Going).await? {
        if named(&one.kind).is_ok_and(|kind| kind.home() == Home::Workspace)
            && let Err(error) = hide_there(site, &Actor::system(), &one).await
        {
            tracing::error!(ending.id = %one.id, "{} is not hidden: {error}", one.id);
        }
    }
    bring_back(site).await
}

async fn in_state(site: &Site, state: State) -> Result<Vec<Ending>, store::Error> {
    site.system
        .read(move |conn| sql::in_state(conn, state))
        .await
}

async fn bring_back(site: &Site) -> Result<(), store::Error> {
    for one in in_state(site, State::Returning).await? {
        if let Err(error) = put_back(site, &Actor::system(), &one).await {
            tracing::warn!(ending.id = %one.id, "{} did not come back: {error}", one.id);
        }
    }
    Ok(())
}

/// Does what is due now. Gives how many things are gone for good.
pub async fn round(site: &Site) -> Result<usize, Error> {
    bring_back(site).await?;
    if !sanity::is_sound(site).await? {
        return Ok(0);
    }
    let now = site.clock.now();
    remove_old(site).await?;
    let closed = site.system.read(move |conn| sql::to_purge(conn, now));
    for workspace in closed.await? {
        if let Err(error) = purge(site, workspace).await {
            tracing::error!("closed workspace {workspace} could not be let go: {error}");
        }
    }
    let mut gone = 0;
    for one in site.system.read(move |conn| sql::due(conn, now)).await? {
        let told = one.clone();
        match destroy(site, one).await {
            Ok(()) => {
                alerts::settle(site, &key(&told)).await?;
                gone += 1;
            }
            Err(error) => failed(site, &told, &error).await?,
        }
    }
    Ok(gone)
}

/// The window in which somebody could take a closed workspace's data is over.
async fn purge(site: &Site, workspace: WorkspaceId) -> Result<(), Error> {
    let kind = named("workspace")?;
    let things = look(site, workspace, |place| kind.all(place)).await?;
    let now = site.clock.now();
    let actor = Actor::system().in_workspace(workspace.to_string());
    for thing in things {
        let one = begun(now, now, (kind, workspace, thing), &actor, None);
        match hide(site, &actor, &one).await {
            Ok(()) | Err(Error::Twice) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn key(one: &Ending) -> String {
    format!("ending.failed:{}", one.id)
}

async fn failed(site: &Site, one: &Ending, error: &Error) -> Result<(), store::Error> {
    let is_late = site.clock.now() > one.late;
    if is_late {
        tracing::error!(ending.id = %one.id, "deletion {} is late: {error}", one.id);
    } else {
        tracing::warn!(ending.id = %one.id, "deletion {} did not work: {error}", one.id);
    }
    keep::failed(site, one.id, error.to_string()).await?;
    let (severity, title) = if is_late {
        (Severity::Critical, "A deletion is more than a day late")
    } else {
        (Severity::Warning, "A deletion did not work yet")
    };
    let alert = Alert {
        key: key(one),
        severity,
        title: title.to_owned(),
        text: format!(
            "Deletion {} ({}) was due {} and is not done: {error}. It is tried again every minute; see Deletion.",
            one.id,
            one.kind,
            one.due.rfc3339()
        ),
        // A workspace that goes has nobody in it to be told.
        workspace: (one.kind != "workspace").then_some(one.workspace),
    };
    alerts::raise(site, alert).await
}
