//! The uploads of all workspaces, in the system database.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::Time;
use crate::data::imports::draft::Draft;
use crate::data::imports::model::{Outcome, Seen, Stage, Upload, UploadId};
use crate::data::readers::Problems;
use crate::store::{Connection, Error, Key, Row, SqlResult, Transaction, named_params, types};
use crate::web::WorkspaceId;

/// A file that just arrived.
pub(in crate::data::imports) fn insert(
    tx: &Transaction<'_>,
    upload: &Upload,
    user: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into upload (id, workspace, user, name, bytes, key, stage, wanted, created)
         values (:id, :workspace, :user, :name, :bytes, :key, :stage, :wanted, :created)",
        named_params! {
            ":id": upload.id,
            ":workspace": upload.workspace,
            ":user": user,
            ":name": upload.name,
            ":bytes": upload.bytes,
            ":key": upload.key.bytes().as_slice(),
            ":stage": upload.stage.name(),
            ":wanted": upload.wanted,
            ":created": upload.created.0,
        },
    )?;
    Ok(())
}

/// An upload of that workspace.
pub(in crate::data::imports) fn find(
    conn: &Connection,
    workspace: WorkspaceId,
    id: UploadId,
) -> Result<Upload, Error> {
    let mut find = conn.prepare_cached(
        "select id, workspace, name, bytes, key, stage, wanted, seen, draft, problems, report,
                fault, created
         from upload where workspace = :workspace and id = :id",
    )?;
    Ok(find.query_row(named_params! { ":workspace": workspace, ":id": id }, upload)?)
}

/// The uploads of a workspace that wait for somebody, newest first, without
/// what is known about them.
pub(in crate::data::imports) fn list(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Upload>, Error> {
    let mut list = conn.prepare_cached(
        "select id, workspace, name, bytes, key, stage, wanted, null as seen, null as draft,
                null as problems, null as report, fault, created
         from upload where workspace = :workspace and stage <> 'imported'
         order by created desc, id limit 50",
    )?;
    let uploads = list.query_map(named_params! { ":workspace": workspace }, upload)?;
    Ok(uploads.collect::<Result<_, _>>()?)
}

/// All uploads of a workspace.
pub(in crate::data::imports) fn ids(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<UploadId>, Error> {
    let mut list = conn.prepare_cached("select id from upload where workspace = :workspace")?;
    let ids = list.query_map(named_params! { ":workspace": workspace }, |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The workspaces that have uploads.
pub(in crate::data::imports) fn workspaces(conn: &Connection) -> Result<Vec<WorkspaceId>, Error> {
    let mut list = conn.prepare_cached("select distinct workspace from upload")?;
    let ids = list.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Forgets the uploads of a workspace that are older than that.
pub(in crate::data::imports) fn delete_old(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    before: Time,
) -> Result<(), Error> {
    tx.execute(
        "delete from upload where workspace = :workspace and created < :before",
        named_params! { ":workspace": workspace, ":before": before.0 },
    )?;
    Ok(())
}

pub(in crate::data::imports) fn set_stage(
    tx: &Transaction<'_>,
    id: UploadId,
    stage: Stage,
    fault: Option<&str>,
) -> Result<(), Error> {
    tx.execute(
        "update upload set stage = :stage, fault = :fault where id = :id",
        named_params! { ":id": id, ":stage": stage.name(), ":fault": fault },
    )?;
    Ok(())
}

/// What was found, and the draft made of it.
pub(in crate::data::imports) fn keep_seen(
    tx: &Transaction<'_>,
    id: UploadId,
    seen: &Seen,
    draft: Option<&Draft>,
) -> Result<(), Error> {
    tx.execute(
        "update upload set stage = 'seen', seen = :seen, draft = :draft, problems = null,
                fault = null
         where id = :id",
        named_params! { ":id": id, ":seen": json(seen)?, ":draft": draft.map(json).transpose()? },
    )?;
    Ok(())
}

/// What was decided. What was checked under another draft no longer counts.
pub(in crate::data::imports) fn keep_draft(
    tx: &Transaction<'_>,
    id: UploadId,
    draft: &Draft,
) -> Result<(), Error> {
    tx.execute(
        "update upload set draft = :draft, problems = null, fault = null where id = :id",
        named_params! { ":id": id, ":draft": json(draft)? },
    )?;
    Ok(())
}

pub(in crate::data::imports) fn keep_problems(
    tx: &Transaction<'_>,
    id: UploadId,
    problems: &Problems,
) -> Result<(), Error> {
    tx.execute(
        "update upload set problems = :problems where id = :id",
        named_params! { ":id": id, ":problems": json(problems)? },
    )?;
    Ok(())
}

/// What will have become of it, if the rows come to stand.
pub(in crate::data::imports) fn keep_outcome(
    tx: &Transaction<'_>,
    id: UploadId,
    outcome: &Outcome,
) -> Result<(), Error> {
    tx.execute(
        "update upload set report = :report where id = :id",
        named_params! { ":id": id, ":report": json(outcome)? },
    )?;
    Ok(())
}

pub(in crate::data::imports) fn delete(tx: &Transaction<'_>, id: UploadId) -> Result<(), Error> {
    tx.execute(
        "delete from upload where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Io(error.into()))
}

/// What another version wrote and this one cannot read counts as not there:
/// the file can be looked at again.
fn known<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> SqlResult<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    Ok(text.and_then(|text| serde_json::from_str(text).ok()))
}

fn upload(row: &Row<'_>) -> SqlResult<Upload> {
    let key: Vec<u8> = row.get("key")?;
    let stage: String = row.get("stage")?;
    Ok(Upload {
        id: row.get("id")?,
        workspace: row.get("workspace")?,
        name: row.get("name")?,
        bytes: row.get("bytes")?,
        key: Key::from_bytes(&key).ok_or(types::FromSqlError::InvalidType)?,
        stage: Stage::named(&stage).unwrap_or(Stage::Received),
        wanted: row.get("wanted")?,
        seen: known(row, "seen")?,
        draft: known(row, "draft")?,
        problems: known(row, "problems")?,
        outcome: known(row, "report")?,
        fault: row.get("fault")?,
        created: Time(row.get("created")?),
    })
}
