//! What is set once about an app: its title, its file, its end.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Apps, Author, Draft, actions, fault};
use crate::apps::sharing::MayEdit;
use crate::web::{self, Again, Done, Faults, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/settings.html")]
pub(super) struct Settings {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    title: String,
    faults: Faults,
}

async fn page(apps: &Apps, member: &Member, app: &str) -> Result<Settings> {
    let history = actions::history(apps, &Author::of(&member.viewer), app, None).await?;
    Ok(Settings {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "settings",
        title: history.draft.title.clone(),
        draft: history.draft,
        faults: Faults::default(),
    })
}

pub(super) async fn open(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
) -> Result<Page<Settings>> {
    Ok(Page(page(&apps, &member, &app).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TitleForm {
    title: String,
}

pub(super) async fn rename(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    Form(form): Form<TitleForm>,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    match actions::rename(&apps, &author, &app, &form.title).await {
        Ok(_) => Ok(Done::to(format!("/edit/{app}/settings"))
            .saying("Renamed in the draft; publish it for everybody to see")
            .into_response()),
        Err(error) => {
            let faults = Faults::of("title", fault(error)?);
            let page = page(&apps, &member, &app).await?;
            Ok(Again(Settings {
                faults,
                title: form.title,
                ..page
            })
            .into_response())
        }
    }
}

/// The text of the draft, byte for byte.
pub(super) async fn export(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
) -> Result<Response> {
    let text = actions::export(&apps, &Author::of(&member.viewer), &app).await?;
    let name = format!("attachment; filename=\"{app}.toml\"");
    let name = HeaderValue::from_str(&name).map_err(web::Error::broken)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/toml; charset=utf-8"),
        ),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}
