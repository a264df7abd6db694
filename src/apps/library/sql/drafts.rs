//! Apps and the text their builders work on.

use crate::apps::library::model::{Draft, Error, Listed};
use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, Transaction, named_params,
};
use crate::web::WorkspaceId;

/// All apps of a workspace, by title.
pub(in crate::apps) fn list(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Listed>, StoreError> {
    let mut list = conn.prepare_cached(
        "select app.id, app.title, app.version, app.draft_at,
                app_version.text is not app.draft as is_changed
         from app left join app_version on app_version.workspace = app.workspace
                                       and app_version.app = app.id
                                       and app_version.version = app.version
         where app.workspace = :workspace
         order by app.title collate nocase, app.id",
    )?;
    let apps = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Listed {
            id: row.get("id")?,
            title: row.get("title")?,
            version: row.get("version")?,
            draft_at: Time(row.get("draft_at")?),
            is_changed: row.get("is_changed")?,
        })
    })?;
    Ok(apps.collect::<Result<_, _>>()?)
}

pub(in crate::apps) fn exists(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from app where workspace = :workspace and id = :id)",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    Ok(find.query_row(values, |row| row.get(0))?)
}

/// The text being worked on.
pub(in crate::apps) fn draft(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Draft, Error> {
    let mut find = conn
        .prepare_cached(
            "select id, title, draft, draft_at, draft_by, version from app
             where workspace = :workspace and id = :id",
        )
        .map_err(StoreError::from)?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    let found = find.query_row(values, |row| {
        Ok(Draft {
            id: row.get("id")?,
            title: row.get("title")?,
            text: row.get("draft")?,
            at: Time(row.get("draft_at")?),
            by: row.get("draft_by")?,
            version: row.get("version")?,
        })
    });
    let found = found.optional().map_err(StoreError::from)?;
    found.ok_or(Error::Missing)
}

/// A new app, not published yet.
pub(in crate::apps) fn insert(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    draft: &Draft,
) -> Result<(), Error> {
    tx.execute(
        "insert into app (workspace, id, title, draft, draft_at, draft_by, created)
         values (:workspace, :id, :title, :draft, :at, :by, :at)",
        named_params! {
            ":workspace": workspace,
            ":id": draft.id,
            ":title": draft.title,
            ":draft": draft.text,
            ":at": draft.at.0,
            ":by": draft.by,
        },
    )
    .on_taken("app.workspace, app.id", Error::Exists(draft.id.clone()))?;
    Ok(())
}

/// Puts another text in the draft's place, if it is still the one of `seen`.
pub(in crate::apps) fn save(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    draft: &Draft,
    seen: Time,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "update app set title = :title, draft = :draft, draft_at = :at, draft_by = :by
         where workspace = :workspace and id = :id and draft_at = :seen",
        named_params! {
            ":workspace": workspace,
            ":id": draft.id,
            ":title": draft.title,
            ":draft": draft.text,
            ":at": draft.at.0,
            ":by": draft.by,
            ":seen": seen.0,
        },
    )?;
    Ok(changed == 1)
}
