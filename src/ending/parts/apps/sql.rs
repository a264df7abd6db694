//! Apps with their texts.

use serde_json::{Value, json};

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, SqlResult, named_params};
use crate::web::WorkspaceId;

pub(super) struct App {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) draft: String,
    pub(super) version: Option<i64>,
    pub(super) made: Time,
}

pub(super) fn apps(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<App>, Error> {
    let mut list = conn.prepare_cached(
        "select id, title, draft, version, created from app
         where workspace = :workspace order by id",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(App {
            id: row.get("id")?,
            title: row.get("title")?,
            draft: row.get("draft")?,
            version: row.get("version")?,
            made: Time(row.get("created")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) fn versions(
    conn: &Connection,
    workspace: WorkspaceId,
    app: &str,
) -> Result<Vec<i64>, Error> {
    let mut list = conn.prepare_cached(
        "select version from app_version where workspace = :workspace and app = :app
         order by version",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app };
    let found = list.query_map(values, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) struct Version {
    pub(super) text: String,
    pub(super) note: String,
    pub(super) at: Time,
    pub(super) by: String,
}

pub(super) fn version(
    conn: &Connection,
    workspace: WorkspaceId,
    (app, number): (&str, i64),
) -> Result<Version, Error> {
    let mut find = conn.prepare_cached(
        "select text, note, at, by from app_version
         where workspace = :workspace and app = :app and version = :number",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app, ":number": number };
    Ok(find.query_row(values, |row| {
        Ok(Version {
            text: row.get("text")?,
            note: row.get("note")?,
            at: Time(row.get("at")?),
            by: row.get("by")?,
        })
    })?)
}

/// Who may do what, as the sharing page has it; groups and people by name.
pub(super) fn shares(
    conn: &Connection,
    workspace: WorkspaceId,
    app: &str,
) -> Result<Vec<Value>, Error> {
    let mut list = conn.prepare_cached(
        "select app_share.act, app_share.kind, coalesce(people_group.name, user.email, '') as who
         from app_share
         left join people_group on app_share.kind = 'group' and people_group.id = app_share.subject
         left join user on app_share.kind = 'person' and user.id = app_share.subject
         where app_share.workspace = :workspace and app_share.app = :app
         order by 1, 2, 3",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app };
    let found = list.query_map(values, |row| {
        let (act, kind, who): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(json!({ "may": act, "kind": kind, "who": who }))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// A view that somebody keeps of a page.
pub(super) struct View {
    pub(super) owner: String,
    pub(super) said: Value,
}

pub(super) fn views(data: &Connection, app: &App) -> Result<Vec<View>, Error> {
    let mut list = data.prepare_cached(
        "select owner, page, name, query, is_shared, changed from _view
         where app = :app and made = :made order by page, name, id",
    )?;
    let values = named_params! { ":app": app.id, ":made": app.made.0 };
    let found = list.query_map(values, |row| {
        let (page, name): (String, String) = (row.get("page")?, row.get("name")?);
        let (query, changed): (String, i64) = (row.get("query")?, row.get("changed")?);
        let is_shared: bool = row.get("is_shared")?;
        Ok(View {
            owner: row.get("owner")?,
            said: json!({
                "page": page,
                "name": name,
                "query": query,
                "shared": is_shared,
                "changed": Time(changed).rfc3339(),
            }),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The address of that account; empty when it is gone.
pub(super) fn email(conn: &Connection, user: &str) -> Result<String, Error> {
    let mut find = conn.prepare_cached("select email from user where id = :user")?;
    let found = find.query_row(named_params! { ":user": user }, |row| row.get(0));
    Ok(found.optional()?.unwrap_or_default())
}
