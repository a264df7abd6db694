//! A look at a draft before anybody else gets it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::editor::{app_of, text};
use super::{Apps, Read, actions};
use crate::apps::format::{App, Page as AppPage};
use crate::apps::render::{self, Ask};
use crate::apps::sharing::{MayEdit, MayLook};
use crate::web::{self, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/preview_part.html")]
struct Part<'a> {
    id: &'a str,
    app: &'a App,
    page: &'a AppPage,
    html: String,
}

/// One page of the text in the editor, saved or not.
pub(super) async fn part(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let text = text(&fields)?;
    // While the text is half written, what was shown last stays.
    let Some(app) = Read::of(&text).app else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let chosen = fields.get("page").and_then(|page| app.page(page));
    let Some(page) = chosen.or_else(|| first(&app)) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let ask = Ask {
        app: &app,
        page,
        fields: &Fields::default(),
        base: &base(&id),
        is_preview: true,
    };
    let html = render::page(&apps, &member, ask).await?;
    let part = Part {
        id: &id,
        app: &app,
        page,
        html,
    };
    Ok(Page(part).into_response())
}

#[derive(Template)]
#[template(path = "apps/preview.html")]
pub(super) struct Whole {
    shell: Shell,
    id: String,
    app: App,
    title: String,
    html: String,
}

pub(super) async fn home(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Whole>> {
    whole(&apps, &member, id, "/", query).await
}

pub(super) async fn page(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path((id, path)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Page<Whole>> {
    whole(&apps, &member, id, &format!("/{path}"), query).await
}

async fn whole(
    apps: &Apps,
    member: &Member,
    id: String,
    path: &str,
    query: Option<String>,
) -> Result<Page<Whole>> {
    let draft = actions::look(apps, member.workspace, &id).await?;
    let app = app_of(&draft).ok_or_else(|| {
        web::Error::Invalid("the draft has problems; mend them in the editor first".to_owned())
    })?;
    let page = app.page_at(path);
    let page = page.or_else(|| first(&app).filter(|_| path == "/"));
    let page = page.ok_or(web::Error::NotFound)?;
    let fields = Fields::parse(&query.unwrap_or_default());
    let ask = Ask {
        app: &app,
        page,
        fields: &fields,
        base: &base(&id),
        is_preview: true,
    };
    let html = render::page(apps, member, ask).await?;
    Ok(Page(Whole {
        shell: Shell::of(&member.viewer, "apps"),
        title: page.title.clone(),
        id,
        html,
        app,
    }))
}

/// Where an app begins.
fn first(app: &App) -> Option<&AppPage> {
    app.page_at("/")
        .or_else(|| app.menu().first().copied())
        .or_else(|| app.pages.first())
}

/// Where the pages of a draft begin.
fn base(id: &str) -> String {
    format!("/edit/{id}/preview")
}
