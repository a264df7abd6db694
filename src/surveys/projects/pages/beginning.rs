//! The list of surveys, and the ways to begin one.

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Author, Error, Told, actions, fault, told};
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
    let text = if sent.file.is_empty() {
        sent.text
    } else {
        match String::from_utf8(sent.file) {
            Ok(text) => text,
            Err(_) => {
                let words = format!(
                    "{} is no survey file: a survey file is text in UTF-8",
                    sent.name
                );
                return again(words, String::new(), Vec::new());
            }
        }
    };
    if text.trim().is_empty() {
        let words = "choose a survey file, which ends in .toml".to_owned();
        return again(words, text, Vec::new());
    }
    let author = Author::of(&member.viewer);
    match actions::import(&surveys.site, &author, text.clone(), "a file").await {
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
