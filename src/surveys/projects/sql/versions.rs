//! What was published.

use crate::base::Time;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::surveys::assets::Assets;
use crate::surveys::projects::model::{Project, Version};
use crate::web::WorkspaceId;

/// The versions of a survey, newest first.
pub(in crate::surveys::projects) fn versions(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Vec<Version>, StoreError> {
    let mut list = conn.prepare_cached(
        "select version, note, at, by from survey_version
         where workspace = :workspace and survey = :id
         order by version desc",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    let versions = list.query_map(values, |row| {
        Ok(Version {
            number: row.get("version")?,
            note: row.get("note")?,
            at: Time(row.get("at")?),
            by: row.get("by")?,
        })
    })?;
    Ok(versions.collect::<Result<_, _>>()?)
}

pub(in crate::surveys::projects) fn version_text(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
    version: i64,
) -> Result<Option<String>, StoreError> {
    let mut find = conn.prepare_cached(
        "select text from survey_version
         where workspace = :workspace and survey = :id and version = :version",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id, ":version": version };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// Keeps the draft as the next version, and gives its number.
pub(in crate::surveys::projects) fn add_version(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    project: &Project,
    (note, assets): (&str, &Assets),
    (at, by): (Time, &str),
) -> Result<i64, StoreError> {
    Ok(tx.query_row(
        "insert into survey_version (workspace, survey, version, text, note, assets, at, by)
         select :workspace, :id, coalesce(max(version), 0) + 1, :text, :note, :assets, :at, :by
         from survey_version where workspace = :workspace and survey = :id
         returning version",
        named_params! {
            ":workspace": workspace,
            ":id": project.id,
            ":text": project.text,
            ":note": note,
            ":assets": assets.json(),
            ":at": at.0,
            ":by": by,
        },
        |row| row.get(0),
    )?)
}
