//! The queries of a workspace.

use askama::Template;
use axum::extract::State;

use crate::base::text;
use crate::data::Data;
use crate::data::queries::model::Query;
use crate::data::queries::sql;
use crate::web::{Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "queries/list.html")]
pub(super) struct ListPage {
    shell: Shell,
    queries: Vec<Query>,
}

pub(super) async fn list(State(data): State<Data>, member: Member) -> Result<Page<ListPage>> {
    let workspace = member.workspace;
    let system = &data.site.system;
    let queries = system.read(move |conn| sql::list(conn, workspace)).await?;
    Ok(Page(ListPage {
        shell: Shell::of(&member.viewer, "queries"),
        queries,
    }))
}
