//! The databases a workspace is connected to.

use askama::Template;
use axum::extract::State;

use crate::data::Data;
use crate::data::sources::{ALL, Source, sql};
use crate::web::{Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "sources/list.html")]
pub(super) struct ListPage {
    shell: Shell,
    sources: Vec<Source>,
    /// The kind that is entered by its address.
    api: &'static str,
}

pub(super) async fn list(State(data): State<Data>, member: Member) -> Result<Page<ListPage>> {
    let workspace = member.workspace;
    let sources = data
        .site
        .system
        .read(move |conn| sql::list(conn, workspace));
    let api = ALL.iter().find(|kind| kind.is_described());
    Ok(Page(ListPage {
        api: api.map_or("", |kind| kind.name()),
        sources: sources.await?,
        shell: Shell::of(&member.viewer, "data"),
    }))
}
