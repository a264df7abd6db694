//! The version of an app that people use.

use crate::base::Time;
use crate::store::{Connection, Error as StoreError, OptionalExtension, named_params};
use crate::web::WorkspaceId;

/// When the app was made: what tells it from another one of its id.
pub(in crate::apps) fn made(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Option<Time>, StoreError> {
    let mut find =
        conn.prepare_cached("select created from app where workspace = :workspace and id = :id")?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    let found = find.query_row(values, |row| row.get("created").map(Time));
    Ok(found.optional()?)
}

/// Number and text of the version people use.
pub(in crate::apps) fn published(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Option<(i64, String)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select app_version.version, app_version.text
         from app join app_version on app_version.workspace = app.workspace
                                  and app_version.app = app.id
                                  and app_version.version = app.version
         where app.workspace = :workspace and app.id = :id",
    )?;
    let found = find.query_row(
        named_params! { ":workspace": workspace, ":id": id },
        |row| Ok((row.get("version")?, row.get("text")?)),
    );
    Ok(found.optional()?)
}
