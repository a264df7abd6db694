//! Definitions are sent, their account is shown, and only then an app is made of them.

use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;

use super::{Brought, Converted, Engine, Line, MOST, convert};
use crate::apps::Apps;
use crate::base::account::Fate;
use crate::web::{self, Access, Again, Faults, Page, Result, Right, Routes, Shell};
use crate::workspaces::Member;

/// What a request may weigh beside the files: its other fields.
const REQUEST: usize = MOST + (64 << 10);
/// Lines of an account that a page shows; the console prints all.
const SHOWN: usize = 120;

pub(in crate::apps) fn routes() -> Routes<Apps> {
    let build = Access::Needs(Right::Build);
    let long = DefaultBodyLimit::max(REQUEST);
    Routes::default()
        .get("/apps/import/json", build, ways)
        .post("/apps/import/json", build, brought.layer(long))
}

#[derive(Template)]
#[template(path = "apps/bring.html")]
struct Ways {
    shell: Shell,
    text: String,
    is_mysql: bool,
    faults: Faults,
}

async fn ways(member: Member) -> Page<Ways> {
    Page(Ways {
        shell: Shell::of(&member.viewer, "apps"),
        text: String::new(),
        is_mysql: false,
        faults: Faults::default(),
    })
}

/// What became of each key.
#[derive(Template)]
#[template(path = "apps/carried.html")]
struct Carried {
    shell: Shell,
    app: String,
    keys: usize,
    whole: usize,
    noted: usize,
    refused: usize,
    /// Those that are not as they were, refused ones first.
    lines: Vec<Line>,
    /// How many more of them there are.
    more: usize,
}

/// What the form sends.
#[derive(Default)]
struct Sent {
    files: Vec<Brought>,
    text: String,
    is_mysql: bool,
}

async fn brought(member: Member, form: Multipart) -> Result<Response> {
    let mut sent = read(form).await?;
    if !sent.text.trim().is_empty() {
        sent.files.push(Brought {
            name: "pasted.json".to_owned(),
            text: sent.text.clone(),
        });
    }
    let shell = Shell::of(&member.viewer, "apps");
    let again = |words: String| {
        let page = Ways {
            shell: Shell::of(&member.viewer, "apps"),
            text: sent.text.clone(),
            is_mysql: sent.is_mysql,
            faults: Faults::of("file", words),
        };
        Ok(Again(page).into_response())
    };
    if sent.files.is_empty() {
        return again("choose files that end in .json, or paste their text below".to_owned());
    }
    let engine = if sent.is_mysql {
        Engine::Mysql
    } else {
        Engine::Sqlite
    };
    let files = std::mem::take(&mut sent.files);
    let work = move || convert(&files, engine);
    match spawn_blocking(work).await.map_err(web::Error::broken)? {
        Ok(converted) => Ok(Page(carried(shell, converted)).into_response()),
        Err(why) => again(why.to_string()),
    }
}

fn carried(shell: Shell, converted: Converted) -> Carried {
    let account = &converted.account;
    let all = account.lines().iter();
    let mut lines: Vec<Line> = all
        .filter(|line| line.fate() != Fate::Carried)
        .cloned()
        .collect();
    lines.sort_by_key(|line| line.fate() != Fate::Refused);
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    Carried {
        shell,
        keys: account.lines().len(),
        whole: account.count(Fate::Carried),
        noted: account.count(Fate::Noted),
        refused: account.count(Fate::Refused),
        lines,
        more,
        app: converted.text,
    }
}

async fn read(mut form: Multipart) -> Result<Sent> {
    let refused = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            web::Error::TooLarge("definitions have 4 MiB at most".to_owned())
        } else {
            web::Error::Invalid("the files did not arrive whole; send them again".to_owned())
        }
    };
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or("what you sent").to_owned();
        let bytes = field.bytes().await.map_err(refused)?;
        match name.as_str() {
            "file" if !bytes.is_empty() => sent.files.push(Brought {
                name: file,
                text: String::from_utf8_lossy(&bytes).into_owned(),
            }),
            "text" => sent.text = String::from_utf8_lossy(&bytes).into_owned(),
            "on" => sent.is_mysql = bytes.as_ref() == b"mysql",
            _ => {}
        }
    }
    Ok(sent)
}
