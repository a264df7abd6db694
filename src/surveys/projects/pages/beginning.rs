//! The list of surveys, and the ways to begin one.

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::{Author, Error, Told, actions, fault, told};
use crate::surveys::intake::{Converted, Fate, Line, Nothing, convert};
use crate::surveys::projects::model::Listed;
use crate::surveys::projects::sql;
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/list.html")]
pub(super) struct List {
    shell: Shell,
    surveys: Vec<Listed>,
}

pub(super) async fn list(State(surveys): State<Surveys>, member: Member) -> Result<Page<List>> {
    let workspace = member.workspace;
    let system = &surveys.site.system;
    let found = system.read(move |conn| sql::list(conn, workspace)).await?;
    Ok(Page(List {
        shell: Shell::of(&member.viewer, "surveys"),
        surveys: found,
    }))
}

#[derive(Template)]
#[template(path = "surveys/new.html")]
pub(super) struct Ways {
    shell: Shell,
    title: String,
    /// A text that was sent and is not in yet.
    text: String,
    problems: Vec<Told>,
    faults: Faults,
}

fn empty(member: &Member) -> Ways {
    Ways {
        shell: Shell::of(&member.viewer, "surveys"),
        title: String::new(),
        text: String::new(),
        problems: Vec::new(),
        faults: Faults::default(),
    }
}

pub(super) async fn ways(member: Member) -> Page<Ways> {
    Page(empty(&member))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TitleForm {
    title: String,
}

pub(super) async fn start(
    State(surveys): State<Surveys>,
    member: Member,
    Form(form): Form<TitleForm>,
) -> Result<Response> {
    match actions::start(&surveys.site, &Author::of(&member.viewer), &form.title).await {
        Ok(id) => Ok(Done::to(format!("/surveys/{id}/edit"))
            .saying(format!("{} is begun", form.title.trim()))
            .into_response()),
        Err(error) => {
            let faults = Faults::of("title", fault(error)?);
            Ok(Again(Ways {
                faults,
                title: form.title,
                ..empty(&member)
            })
            .into_response())
        }
    }
}

/// What the form with the file sends.
#[derive(Default)]
struct Sent {
    file: Vec<u8>,
    name: String,
    text: String,
}

pub(super) async fn import(
    State(surveys): State<Surveys>,
    member: Member,
    form: Multipart,
) -> Result<Response> {
    let sent = read(form).await?;
    let again = |words: String, text: String, problems: Vec<Told>| {
        let page = Ways {
            faults: Faults::of("file", words),
            text,
            problems,
            ..empty(&member)
        };
        Ok(Again(page).into_response())
    };
    if !sent.file.is_empty() && !is_definition(&sent.file) {
        return match converted(sent.file, sent.name).await? {
            Ok(converted) => carried_over(&surveys, &member, converted).await,
            Err(words) => again(words, String::new(), Vec::new()),
        };
    }
    let text = if sent.file.is_empty() {
        sent.text
    } else {
        String::from_utf8_lossy(&sent.file).into_owned()
    };
    if text.trim().is_empty() {
        let words =
            "choose a survey file: a text that ends in .toml, an XLSForm, or a LimeSurvey .lss";
        return again(words.to_owned(), text, Vec::new());
    }
    let author = Author::of(&member.viewer);
    match actions::import(&surveys.site, &author, text.clone(), actions::From::File).await {
        Ok(id) => Ok(Done::to(format!("/surveys/{id}/edit"))
            .saying("The survey is here as a draft")
            .into_response()),
        Err(Error::Problems(problems)) => {
            let words = "the file has problems, listed below; mend it here and send it again";
            again(words.to_owned(), text, told(&problems))
        }
        Err(error) => {
            let words = fault(error)?;
            again(words, text, Vec::new())
        }
    }
}

/// It is a text, and neither XML nor a workbook: a definition of our own.
fn is_definition(file: &[u8]) -> bool {
    let text = std::str::from_utf8(file).map(|text| text.trim_start_matches('\u{feff}'));
    text.is_ok_and(|text| !text.trim_start().starts_with('<'))
}

/// A questionnaire of another program as a definition, off the async threads.
async fn converted(file: Vec<u8>, name: String) -> Result<std::result::Result<Converted, String>> {
    let work = move || convert(&file, &name, &Nothing).map_err(|why| why.to_string());
    spawn_blocking(work).await.map_err(web::Error::broken)
}

/// What became of each row of a questionnaire.
#[derive(Template)]
#[template(path = "surveys/carried.html")]
struct Carried {
    shell: Shell,
    id: String,
    from: &'static str,
    rows: usize,
    /// Rows that came over as they were.
    whole: usize,
    noted: usize,
    refused: usize,
    lines: Vec<Line>,
}

async fn carried_over(
    surveys: &Surveys,
    member: &Member,
    converted: Converted,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    let text = converted.text;
    let from = actions::From::Other(converted.from);
    let id = match actions::import(&surveys.site, &author, text.clone(), from).await {
        Ok(id) => id,
        Err(error) => {
            let problems = match &error {
                Error::Problems(problems) => told(problems),
                _ => Vec::new(),
            };
            let page = Ways {
                faults: Faults::of("file", fault(error)?),
                text,
                problems,
                ..empty(member)
            };
            return Ok(Again(page).into_response());
        }
    };
    let account = &converted.account;
    let told = account
        .lines()
        .iter()
        .filter(|line| line.fate() != Fate::Carried);
    Ok(Page(Carried {
        shell: Shell::of(&member.viewer, "surveys"),
        id,
        from: converted.from,
        rows: account.lines().len(),
        whole: account.count(Fate::Carried),
        noted: account.count(Fate::Noted),
        refused: account.count(Fate::Refused),
        lines: told.cloned().collect(),
    })
    .into_response())
}

async fn read(mut form: Multipart) -> Result<Sent> {
    let refused = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            web::Error::TooLarge("a survey file has 1 MiB at most".to_owned())
        } else {
            web::Error::Invalid("the file did not arrive whole; send it again".to_owned())
        }
    };
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or("what you sent").to_owned();
        let bytes = field.bytes().await.map_err(refused)?.to_vec();
        match name.as_str() {
            "file" => {
                sent.file = bytes;
                sent.name = file;
            }
            "text" => sent.text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n"),
            _ => {}
        }
    }
    Ok(sent)
}
