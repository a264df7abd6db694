//! What a restore writes into the instance it made.

use serde_json::{Value, json};

use crate::backup::manifest::Manifest;
use crate::backup::model::{Error, Plan};
use crate::backup::restore::said;
use crate::backup::sql::{self, Definitions};
use crate::ending::{self, Tombstone};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{self, Connection};
use crate::web::WorkspaceId;

/// The instance is a copy: it makes no backups of its own over those of the one
/// it is a copy of, until an operator says that that one is gone.
pub(in crate::backup) async fn restored(site: &Site, manifest: &Manifest) -> Result<(), Error> {
    let now = site.clock.now();
    let said = said(manifest);
    site.system
        .write(move |tx| {
            let plan = Plan {
                waits: Some(format!(
                    "this instance was put back from a backup on {}; let it go on once the one it is a copy of is gone",
                    now.rfc3339()
                )),
                ..sql::plan(tx)?
            };
            sql::set_plan(tx, &plan, now)?;
            sql::give_up(tx, now)?;
            let entry = Entry::new(now, &Actor::command_line(), "instance.restored", "instance");
            journal::record(tx, &entry.with(said))?;
            Ok(())
        })
        .await
}

/// What was deleted, to be deleted once more from whatever is put back.
pub(in crate::backup) async fn tombstones(site: &Site) -> Result<Value, Error> {
    let list = site.system.read(ending::tombstones).await?;
    Ok(json!(list))
}

/// Deletes once more what was deleted since the point.
pub(in crate::backup) async fn replay(site: &Site, tombstones: Value) -> Result<usize, Error> {
    let list: Vec<Tombstone> = match tombstones {
        Value::Null => Vec::new(),
        list => serde_json::from_value(list).map_err(|_wrong| Error::NoKeyring)?,
    };
    Ok(ending::replay(site, &list).await?)
}

/// Apps and queries of a workspace.
pub(in crate::backup) async fn definitions(
    site: &Site,
    workspace: WorkspaceId,
) -> Result<Definitions, Error> {
    let read = move |conn: &Connection| sql::definitions(conn, workspace);
    Ok(site.system.read::<_, store::Error>(read).await?)
}

/// How far the chain has carried the journal of a workspace's file.
pub(in crate::backup) async fn carried(site: &Site, workspace: WorkspaceId) -> Result<i64, Error> {
    let read = move |conn: &Connection| journal::carried(conn, &workspace.to_string());
    Ok(site.system.read::<_, store::Error>(read).await?)
}

/// The workspace's file is another one now: its journal goes on after what the
/// chain knows of the one before, and its apps and queries are as they were.
pub(in crate::backup) async fn put_back(
    site: &Site,
    workspace: WorkspaceId,
    (manifest, carried): (&Manifest, i64),
    definitions: Definitions,
) -> Result<(), Error> {
    let now = site.clock.now();
    let entry = |action: &str| {
        let actor = Actor::command_line().in_workspace(workspace.to_string());
        let entry = Entry::new(now, &actor, action, workspace.to_string());
        entry.with(json!({ "backup": said(manifest) }))
    };
    let (first, second) = (
        entry("workspace.restored"),
        entry("workspace.definitions_restored"),
    );
    let file = site.files.open(&workspace.to_string())?;
    file.write(move |tx| {
        journal::record(tx, &first)?;
        sql::go_on_after(tx, carried)?;
        Ok::<_, store::Error>(())
    })
    .await?;
    site.system
        .write(move |tx| {
            sql::put_definitions(tx, &definitions)?;
            journal::record(tx, &second)?;
            Ok::<_, store::Error>(())
        })
        .await?;
    site.carry().await?;
    Ok(())
}
