//! Somebody takes their answers back: asked once, then erased.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::door::accepted;
use super::way::{Opened, open};
use crate::journal::{Actor, Via};
use crate::surveys::answering::frame::Frame;
use crate::surveys::answering::langs::choose;
use crate::surveys::keeping::{self, Of};
use crate::surveys::running::Surveys;
use crate::web::{Error, Fields, Page, Result};

#[derive(Template)]
#[template(path = "answering/withdraw.html")]
struct Withdraw {
    frame: Frame,
    /// The address of their answers.
    at: String,
}

#[derive(Template)]
#[template(path = "answering/withdrawn.html")]
pub(super) struct Withdrawn {
    frame: Frame,
    text: &'static str,
}

/// Somebody whose survey lets them, or the page for an address without answers.
async fn allowed(
    surveys: &Surveys,
    (slug, token): (&str, &str),
    headers: &HeaderMap,
) -> Result<std::result::Result<Opened, Response>> {
    match open(surveys, slug, token).await {
        Ok(opened) if !opened.compiled.survey.can_withdraw => Err(Error::NotFound),
        Ok(opened) if opened.case.respondent.id != 0 => Ok(Ok(opened)),
        Ok(_) | Err(Error::NotFound) => {
            let page = said(surveys, slug, headers, "withdrawn-none").await?;
            Ok(Err((StatusCode::NOT_FOUND, page).into_response()))
        }
        Err(error) => Err(error),
    }
}

/// A page with one sentence, where the survey lets people withdraw.
async fn said(
    surveys: &Surveys,
    slug: &str,
    headers: &HeaderMap,
    key: &'static str,
) -> Result<Page<Withdrawn>> {
    let of = surveys.at(slug).await?;
    let version = of.version.ok_or(Error::NotFound)?;
    let compiled = surveys.version(&of, version).await?;
    if !compiled.survey.can_withdraw {
        return Err(Error::NotFound);
    }
    let lang = choose(&compiled.survey.langs, None, accepted(headers));
    let mut frame = Frame::of(&compiled.survey, &lang, "?");
    frame.langs.clear();
    let text = frame.say(key);
    Ok(Page(Withdrawn { frame, text }))
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let opened = match allowed(&surveys, (&slug, &token), &headers).await? {
        Ok(opened) => opened,
        Err(nobody) => return Ok(nobody),
    };
    let (survey, of) = (&opened.compiled.survey, &opened.case.respondent);
    let query = Fields::parse(&query.unwrap_or_default());
    let mut langs = survey.langs.iter();
    let asked = langs.find(|lang| Some(lang.as_str()) == query.get("lang"));
    let lang = asked.unwrap_or(&of.lang);
    let at = format!("/s/{slug}/r/{token}");
    let mut frame = Frame::of(survey, lang, &format!("{at}/withdraw?"));
    frame.is_preview = of.is_test;
    Ok(Page(Withdraw { frame, at }).into_response())
}

/// Erases them.
pub(super) async fn withdraw(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let opened = match allowed(&surveys, (&slug, &token), &headers).await? {
        Ok(opened) => opened,
        Err(nobody) => return Ok(nobody),
    };
    let of = Of {
        workspace: opened.of.workspace,
        survey: opened.of.id,
    };
    // Who it was is what is forgotten: neither address nor device is recorded.
    let actor = Actor {
        name: "a respondent".to_owned(),
        via: Via::Web,
        ..Actor::system().in_workspace(of.workspace.to_string())
    };
    let ids = [opened.case.respondent.id];
    match keeping::erase(&surveys.site, &actor, &of, (&ids, &[]), "withdrawn").await {
        Ok(_) | Err(keeping::Error::Missing) => {
            Ok(super::see_other(&format!("/s/{slug}/withdrawn")))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn done(
    State(surveys): State<Surveys>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Page<Withdrawn>> {
    said(&surveys, &slug, &headers, "withdrawn").await
}
