//! The first page: what it is about, what has to be agreed to, and the button.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{ACCEPT_LANGUAGE, RETRY_AFTER, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::ended;
use crate::base::Agent;
use crate::surveys::answering::frame::Frame;
use crate::surveys::answering::langs::choose;
use crate::surveys::blocks;
use crate::surveys::format::Survey;
use crate::surveys::running::{
    At, ComeBack, Entered, Exits, Fieldwork, Surveys, arrive, brought, enter,
};
use crate::web::{Again, Fields, Origin, Page, Result};

/// Longer addresses bring nothing a survey asks for.
const LONGEST: usize = 4000;

#[derive(Template)]
#[template(path = "answering/start.html")]
struct Start {
    frame: Frame,
    action: String,
    consent: Option<String>,
    /// The button was pressed, and the box not ticked.
    is_missing: bool,
}

/// Too many begin at this moment; nothing is begun. It comes back by itself.
#[derive(Template)]
#[template(path = "answering/busy.html")]
struct Busy {
    frame: Frame,
    /// The address of the door, with all that was brought.
    action: String,
    seconds: u64,
    /// The button was pressed: it is pressed again, with what was agreed to.
    is_pressed: bool,
    has_agreed: bool,
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    Origin(origin): Origin,
    headers: HeaderMap,
) -> Result<Response> {
    let of = surveys.at(&slug).await?;
    let query = short(query);
    let _admitted = match surveys.admission.begin().await {
        Ok(admitted) => admitted,
        Err(later) => return busy(&surveys, &of, (later, &query), (None, &headers)).await,
    };
    let at = At {
        origin: &origin,
        query: &query,
    };
    match arrive(&surveys, &of, at).await? {
        Ok(arrival) => {
            let survey = &arrival.compiled.survey;
            let lang = lang(survey, Fields::parse(&query).get("lang"), &headers);
            let page = Page(start(&of, survey, (&lang, &query), false)).into_response();
            Ok(super::leading_out(page, survey, &arrival.exits()))
        }
        Err(refused) => Ok(ended::refused(&refused, &headers)),
    }
}

pub(super) async fn begin(
    State(surveys): State<Surveys>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    (Origin(origin), headers): (Origin, HeaderMap),
    sent: Fields,
) -> Result<Response> {
    let of = surveys.at(&slug).await?;
    let query = short(query);
    let _admitted = match surveys.admission.begin().await {
        Ok(admitted) => admitted,
        Err(later) => return busy(&surveys, &of, (later, &query), (Some(&sent), &headers)).await,
    };
    let at = At {
        origin: &origin,
        query: &query,
    };
    let arrival = match arrive(&surveys, &of, at).await? {
        Ok(arrival) => arrival,
        Err(refused) => return Ok(ended::refused(&refused, &headers)),
    };
    let survey = &arrival.compiled.survey;
    let lang = lang(survey, sent.get("lang"), &headers);
    if !survey.consent.is_empty() && sent.get("agree") != Some("1") {
        let page = Again(start(&of, survey, (&lang, &query), true)).into_response();
        return Ok(super::leading_out(page, survey, &arrival.exits()));
    }
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let device = Agent::read(agent.unwrap_or_default())
        .device
        .name()
        .to_owned();
    match enter(&surveys, &of, arrival, (lang, device)).await? {
        Entered::In(token) => Ok(super::see_other(&format!("/s/{slug}/r/{token}"))),
        Entered::Refused(refused) => Ok(ended::refused(&refused, &headers)),
    }
}

/// The page of who cannot begin just now. `sent`: they had pressed the button.
async fn busy(
    surveys: &Surveys,
    of: &Fieldwork,
    (later, query): (ComeBack, &str),
    (sent, headers): (Option<&Fields>, &HeaderMap),
) -> Result<Response> {
    let compiled = match of.version {
        Some(version) => Some(surveys.version(of, version).await?),
        None => None,
    };
    let survey = compiled.as_ref().map(|compiled| &compiled.survey);
    let asked = sent.and_then(|sent| sent.get("lang"));
    let asked = asked
        .or(Fields::parse(query).get("lang"))
        .map(str::to_owned);
    let frame = survey.map_or_else(
        || Frame::bare(accepted(headers)),
        |survey| Frame::of(survey, &lang(survey, asked.as_deref(), headers), ""),
    );
    let page = Busy {
        frame: Frame {
            langs: Vec::new(),
            ..frame
        },
        action: format!("/s/{}?{query}", of.slug),
        seconds: later.0,
        is_pressed: sent.is_some(),
        has_agreed: sent.is_some_and(|sent| sent.get("agree") == Some("1")),
    };
    let wait = [(RETRY_AFTER, HeaderValue::from(later.0))];
    let page = (StatusCode::SERVICE_UNAVAILABLE, wait, Page(page)).into_response();
    Ok(match survey {
        Some(survey) => super::leading_out(page, survey, &Exits::default()),
        None => page,
    })
}

fn short(query: Option<String>) -> String {
    query
        .filter(|query| query.len() <= LONGEST)
        .unwrap_or_default()
}

pub(super) fn accepted(headers: &HeaderMap) -> &str {
    let accepts = headers.get(ACCEPT_LANGUAGE);
    accepts
        .and_then(|accepts| accepts.to_str().ok())
        .unwrap_or_default()
}

fn lang(survey: &Survey, asked: Option<&str>, headers: &HeaderMap) -> String {
    choose(&survey.langs, asked, accepted(headers))
}

fn start(of: &Fieldwork, survey: &Survey, (lang, query): (&str, &str), is_missing: bool) -> Start {
    let rest = brought(query);
    let nobody = |_: &str| String::new();
    let consent = &survey.consent;
    let mut frame = Frame::of(survey, lang, "");
    for (code, _, href) in &mut frame.langs {
        *href = format!("/s/{}?lang={code}&{rest}", of.slug);
    }
    Start {
        frame,
        action: format!("/s/{}?{rest}", of.slug),
        consent: (!consent.is_empty()).then(|| blocks::html(consent.text(lang), &nobody)),
        is_missing,
    }
}
