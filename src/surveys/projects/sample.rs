//! A survey in the field with answers in it, to look at.

use super::actions::{self, From};
use super::model::Author;
use super::sql;
use crate::store::Connection;
use crate::surveys::running::{self, Surveys};
use crate::web::WorkspaceId;

/// Publishes that definition and lets so many people answer it by chance.
///
/// # Errors
///
/// What is wrong with the definition, or with the disk.
pub async fn show(
    surveys: &Surveys,
    workspace: WorkspaceId,
    (text, people): (&str, i64),
) -> anyhow::Result<()> {
    let site = &surveys.site;
    let author = Author::command_line(workspace);
    let id = actions::import(site, &author, text.to_owned(), From::File).await?;
    let find = move |conn: &Connection| sql::find(conn, workspace, &id);
    let project = site.system.read(find).await?;
    actions::publish(surveys, &author, &project.id, ("", project.draft_at)).await?;
    let of = surveys.at(&project.slug).await?;
    running::people(surveys, &of, people).await?;
    Ok(())
}
