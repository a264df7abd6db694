//! Files that come, and files that go.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use serde_json::json;

use crate::base::{Bound, text};
use crate::data::imports::jobs::{Imports, Work};
use crate::data::imports::model::{Bringer, Error, Stage, Upload, UploadId};
use crate::data::imports::sql;
use crate::data::imports::staging::{self, Arriving};
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::{Error as StoreError, Key};
use crate::web::WorkspaceId;

/// A file being taken in; drop it, and nothing of it is left.
pub(in crate::data::imports) struct Receiving {
    id: UploadId,
    key: Key,
    arriving: Arriving,
    /// Bytes that still fit into the workspace; `None` when too many came.
    room: Mutex<Option<u64>>,
    full: Error,
}

impl Receiving {
    pub(in crate::data::imports) fn begin(
        site: &Site,
        workspace: WorkspaceId,
    ) -> Result<Receiving, Error> {
        let (id, key) = (UploadId::new(site.clock.now()), Key::random()?);
        let file = workspace.to_string();
        site.files.has_room(&file, 0)?;
        let limits = site.files.limits(&file);
        let room = limits.storage().saturating_sub(site.files.used(&file)?);
        let folder = site.files.staging(&workspace.to_string())?;
        Ok(Receiving {
            id,
            arriving: Arriving::begin(staging::path(&folder, id), key.clone()),
            key,
            room: Mutex::new(Some(room)),
            full: Error::Store(StoreError::limit(&limits, Bound::Storage)),
        })
    }

    pub(in crate::data::imports) async fn push(&self, bytes: Bytes) -> Result<(), Error> {
        let fits = {
            let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
            *room = room.and_then(|room| room.checked_sub(bytes.len() as u64));
            room.is_some()
        };
        if !fits {
            return Err(Error::Broken);
        }
        self.arriving.push(bytes).await
    }

    pub(in crate::data::imports) async fn finish(
        self,
        imports: &Imports,
        bringer: &Bringer,
        name: &str,
        wanted: Option<String>,
    ) -> Result<Upload, Error> {
        let site = imports.site();
        let now = site.clock.now();
        let room = self.room.into_inner();
        if room.unwrap_or_else(PoisonError::into_inner).is_none() {
            return Err(self.full);
        }
        let upload = Upload {
            id: self.id,
            workspace: bringer.workspace,
            name: file_name(name),
            bytes: self.arriving.finish().await?,
            key: self.key,
            stage: Stage::Received,
            wanted,
            seen: None,
            draft: None,
            problems: None,
            outcome: None,
            fault: None,
            created: now,
        };
        let (kept, actor) = (upload.clone(), bringer.actor.clone());
        let written = site.system.write(move |tx| {
            sql::insert_upload(tx, &kept, actor.user.as_deref().unwrap_or_default())?;
            let entry = Entry::new(now, &actor, "upload.received", &*kept.name);
            journal::record(tx, &entry.with(json!({ "bytes": kept.bytes })))?;
            Ok::<_, Error>(())
        });
        if let Err(error) = written.await {
            drop_file(imports, bringer.workspace, self.id).await;
            return Err(error);
        }
        Ok(upload)
    }
}

/// Forgets an upload and its file.
pub(in crate::data::imports) async fn delete(
    imports: &Imports,
    bringer: &Bringer,
    upload: Upload,
) -> Result<(), Error> {
    // On the list while it goes, so that nothing starts with it meanwhile.
    let _running = imports.begin(upload.id, Work::Check)?;
    let site = imports.site();
    let (now, actor, id) = (site.clock.now(), bringer.actor.clone(), upload.id);
    site.system
        .write(move |tx| {
            sql::delete(tx, id)?;
            let entry = Entry::new(now, &actor, "upload.deleted", upload.name);
            journal::record(tx, &entry)?;
            Ok::<_, Error>(())
        })
        .await?;
    drop_file(imports, bringer.workspace, id).await;
    Ok(())
}

/// Removes the bytes of an upload.
pub(in crate::data::imports) async fn drop_file(
    imports: &Imports,
    workspace: WorkspaceId,
    id: UploadId,
) {
    match imports.site().files.staging(&workspace.to_string()) {
        Ok(folder) => {
            let removal = move || staging::remove(&staging::path(&folder, id));
            // It logs what it cannot remove.
            let _ = tokio::task::spawn_blocking(removal).await;
        }
        Err(error) => tracing::warn!(upload.id = %id, "upload {id} stays: {error}"),
    }
}

/// Removes copies of uploads in clear that an end without warning left
/// behind. For the start of the server.
pub async fn clear_copies(site: &Site) -> Result<(), Error> {
    staging::remove_copies()?;
    let workspaces = site.system.read(sql::workspaces).await?;
    for workspace in workspaces {
        let folder = site.files.staging(&workspace.to_string())?;
        staging::remove_clear(&folder)?;
    }
    Ok(())
}

/// What a browser calls a file, without folders and what cannot be read.
pub(super) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).collect();
    match plain.trim() {
        "" => "file".to_owned(),
        plain => text::shorten(plain, 120).into_owned(),
    }
}
