//! Somebody wants no more letters about a survey. Looking at the address changes nothing:
//! programs that check mail open every address in it. A form changes it, which a reader's
//! program may send by itself (RFC 8058).

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::door::accepted;
use crate::surveys::answering::frame::Frame;
use crate::surveys::answering::langs::choose;
use crate::surveys::letters::{Stopped, is_stopped, stop};
use crate::surveys::running::{Fieldwork, Surveys};
use crate::web::{Error, Fields, Page, Result};

#[derive(Template)]
#[template(path = "answering/stop.html")]
struct Stop {
    frame: Frame,
    /// The address of this page.
    at: String,
}

#[derive(Template)]
#[template(path = "answering/withdrawn.html")]
struct Said {
    frame: Frame,
    text: &'static str,
}

/// What the address says.
struct Asked {
    of: Fieldwork,
    key: String,
    query: Fields,
}

async fn asked(surveys: &Surveys, slug: &str, query: Option<String>) -> Result<Asked> {
    let query = Fields::parse(&query.unwrap_or_default());
    Ok(Asked {
        of: surveys.at(slug).await?,
        key: query.get("k").unwrap_or_default().to_owned(),
        query,
    })
}

async fn page(
    surveys: &Surveys,
    asked: &Asked,
    headers: &HeaderMap,
    known: Stopped,
) -> Result<Response> {
    let version = asked.of.version.ok_or(Error::NotFound)?;
    let compiled = surveys.version(&asked.of, version).await?;
    let survey = &compiled.survey;
    let lang = choose(&survey.langs, asked.query.get("lang"), accepted(headers));
    let key = Fields::default().with("k", Some(&asked.key)).query();
    let at = format!("/s/{}/stop?{key}", asked.of.slug);
    let mut frame = Frame::of(survey, &lang, &format!("{at}&"));
    let (status, word) = match known {
        Stopped::NotYet => {
            let at = format!("{at}&lang={lang}");
            return Ok(Page(Stop { frame, at }).into_response());
        }
        Stopped::Yes => (StatusCode::OK, "stopped"),
        Stopped::Nobody => (StatusCode::NOT_FOUND, "stop-none"),
    };
    frame.langs.clear();
    let text = frame.say(word);
    Ok((status, Page(Said { frame, text })).into_response())
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let asked = asked(&surveys, &slug, query).await?;
    let known = is_stopped(&surveys, &asked.of, &asked.key).await?;
    page(&surveys, &asked, &headers, known).await
}

/// Stops the letters. What the form holds does not matter: the address is the key.
pub(super) async fn done(
    State(surveys): State<Surveys>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let asked = asked(&surveys, &slug, query).await?;
    let known = stop(&surveys, &asked.of, &asked.key).await?;
    page(&surveys, &asked, &headers, known).await
}
