//! What is looked up about the pictures of a survey.

use super::{Assets, sql};
use crate::site::Site;
use crate::store::{Error, project_file};
use crate::web::WorkspaceId;

/// The pictures a survey has now, by name. No file is made by looking.
pub async fn library(site: &Site, of: (WorkspaceId, &str)) -> Result<Assets, Error> {
    let file = project_file(of.0, of.1);
    if !site.files.is_there(&file)? {
        return Ok(Assets::default());
    }
    let found = site.files.open(&file)?.read(sql::list).await?;
    let pairs = found.into_iter().map(|one| (one.name, one.asset));
    Ok(Assets::new(pairs))
}

/// The hashes of all pictures whose bytes are here, whoever names them.
pub async fn contents(site: &Site, of: (WorkspaceId, &str)) -> Result<Vec<String>, Error> {
    let file = project_file(of.0, of.1);
    if !site.files.is_there(&file)? {
        return Ok(Vec::new());
    }
    let all = site.files.open(&file)?.read(sql::all).await?;
    Ok(all.into_iter().map(|(hash, _)| hash).collect())
}

/// What each published version shows: its number, its text, its pictures.
pub async fn kept(
    site: &Site,
    (workspace, survey): (WorkspaceId, &str),
) -> Result<Vec<(i64, String, Assets)>, Error> {
    let survey = survey.to_owned();
    let read = site
        .system
        .read(move |conn| sql::kept(conn, (workspace, &survey)));
    read.await
}
