//! The ways to begin an app: from a table, with nothing, from a file.

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::several::arrived;
use super::{Apps, Author, Error, Import, Told, actions, fault, told};
use crate::apps::templates;
use crate::base::text::title;
use crate::data::tables::Table;
use crate::web::{self, Again, Done, Faults, Page, Result, Shell, WorkspaceId};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/new.html")]
pub(super) struct Ways {
    shell: Shell,
    workspace: WorkspaceId,
    tables: Vec<Table>,
    /// Title, address and sentence of each.
    templates: Vec<(&'static str, String, &'static str)>,
    /// The table the page was opened for.
    chosen: String,
    title: String,
    /// A file that was sent and is not in yet, so that it need not be sent again.
    text: String,
    id: String,
    problems: Vec<Told>,
    faults: Faults,
}

async fn page(apps: &Apps, member: &Member) -> Result<Ways> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    Ok(Ways {
        shell: Shell::of(&member.viewer, "apps"),
        workspace: member.workspace,
        tables: catalog.tables.clone(),
        templates: templates::offered().collect(),
        chosen: String::new(),
        title: String::new(),
        text: String::new(),
        id: String::new(),
        problems: Vec::new(),
        faults: Faults::default(),
    })
}

pub(super) async fn ways(State(apps): State<Apps>, member: Member) -> Result<Page<Ways>> {
    Ok(Page(page(&apps, &member).await?))
}

/// Makes an app from one table, as it is.
pub(super) async fn make(apps: &Apps, member: &Member, table: String) -> Result<Response> {
    let author = Author::of(&member.viewer);
    match actions::make(apps, &member.db, &author, &table).await {
        Ok(made) => Ok(arrived(&made)),
        Err(error) => {
            let faults = Faults::of("table", fault(error)?);
            let page = page(apps, member).await?;
            Ok(Again(Ways {
                faults,
                chosen: table,
                ..page
            })
            .into_response())
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TitleForm {
    title: String,
}

pub(super) async fn start(
    State(apps): State<Apps>,
    member: Member,
    Form(form): Form<TitleForm>,
) -> Result<Response> {
    match actions::start(&apps, &Author::of(&member.viewer), &form.title).await {
        Ok(id) => Ok(Done::to(format!("/edit/{id}"))
            .saying(format!(
                "{} is begun; publish it when it is ready",
                form.title.trim()
            ))
            .into_response()),
        Err(error) => {
            let faults = Faults::of("title", fault(error)?);
            let page = page(&apps, &member).await?;
            Ok(Again(Ways {
                faults,
                title: form.title,
                ..page
            })
            .into_response())
        }
    }
}

/// What the form with the file sends.
#[derive(Default)]
struct Sent {
    file: Vec<u8>,
    /// The same file from a form that had to be put right.
    text: String,
    id: String,
}

pub(super) async fn import(
    State(apps): State<Apps>,
    member: Member,
    form: Multipart,
) -> Result<Response> {
    let sent = read(form).await?;
    let text = if sent.file.is_empty() {
        Ok(sent.text)
    } else {
        String::from_utf8(sent.file)
    };
    let page = page(&apps, &member).await?;
    let text = match text {
        Ok(text) if !text.trim().is_empty() => text,
        given => {
            let words = match given {
                Ok(_) => "choose an app file, which ends in .toml",
                Err(_) => "this is no app file: an app file is text in UTF-8",
            };
            let faults = Faults::of("file", words);
            return Ok(Again(Ways { faults, ..page }).into_response());
        }
    };
    let id = Some(sent.id.trim().to_owned()).filter(|id| !id.is_empty());
    let wanted = Import {
        text: text.clone(),
        id,
        publish: false,
    };
    match actions::import(&apps, &Author::of(&member.viewer), wanted).await {
        Ok(id) => Ok(Done::to(format!("/edit/{id}"))
            .saying(format!("{} is here as a draft", title(&id)))
            .into_response()),
        Err(error) => {
            let page = refused(&apps, page, text, sent.id, error).await?;
            Ok(Again(page).into_response())
        }
    }
}

/// The page with what is wrong with the file, or with the id it would have.
async fn refused(apps: &Apps, page: Ways, text: String, id: String, error: Error) -> Result<Ways> {
    Ok(match error {
        Error::Problems(problems) => {
            let words = match problems.len() {
                1 => "the file has a problem, listed below; mend it and send it again".to_owned(),
                many => format!(
                    "the file has {many} problems, listed below; mend them and send it again"
                ),
            };
            Ways {
                problems: told(&problems),
                faults: Faults::of("file", words),
                ..page
            }
        }
        Error::Exists(taken) => {
            let free = actions::other_id(apps, page.workspace, &taken).await?;
            let words = format!(
                "there is an app called `{taken}` already; take this one in as `{free}`, or choose another id"
            );
            Ways {
                text,
                id: free,
                faults: Faults::of("id", words),
                ..page
            }
        }
        other if id.is_empty() => Ways {
            faults: Faults::of("file", fault(other)?),
            ..page
        },
        other => Ways {
            text,
            id,
            faults: Faults::of("id", fault(other)?),
            ..page
        },
    })
}

async fn read(mut form: Multipart) -> Result<Sent> {
    let refused = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            web::Error::TooLarge("an app file has 1 MiB at most".to_owned())
        } else {
            web::Error::Invalid("the file did not arrive whole; send it again".to_owned())
        }
    };
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(refused)?;
        match name.as_str() {
            "file" => sent.file = bytes.to_vec(),
            "text" => sent.text = unix_lines(&bytes),
            "id" => sent.id = String::from_utf8_lossy(&bytes).into_owned(),
            _ => {}
        }
    }
    Ok(sent)
}

/// A form sends the lines of a text with `\r\n`, however they ended.
fn unix_lines(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}
