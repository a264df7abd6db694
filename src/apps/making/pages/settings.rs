//! What is set once about an app: its title, its file, its end.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Apps, Author, Draft, Read, actions, fault};
use crate::apps::sharing::MayEdit;
use crate::apps::sources::{Choice, choices, choose};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/settings.html")]
pub(super) struct Settings {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    title: String,
    /// The names of its text that stand for databases elsewhere.
    choices: Vec<Choice>,
    faults: Faults,
}

async fn page(apps: &Apps, member: &Member, app: &str) -> Result<Settings> {
    let history = actions::history(apps, &Author::of(&member.viewer), app, None, None).await?;
    // A text that cannot be read says nothing of databases.
    let choices = match Read::of_app(&history.draft.text, app).app {
        Some(read) => choices(apps, member.workspace, &read).await?,
        None => Vec::new(),
    };
    Ok(Settings {
        choices,
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

/// The databases that the names of its text stand for.
pub(super) async fn databases(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let page = page(&apps, &member, &app).await?;
    let wanted = page.choices.iter().filter_map(|choice| {
        let id = fields.get(&format!("uses.{}", choice.name))?;
        Some((choice.name.clone(), id.to_owned()))
    });
    match choose(&apps, &member.viewer, &app, wanted.collect()).await {
        Ok(()) => Ok(Done::to(format!("/edit/{app}/settings"))
            .saying("The app asks these databases now, for everybody")
            .into_response()),
        Err(error) => {
            let faults = Faults::of("databases", fault(error)?);
            Ok(Again(Settings { faults, ..page }).into_response())
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
