//! Questions people write and keep.

mod actions;
mod model;
mod pages;
mod sql;

use super::Data;
use crate::store::Error;
use crate::web::WorkspaceId;

#[cfg(test)]
mod hostile_tests;

pub(super) use pages::routes;

/// The names of the queries a workspace keeps, by name.
pub async fn names(data: &Data, workspace: WorkspaceId) -> Result<Vec<String>, Error> {
    let kept = data
        .site
        .system
        .read(move |conn| sql::list(conn, workspace));
    Ok(kept.await?.into_iter().map(|query| query.name).collect())
}
