//! The search, as a part of the page one is on and as a page of its own.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::find::{Group, find, is_long_enough};
use crate::apps::Apps;
use crate::web::{Access, Page, Result, Routes, Shell, assets_prefix};
use crate::workspaces::Member;

pub fn routes(apps: &Apps) -> Routes {
    Routes::default()
        .get("/search", Access::SignedIn, search)
        .with(apps.clone())
}

#[derive(Template)]
#[template(path = "search/found.html")]
struct Found {
    assets: &'static str,
    q: String,
    is_long_enough: bool,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage {
    shell: Shell,
    assets: &'static str,
    q: String,
    is_long_enough: bool,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

async fn search(
    State(apps): State<Apps>,
    member: Member,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let groups = find(&apps, &member, &asked.q).await?;
    let is_long_enough = is_long_enough(&asked.q);
    let (assets, q) = (assets_prefix(), asked.q);
    if headers.contains_key("hx-request") {
        let found = Found {
            assets,
            q,
            is_long_enough,
            groups,
        };
        return Ok(Page(found).into_response());
    }
    let page = SearchPage {
        shell: Shell::of(&member.viewer, "search"),
        assets,
        q,
        is_long_enough,
        groups,
    };
    Ok(Page(page).into_response())
}
