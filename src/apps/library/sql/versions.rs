//! What was published, and which of it people use.

use crate::apps::library::model::{NewVersion, Version};
use crate::base::Time;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::WorkspaceId;

/// The versions of an app, newest first.
pub(in crate::apps) fn versions(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Vec<Version>, StoreError> {
    let mut list = conn.prepare_cached(
        "select app_version.version, app_version.note, app_version.at, app_version.by,
                app_version.version is app.version as is_current
         from app_version join app on app.workspace = app_version.workspace
                                  and app.id = app_version.app
         where app_version.workspace = :workspace and app_version.app = :id
         order by app_version.version desc",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    let versions = list.query_map(values, |row| {
        Ok(Version {
            version: row.get("version")?,
            note: row.get("note")?,
            at: Time(row.get("at")?),
            by: row.get("by")?,
            is_current: row.get("is_current")?,
        })
    })?;
    Ok(versions.collect::<Result<_, _>>()?)
}

pub(in crate::apps) fn version_text(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
    version: i64,
) -> Result<Option<String>, StoreError> {
    let mut find = conn.prepare_cached(
        "select text from app_version
         where workspace = :workspace and app = :id and version = :version",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id, ":version": version };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// Keeps a text as the next version, and gives its number.
pub(in crate::apps) fn add(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    new: &NewVersion<'_>,
) -> Result<i64, StoreError> {
    Ok(tx.query_row(
        "insert into app_version (workspace, app, version, text, note, at, by)
         select :workspace, :id, coalesce(max(version), 0) + 1, :text, :note, :at, :by
         from app_version where workspace = :workspace and app = :id
         returning version",
        named_params! {
            ":workspace": workspace,
            ":id": new.app,
            ":text": new.text,
            ":note": new.note,
            ":at": new.at.0,
            ":by": new.by,
        },
        |row| row.get(0),
    )?)
}

/// Makes a version the one people use.
pub(in crate::apps) fn use_version(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    id: &str,
    version: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "update app set version = :version where workspace = :workspace and id = :id",
        named_params! { ":workspace": workspace, ":id": id, ":version": version },
    )?;
    Ok(())
}
