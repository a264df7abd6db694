//! What is looked up for the pages: a survey, its map, its answers.

use std::collections::BTreeMap;

use super::model::{Error, Project, Read, Version};
use super::responses::record;
use super::sql;
use crate::site::Site;
use crate::store::{Connection, Error as StoreError, project_file};
use crate::surveys::assets;
use crate::surveys::exports::line;
use crate::surveys::format::Survey;
use crate::surveys::map::DataMap;
use crate::surveys::personal::Marks;
use crate::web::WorkspaceId;

/// A survey of a workspace.
pub(super) async fn project(
    site: &Site,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Project, Error> {
    let id = id.to_owned();
    site.system
        .read(move |conn| sql::find(conn, workspace, &id))
        .await
}

/// What can be undone and redone of its draft.
pub(super) async fn stood(
    site: &Site,
    workspace: WorkspaceId,
    id: &str,
) -> Result<sql::Stood, Error> {
    let id = id.to_owned();
    let found = site
        .system
        .read(move |conn| sql::stood(conn, (workspace, &id)));
    Ok(found.await?)
}

/// A survey with the versions it was published in, newest first, and what they say.
pub(super) struct History {
    pub(super) project: Project,
    pub(super) versions: Vec<(Version, Survey)>,
    /// What the links are called that many came by.
    pub(super) links: BTreeMap<String, String>,
}

pub(super) async fn history(
    site: &Site,
    workspace: WorkspaceId,
    id: &str,
) -> Result<History, Error> {
    let id = id.to_owned();
    let found = site
        .system
        .read(move |conn| history_now(conn, workspace, &id));
    found.await
}

/// The same on this thread.
pub(super) fn history_now(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<History, Error> {
    let project = sql::find(conn, workspace, id)?;
    let versions = sql::versions(conn, workspace, id)?;
    let mut known = Vec::with_capacity(versions.len());
    for version in versions {
        let text = sql::version_text(conn, workspace, id, version.number)?;
        // What was published was whole when it was.
        if let Some(survey) = text.and_then(|text| Read::of(&text).survey) {
            known.push((version, survey));
        }
    }
    Ok(History {
        links: sql::link_names(conn, workspace, id)?,
        project,
        versions: known,
    })
}

impl History {
    /// The map of everything that was ever asked, the newest version first; of
    /// the draft where nothing was published.
    pub(super) fn map(&self) -> DataMap {
        let mut maps = self.versions.iter().map(|(_, survey)| DataMap::of(survey));
        if let Some(newest) = maps.next() {
            return maps.fold(newest, DataMap::with_former);
        }
        let draft = Read::of(&self.project.text).survey;
        draft.as_ref().map(DataMap::of).unwrap_or_default()
    }

    /// The definition respondents begin with; the draft where nothing was published.
    pub(super) fn survey(&self) -> Option<Survey> {
        match self.versions.first() {
            Some((_, newest)) => Some(newest.clone()),
            None => Read::of(&self.project.text).survey,
        }
    }
}

/// Reads in the file of a survey, all of it as it stands at one moment.
pub(super) async fn look<T: Send + 'static>(
    site: &Site,
    (workspace, survey): (WorkspaceId, &str),
    work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let db = site.files.open(&project_file(workspace, survey))?;
    db.read(move |conn| {
        let still = conn
            .unchecked_transaction()
            .map_err(crate::store::Error::from)?;
        work(&still)
    })
    .await
}

/// The questions of published versions that show a picture of that name: `pack in version 2`.
pub(super) async fn users(
    site: &Site,
    of: (WorkspaceId, &str),
    name: &str,
) -> Result<Vec<String>, Error> {
    let mut users = Vec::new();
    for (version, text, shown) in assets::kept(site, of).await? {
        if shown.get(name).is_none() {
            continue;
        }
        let survey = Read::of(&text).survey;
        for block in survey.iter().flat_map(Survey::blocks) {
            let mut pictures = block.kind.pictures(block).into_iter();
            if pictures.any(|picture| picture.name == name) {
                users.push(format!("{} in version {version}", block.id));
            }
        }
    }
    Ok(users)
}

/// The map with as many turns of its loops as anybody made.
pub(super) fn reached(conn: &Connection, map: DataMap) -> Result<DataMap, Error> {
    let turns = sql::reached(conn)?;
    let by_block = map
        .variables
        .iter()
        .filter_map(|variable| Some((variable.block.clone(), *turns.get(&variable.key)?)));
    let mut last = BTreeMap::new();
    for (block, turn) in by_block {
        let known: &mut u32 = last.entry(block).or_default();
        *known = turn.max(*known);
    }
    Ok(map.reached(&last))
}

/// The response of who came with that value, as programs get it: one JSON object.
pub(super) async fn response(
    site: &Site,
    (workspace, survey): (WorkspaceId, &str),
    (name, value): (&str, &str),
    is_test: bool,
) -> Result<Option<String>, Error> {
    let history = history(site, workspace, survey).await?;
    let (map, links) = (history.map().without_personal(), history.links);
    let (name, value) = (name.to_owned(), value.to_owned());
    let marks = Marks::of(site, &project_file(workspace, survey))?;
    look(site, (workspace, survey), move |conn| {
        let Some(found) = sql::by_value(conn, (&name, &value), &marks, is_test)? else {
            return Ok(None);
        };
        let map = reached(conn, map)?;
        let record = record(conn, (&map, &links), &found, None)?;
        Ok(Some(line(&map, &record)))
    })
    .await
}

/// What one respondent's answers are told by, to a webhook of the survey.
pub(in crate::surveys) struct Shape {
    map: DataMap,
    links: BTreeMap<String, String>,
}

pub(in crate::surveys) async fn shape(
    site: &Site,
    (workspace, survey): (WorkspaceId, &str),
) -> Result<Shape, StoreError> {
    let history = history(site, workspace, survey).await.map_err(as_store)?;
    Ok(Shape {
        map: history.map().without_personal(),
        links: history.links,
    })
}

/// What that respondent answered, as programs get it; `None`: nobody has that number.
pub(in crate::surveys) fn answered(
    conn: &Connection,
    shape: &Shape,
    respondent: i64,
) -> Result<Option<serde_json::Value>, StoreError> {
    let Some(found) = sql::respondent(conn, respondent)? else {
        return Ok(None);
    };
    let map = reached(conn, shape.map.clone()).map_err(as_store)?;
    let line = line(&map, &record(conn, (&map, &shape.links), &found, None)?);
    let read = serde_json::from_str(&line).map_err(std::io::Error::other)?;
    Ok(Some(read))
}

fn as_store(error: Error) -> StoreError {
    match error {
        Error::Store(error) => error,
        _ => StoreError::NotFound,
    }
}
