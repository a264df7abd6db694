//! What is written down about uploads while they are worked on: notes of the
//! work itself, nothing an auditor asks for.

use super::draft::Draft;
use super::jobs::Imports;
use super::model::{Error, Outcome, Stage, Upload, UploadId};
use super::{sql, staging};
use crate::base::Time;
use crate::data::tables::sql::drop_table;
use crate::store::{Connection, Db, Error as StoreError, Transaction};
use crate::web::WorkspaceId;

/// How long files lie here that nobody comes back for.
const KEPT: i64 = 7 * Time::DAY;

pub(super) async fn stage(
    imports: &Imports,
    id: UploadId,
    stage: Stage,
    fault: Option<String>,
) -> Result<(), StoreError> {
    let keep = move |tx: &Transaction<'_>| sql::set_stage(tx, id, stage, fault.as_deref());
    imports.site().system.write(keep).await
}

pub(super) async fn draft(imports: &Imports, id: UploadId, draft: Draft) -> Result<(), StoreError> {
    let keep = move |tx: &Transaction<'_>| sql::keep_draft(tx, id, &draft);
    imports.site().system.write(keep).await
}

/// What will have become of an import if its rows come to stand, which
/// another file knows: see [`sql::is_done`].
pub(super) async fn outcome(
    imports: &Imports,
    id: UploadId,
    outcome: Outcome,
) -> Result<(), StoreError> {
    let keep = move |tx: &Transaction<'_>| sql::keep_outcome(tx, id, &outcome);
    imports.site().system.write(keep).await
}

/// An upload as it is now. An import that an end without warning cut off is
/// taken for done if its rows are in.
pub(super) async fn current(
    imports: &Imports,
    workspace: WorkspaceId,
    db: &Db,
    id: UploadId,
) -> Result<Upload, Error> {
    let find = move |conn: &Connection| sql::find(conn, workspace, id);
    // Asked first: a job that ends meanwhile has written down how.
    let is_running = imports.job(id).is_some();
    let mut upload = imports.site().system.read(find).await?;
    if upload.stage == Stage::Importing && !is_running {
        let name = staging::table(id);
        let is_done = db.read(move |conn| sql::is_done(conn, &name)).await?;
        if is_done && upload.outcome.is_some() {
            stage(imports, id, Stage::Imported, None).await?;
            upload.stage = Stage::Imported;
        }
    }
    Ok(upload)
}

/// Once per process and workspace: drops what unfinished imports collected,
/// and files that belong to nobody. Old uploads go each time.
pub(super) async fn sweep(imports: &Imports, workspace: WorkspaceId, db: &Db) -> Result<(), Error> {
    // Held until all is swept: nobody begins to collect meanwhile.
    let mut swept = imports.swept.lock().await;
    if !swept.insert(workspace) {
        return Ok(());
    }
    for name in db.read(sql::leftovers).await? {
        tracing::info!("dropping {name}, which an import cut off left behind");
        db.write(move |tx| drop_table(tx, &name)).await?;
    }
    let site = imports.site();
    let before = site.clock.now().plus(-KEPT);
    let drop_old = move |tx: &Transaction<'_>| sql::delete_old(tx, workspace, before);
    site.system.write(drop_old).await?;
    let known = move |conn: &Connection| sql::ids(conn, workspace);
    let known = site.system.read(known).await?;
    let folder = site.files.staging(&workspace.to_string())?;
    staging::remove_clear(&folder)?;
    staging::remove_strangers(&folder, &known)?;
    Ok(())
}

/// For what happens when nobody waits for an answer.
pub(super) fn or_log<E: std::fmt::Display>(id: UploadId, kept: Result<(), E>) {
    if let Err(error) = kept {
        tracing::error!(upload.id = %id, "what became of upload {id} was not kept: {error}");
    }
}
