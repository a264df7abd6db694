//! The databases a workspace is connected to.

use askama::Template;
use axum::extract::State;

use crate::data::Data;
use crate::data::sources::{Source, sql};
use crate::web::{Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "sources/list.html")]
pub(super) struct ListPage {
    shell: Shell,
    sources: Vec<Source>,
}

pub(super) async fn list(State(data): State<Data>, member: Member) -> Result<Page<ListPage>> {
    let workspace = member.workspace;
    let sources = data
        .site
        .system
        .read(move |conn| sql::list(conn, workspace));
    Ok(Page(ListPage {
        sources: sources.await?,
        shell: Shell::of(&member.viewer, "data"),
    }))
}
