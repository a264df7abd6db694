//! What happened in the workspace, newest first.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::journal::Link;
use crate::site::Site;
use crate::web::{Access, Page, Result, Right, Routes, Shell, Viewer};

const LINES: u32 = 100;

pub fn routes(site: Site) -> Routes {
    Routes::default()
        .get("/audit", Access::Needs(Right::ReadAudit), latest)
        .with(site)
}

#[derive(Template)]
#[template(path = "audit/latest.html")]
struct Latest {
    shell: Shell,
    lines: Vec<Link>,
    /// Where the next page begins.
    older: Option<i64>,
}

#[derive(Deserialize)]
struct Asked {
    before: Option<i64>,
}

async fn latest(
    State(site): State<Site>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Page<Latest>> {
    let workspace = viewer.person.workspace.to_string();
    let lines = site
        .system
        .read(move |conn| {
            super::sql::latest(conn, &workspace, asked.before.unwrap_or(i64::MAX), LINES)
        })
        .await?;
    let is_full = u32::try_from(lines.len()).is_ok_and(|count| count == LINES);
    Ok(Page(Latest {
        shell: Shell::of(&viewer, "audit"),
        older: lines.last().filter(|_| is_full).map(|link| link.seq),
        lines,
    }))
}
