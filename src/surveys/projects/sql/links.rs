//! Ways in.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::base::Time;
use crate::store::{Connection, Error as StoreError, Row, SqlResult, Transaction, named_params};
use crate::surveys::projects::model::{Error, Link};
use crate::web::WorkspaceId;

/// What happens at the end, as JSON: addresses by outcome.
#[derive(Clone, Debug)]
pub(in crate::surveys::projects) struct End {
    pub(in crate::surveys::projects) exits: Value,
    pub(in crate::surveys::projects) postbacks: Value,
}

/// A way in to be.
pub(in crate::surveys::projects) struct NewLink<'a> {
    pub(in crate::surveys::projects) id: &'a str,
    pub(in crate::surveys::projects) kind: &'a str,
    pub(in crate::surveys::projects) name: &'a str,
    pub(in crate::surveys::projects) key_hash: Option<&'a [u8]>,
    pub(in crate::surveys::projects) entry: &'a str,
    pub(in crate::surveys::projects) end: &'a End,
    pub(in crate::surveys::projects) supplier: &'a str,
    pub(in crate::surveys::projects) list: Option<i64>,
    pub(in crate::surveys::projects) at: Time,
    pub(in crate::surveys::projects) by: &'a str,
}

pub(in crate::surveys::projects) fn insert_link(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    survey: &str,
    new: &NewLink<'_>,
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "insert into survey_link (workspace, survey, id, kind, name, key_hash, entry, exits,
                                  postbacks, supplier, list, created, created_by)
         values (:workspace, :survey, :id, :kind, :name, :key_hash, :entry, :exits,
                 :postbacks, :supplier, :list, :at, :by)",
    )?;
    insert.execute(named_params! {
        ":workspace": workspace,
        ":survey": survey,
        ":id": new.id,
        ":kind": new.kind,
        ":name": new.name,
        ":key_hash": new.key_hash,
        ":entry": new.entry,
        ":exits": new.end.exits.to_string(),
        ":postbacks": new.end.postbacks.to_string(),
        ":supplier": new.supplier,
        ":list": new.list,
        ":at": new.at.0,
        ":by": new.by,
    })?;
    Ok(())
}

/// The links of a survey, newest first: as many as `most`.
pub(in crate::surveys::projects) fn links(
    conn: &Connection,
    workspace: WorkspaceId,
    survey: &str,
    most: u32,
) -> Result<Vec<Link>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, kind, name, entry, exits, postbacks, supplier, list, opened, created,
                created_by
         from survey_link
         where workspace = :workspace and survey = :survey
         order by kind = 'open' desc, created desc, id desc
         limit :most",
    )?;
    let values = named_params! { ":workspace": workspace, ":survey": survey, ":most": most };
    let links = list.query_map(values, read)?;
    Ok(links.collect::<Result<_, _>>()?)
}

/// The names of the links that many came by, by id. Those of single respondents
/// are not among them: they tell who somebody is.
pub(in crate::surveys::projects) fn link_names(
    conn: &Connection,
    workspace: WorkspaceId,
    survey: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, name from survey_link
         where workspace = :workspace and survey = :survey and kind = 'open'",
    )?;
    let values = named_params! { ":workspace": workspace, ":survey": survey };
    let names = list.query_map(values, |row| Ok((row.get("id")?, row.get("name")?)))?;
    Ok(names.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> SqlResult<Link> {
    Ok(Link {
        id: row.get("id")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        entry: row.get("entry")?,
        exits: row.get("exits")?,
        postbacks: row.get("postbacks")?,
        supplier: row.get("supplier")?,
        list: row.get("list")?,
        is_open: row.get("opened")?,
        created: Time(row.get("created")?),
        created_by: row.get("created_by")?,
    })
}

pub(in crate::surveys::projects) fn link(
    conn: &Connection,
    workspace: WorkspaceId,
    survey: &str,
    id: &str,
) -> Result<Link, Error> {
    let mut find = conn
        .prepare_cached(
            "select id, kind, name, entry, exits, postbacks, supplier, list, opened, created,
                created_by
         from survey_link
             where workspace = :workspace and survey = :survey and id = :id",
        )
        .map_err(StoreError::from)?;
    let values = named_params! { ":workspace": workspace, ":survey": survey, ":id": id };
    let mut found = find.query_map(values, read).map_err(StoreError::from)?;
    let link = found.next().ok_or(Error::Missing)?;
    Ok(link.map_err(StoreError::from)?)
}

/// Lets nobody more in by it, or lets them in again.
pub(in crate::surveys::projects) fn open_link(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    (survey, id): (&str, &str),
    is_open: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "update survey_link set opened = :opened
         where workspace = :workspace and survey = :survey and id = :id",
        named_params! {
            ":workspace": workspace,
            ":survey": survey,
            ":id": id,
            ":opened": is_open,
        },
    )?;
    Ok(())
}

pub(in crate::surveys::projects) fn set_end(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    (survey, id): (&str, &str),
    end: &End,
) -> Result<(), StoreError> {
    tx.execute(
        "update survey_link set exits = :exits, postbacks = :postbacks
         where workspace = :workspace and survey = :survey and id = :id",
        named_params! {
            ":workspace": workspace,
            ":survey": survey,
            ":id": id,
            ":exits": end.exits.to_string(),
            ":postbacks": end.postbacks.to_string(),
        },
    )?;
    Ok(())
}

/// Has no link of the survey that number?
pub(in crate::surveys::projects) fn is_free(
    conn: &Connection,
    workspace: WorkspaceId,
    (survey, list): (&str, i64),
) -> Result<bool, StoreError> {
    let mut ask = conn.prepare_cached(
        "select not exists (select 1 from survey_link
                            where workspace = :workspace and survey = :survey and list = :list)",
    )?;
    let values = named_params! { ":workspace": workspace, ":survey": survey, ":list": list };
    Ok(ask.query_row(values, |row| row.get(0))?)
}
