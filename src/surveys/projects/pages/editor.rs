//! The editor: a survey's text and what is wrong with it.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Author, Error, Head, Told, actions, fault, reading, told};
use crate::base::Time;
use crate::surveys::assets::{Assets, library};
use crate::surveys::format::{Level, Problem};
use crate::surveys::projects::actions::Draft;
use crate::surveys::projects::model::{Project, Read, fits};
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/editor.html")]
pub(super) struct Editor {
    shell: Shell,
    tab: &'static str,
    head: Head,
    text: String,
    /// The state of the draft that the text takes the place of.
    seen: Time,
    problems: Vec<Told>,
    fault: String,
    /// What somebody else saved meanwhile.
    theirs: Option<String>,
    /// The line to begin at, from 1.
    line: usize,
}

fn page(member: &Member, project: &Project, library: &Assets) -> Editor {
    let read = Read::of_survey(&project.text, &project.id).among(library);
    Editor {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "editor",
        head: Head::of(project),
        text: project.text.clone(),
        seen: project.draft_at,
        problems: told(&read.problems),
        fault: String::new(),
        theirs: None,
        line: 0,
    }
}

pub(super) async fn open(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Editor>> {
    let project = reading::project(&surveys.site, member.workspace, &survey).await?;
    let library = library(&surveys.site, (member.workspace, &survey)).await?;
    let asked = Fields::parse(&query.unwrap_or_default());
    let line = asked.get("line").and_then(|line| line.parse().ok());
    Ok(Page(Editor {
        line: line.unwrap_or_default(),
        ..page(&member, &project, &library)
    }))
}

pub(super) async fn save(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let text = fields.get("text").unwrap_or_default().replace("\r\n", "\n");
    let seen = fields.get("draft_at").and_then(|at| at.parse().ok());
    let seen = Time(seen.ok_or_else(|| {
        web::Error::Invalid("this page is too old to save from; copy your text and reload".into())
    })?);
    let author = Author::of(&member.viewer);
    let draft = Draft {
        text: text.clone(),
        seen,
        what: "change the text".to_owned(),
    };
    let saved = actions::save(&surveys.site, &author, &survey, draft).await;
    let error = match saved {
        Ok(_) if fields.get("then") == Some("publish") => {
            return Ok(Done::to(format!("/surveys/{survey}/publish")).into_response());
        }
        Ok(_) => {
            return Ok(Done::to(format!("/surveys/{survey}/edit"))
                .saying("Draft saved")
                .into_response());
        }
        Err(error) => error,
    };
    let project = reading::project(&surveys.site, member.workspace, &survey).await?;
    let is_stale = matches!(error, Error::Stale(_));
    let words = fault(error)?;
    let theirs = is_stale.then(|| project.text.clone());
    // Saving once more puts this text in the place of theirs.
    let seen = project.draft_at;
    let library = library(&surveys.site, (member.workspace, &survey)).await?;
    let page = page(&member, &Project { text, ..project }, &library);
    Ok(Again(Editor {
        fault: words,
        theirs,
        seen,
        ..page
    })
    .into_response())
}

/// What is wrong with a text, for the editor.
pub(super) async fn check(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Json<Value>> {
    reading::project(&surveys.site, member.workspace, &survey).await?;
    let text = fields.get("text").unwrap_or_default();
    if let Err(error) = fits(text) {
        let problem =
            json!({ "line": 1, "column": 1, "message": error.to_string(), "level": "error" });
        return Ok(Json(json!([problem])));
    }
    let library = library(&surveys.site, (member.workspace, &survey)).await?;
    let problems = Read::of_survey(text, &survey).among(&library).problems;
    let each = problems.iter().map(|problem: &Problem| {
        let level = if problem.level == Level::Note {
            "warning"
        } else {
            "error"
        };
        json!({
            "line": problem.line,
            "column": problem.column,
            "message": problem.message,
            "level": level,
        })
    });
    Ok(Json(each.collect()))
}
