//! Publishing: what a new version does to the data, and the versions so far.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Author, Error, Head, Told, actions, fault, reading, told};
use crate::base::Time;
use crate::surveys::assets;
use crate::surveys::format::{Change, changes};
use crate::surveys::projects::model::{Read, Version};
use crate::surveys::running::Surveys;
use crate::web::{Again, Done, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/publish.html")]
pub(super) struct Review {
    shell: Shell,
    tab: &'static str,
    head: Head,
    versions: Vec<Version>,
    next: i64,
    changes: Vec<Change>,
    is_ready: bool,
    problems: Vec<Told>,
    note: String,
    fault: String,
}

impl Review {
    /// Respondents begin with it.
    fn is_current(&self, version: &Version) -> bool {
        self.head.version == Some(version.number)
    }
}

async fn page(surveys: &Surveys, member: &Member, survey: &str) -> Result<Review> {
    let history = reading::history(&surveys.site, member.workspace, survey).await?;
    let library = assets::library(&surveys.site, (member.workspace, survey)).await?;
    let read = Read::of_survey(&history.project.text, &history.project.id).among(&library);
    let against = actions::against(surveys, (member.workspace, survey), &read).await?;
    let read = read.against(against);
    let newest = history.versions.first();
    let changes = match (newest, &read.survey) {
        (Some((_, old)), Some(new)) => changes(old, new),
        _ => Vec::new(),
    };
    Ok(Review {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "publish",
        head: Head::of(&history.project),
        next: newest.map_or(0, |(newest, _)| newest.number) + 1,
        is_ready: read.is_publishable(),
        problems: told(&read.problems),
        changes,
        versions: history
            .versions
            .into_iter()
            .map(|(version, _)| version)
            .collect(),
        note: String::new(),
        fault: String::new(),
    })
}

pub(super) async fn review(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<Review>> {
    Ok(Page(page(&surveys, &member, &survey).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishForm {
    note: String,
    draft_at: i64,
}

pub(super) async fn publish(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Form(form): Form<PublishForm>,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    let new = (form.note.as_str(), Time(form.draft_at));
    match actions::publish(&surveys, &author, &survey, new).await {
        Ok(version) => Ok(Done::to(format!("/surveys/{survey}"))
            .saying(format!("Version {version} is published"))
            .into_response()),
        Err(error) => {
            let words = match error {
                Error::Stale(by) => {
                    format!("{by} saved the draft meanwhile: look at it again, then publish")
                }
                Error::Problems(_) => "the problems below stand in the way".to_owned(),
                other => fault(other)?,
            };
            let page = page(&surveys, &member, &survey).await?;
            Ok(Again(Review {
                note: form.note,
                fault: words,
                ..page
            })
            .into_response())
        }
    }
}
