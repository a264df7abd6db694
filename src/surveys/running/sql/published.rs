//! What surveys there are and what respondents answer: in the system database.

use crate::base::Time;
use crate::store::types::Value;
use crate::store::{Connection, Error, OptionalExtension, SqlResult, named_params};
use crate::surveys::hooks::Wanted;
use crate::surveys::panels::Sealed;
use crate::surveys::running::exits::Exits;
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
                workspace.closed,
                (select json_group_array(json_array(hook.id, json(hook.events)))
                 from survey_hook as hook
                 where hook.workspace = survey.workspace and hook.survey = survey.id
                   and hook.is_on = 1) as hooks
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
            hooks: Wanted::read(&row.get::<_, String>("hooks")?).into(),
        })
    });
    Ok(found.optional()?)
}

/// The text of a version and the pictures it shows, as JSON; of version 0, which is nobody's
/// but a preview's, the draft and none.
pub(in crate::surveys::running) fn text(
    conn: &Connection,
    (workspace, id): (WorkspaceId, &str),
    version: i64,
) -> Result<Option<(String, String)>, Error> {
    let mut find = conn.prepare_cached(
        "select text, assets from survey_version
         where workspace = :workspace and survey = :id and version = :version
         union all
         select draft, '{}' from survey where workspace = :workspace and id = :id and :version = 0",
    )?;
    let params = named_params! { ":workspace": workspace, ":id": id, ":version": version };
    let found = find.query_row(params, |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// What opens a link.
pub(in crate::surveys::running) enum Opens<'a> {
    /// The hash of the key in an address.
    Key(&'a [u8]),
    /// Its number.
    List(i64),
    Id(&'a str),
}

/// The link that opens, and the name of its supplier.
pub(in crate::surveys::running) fn link(
    conn: &Connection,
    (workspace, id): (WorkspaceId, &str),
    opens: &Opens<'_>,
) -> Result<Option<(Link, String)>, Error> {
    // One column each: what would fit any of them is found by looking at all links.
    match opens {
        Opens::Key(hash) => {
            let hash = Value::Blob(hash.to_vec());
            let first = by(conn, (workspace, id), ("key_hash = :value", &hash))?;
            if first.is_some() {
                return Ok(first);
            }
            // Each letter to somebody brought a key of its own.
            let further = "id = (select further.link from survey_link_key as further
                                 where further.key_hash = :value
                                   and further.workspace = :workspace
                                   and further.survey = :survey)";
            by(conn, (workspace, id), (further, &hash))
        }
        Opens::List(list) => {
            let list = Value::Integer(*list);
            by(conn, (workspace, id), ("list = :value", &list))
        }
        Opens::Id(link) => {
            let link = Value::Text((*link).to_owned());
            by(conn, (workspace, id), ("id = :value", &link))
        }
    }
}

fn by(
    conn: &Connection,
    (workspace, id): (WorkspaceId, &str),
    (condition, value): (&str, &Value),
) -> Result<Option<(Link, String)>, Error> {
    let mut find = conn.prepare_cached(&format!(
        "select id, kind, entry, exits, postbacks, opened, supplier from survey_link
         where workspace = :workspace and survey = :survey and {condition}",
    ))?;
    let params = named_params! { ":workspace": workspace, ":survey": id, ":value": value };
    Ok(find.query_row(params, read_link).optional()?)
}

/// Has the survey a link that opens by a number?
pub(in crate::surveys::running) fn has_lists(
    conn: &Connection,
    (workspace, id): (WorkspaceId, &str),
) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from survey_link
                        where workspace = :workspace and survey = :survey and list is not null)",
    )?;
    let params = named_params! { ":workspace": workspace, ":survey": id };
    Ok(ask.query_row(params, |row| row.get(0))?)
}

fn read_link(row: &crate::store::Row<'_>) -> SqlResult<(Link, String)> {
    let (kind, entry): (String, String) = (row.get("kind")?, row.get("entry")?);
    let (exits, postbacks): (String, String) = (row.get("exits")?, row.get("postbacks")?);
    let link = Link {
        id: row.get("id")?,
        kind: match &*kind {
            "personal" => LinkKind::Personal,
            "single" => LinkKind::Single,
            _ => LinkKind::Open,
        },
        entry: pairs(&entry),
        exits: Exits {
            by_outcome: pairs(&exits),
            postbacks: pairs(&postbacks),
            supplier: None,
        },
        is_open: row.get("opened")?,
        is_whole: true,
    };
    Ok((link, row.get("supplier")?))
}

fn pairs(json: &str) -> Vec<(String, String)> {
    let table: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(json).unwrap_or_default();
    let texts = table.into_iter();
    texts
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect()
}

/// A supplier, with its secret still sealed.
pub(in crate::surveys::running) fn supplier(
    conn: &Connection,
    workspace: WorkspaceId,
    name: &str,
) -> Result<Option<Sealed>, Error> {
    let mut find = conn.prepare_cached(
        "select name, kind, secret, way, entry_name, exit_name, ca from survey_supplier
         where workspace = :workspace and name = :name",
    )?;
    let params = named_params! { ":workspace": workspace, ":name": name };
    let found = find.query_row(params, |row| {
        Ok(Sealed {
            name: row.get("name")?,
            kind: row.get("kind")?,
            secret: row.get("secret")?,
            way: row.get("way")?,
            entry: row.get("entry_name")?,
            exit: row.get("exit_name")?,
            ca: row.get("ca")?,
        })
    });
    Ok(found.optional()?)
}

/// The surveys with links of suppliers: workspace and id. What waits there is looked at
/// though its link tells nobody any more.
pub(in crate::surveys::running) fn telling(
    conn: &Connection,
) -> Result<Vec<(WorkspaceId, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select distinct workspace, survey from survey_link
         where postbacks <> '{}' or supplier <> ''",
    )?;
    let found = list.query_map(named_params! {}, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<SqlResult<_>>()?)
}
