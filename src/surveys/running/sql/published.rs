//! What surveys there are and what respondents answer: in the system database.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, SqlResult, named_params};
use crate::surveys::running::library::{Fieldwork, Link, LinkKind, State};
use crate::web::WorkspaceId;

/// The survey at that address.
pub(in crate::surveys::running) fn by_slug(
    conn: &Connection,
    slug: &str,
) -> Result<Option<Fieldwork>, Error> {
    let mut find = conn.prepare_cached(
        "select survey.workspace, survey.id, survey.slug, survey.version, survey.state,
                survey.starts, survey.ends, survey.draft_at, survey.created,
                workspace.closed
         from survey join workspace on workspace.id = survey.workspace
         where survey.slug = :slug",
    )?;
    let found = find.query_row(named_params! { ":slug": slug }, |row| {
        let (state, closed): (String, Option<i64>) = (row.get("state")?, row.get("closed")?);
        let state = match &*state {
            "live" if closed.is_none() => State::Live,
            "draft" => State::Draft,
            _ => State::Closed,
        };
        Ok(Fieldwork {
            workspace: row.get("workspace")?,
            id: row.get("id")?,
            slug: row.get("slug")?,
            version: row.get("version")?,
            state,
            starts: row.get::<_, Option<i64>>("starts")?.map(Time),
            ends: row.get::<_, Option<i64>>("ends")?.map(Time),
            draft_at: Time(row.get("draft_at")?),
            made: Time(row.get("created")?),
        })
    });
    Ok(found.optional()?)
}

/// The text of a version; of version 0, which is nobody's but a preview's, the draft.
pub(in crate::surveys::running) fn text(
    conn: &Connection,
    (workspace, id): (WorkspaceId, &str),
    version: i64,
) -> Result<Option<String>, Error> {
    let mut find = conn.prepare_cached(
        "select text from survey_version
         where workspace = :workspace and survey = :id and version = :version
         union all
         select draft from survey where workspace = :workspace and id = :id and :version = 0",
    )?;
    let params = named_params! { ":workspace": workspace, ":id": id, ":version": version };
    Ok(find.query_row(params, |row| row.get(0)).optional()?)
}

/// The link that the key in an address opens.
pub(in crate::surveys::running) fn link(
    conn: &Connection,
    (workspace, id): (WorkspaceId, &str),
    key_hash: &[u8],
) -> Result<Option<Link>, Error> {
    let mut find = conn.prepare_cached(
        "select id, kind, entry, exits, opened from survey_link
         where workspace = :workspace and survey = :id and key_hash = :hash",
    )?;
    let params = named_params! { ":workspace": workspace, ":id": id, ":hash": key_hash };
    Ok(find.query_row(params, read_link).optional()?)
}

/// The link of that id.
pub(in crate::surveys::running) fn link_of(
    conn: &Connection,
    (workspace, id): (WorkspaceId, &str),
    link: &str,
) -> Result<Option<Link>, Error> {
    let mut find = conn.prepare_cached(
        "select id, kind, entry, exits, opened from survey_link
         where workspace = :workspace and survey = :id and id = :link",
    )?;
    let params = named_params! { ":workspace": workspace, ":id": id, ":link": link };
    Ok(find.query_row(params, read_link).optional()?)
}

fn read_link(row: &crate::store::Row<'_>) -> SqlResult<Link> {
    let (kind, entry, exits): (String, String, String) =
        (row.get("kind")?, row.get("entry")?, row.get("exits")?);
    Ok(Link {
        id: row.get("id")?,
        kind: match &*kind {
            "personal" => LinkKind::Personal,
            "single" => LinkKind::Single,
            _ => LinkKind::Open,
        },
        entry: pairs(&entry),
        exits: pairs(&exits),
        is_open: row.get("opened")?,
    })
}

fn pairs(json: &str) -> Vec<(String, String)> {
    let table: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(json).unwrap_or_default();
    let texts = table.into_iter();
    texts
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect()
}

/// What signs the links of a supplier.
pub(in crate::surveys::running) fn key(
    conn: &Connection,
    workspace: WorkspaceId,
    name: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let mut find = conn.prepare_cached(
        "select secret from survey_key where workspace = :workspace and name = :name",
    )?;
    let params = named_params! { ":workspace": workspace, ":name": name };
    Ok(find.query_row(params, |row| row.get(0)).optional()?)
}
