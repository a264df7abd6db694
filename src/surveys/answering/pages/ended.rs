//! The last page: thanks, or why there is nothing to answer.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::surveys::answering::frame::Frame;
use crate::surveys::answering::langs::choose;
use crate::surveys::blocks;
use crate::surveys::format::{Outcome, Survey, Words};
use crate::surveys::running::{Case, Exits, Refused};
use crate::web::Page;

#[derive(Template)]
#[template(path = "answering/end.html")]
struct End {
    frame: Frame,
    text: String,
    to: Option<String>,
    /// In a frame: the whole window leaves.
    is_top: bool,
}

/// Does a site show this in a frame, which it is allowed to?
pub(super) fn is_framed(survey: &Survey, headers: &HeaderMap) -> bool {
    let shown = headers.get("sec-fetch-dest");
    let is_frame = shown.is_some_and(|shown| matches!(shown.as_bytes(), b"iframe" | b"frame"));
    is_frame && !survey.allowed_origins.is_empty()
}

fn phrase(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Complete => "thanks",
        other => other.name(),
    }
}

/// What is said: in the words of the way out, of the exit, or of the product.
fn words(survey: &Survey, outcome: Outcome, way_out: &str, lang: &str) -> String {
    let leaves = survey.pages.iter().flat_map(|page| &page.leaves);
    let of_leave = leaves
        .filter(|leave| leave.id == way_out)
        .map(|leave| &leave.text);
    let of_exit = survey.exits.iter().filter(|exit| exit.outcome == outcome);
    let written = |words: &&Words| !words.is_empty();
    let own = of_leave.chain(of_exit.map(|exit| &exit.text)).find(written);
    let nobody = |_: &str| String::new();
    match own {
        Some(words) => blocks::html(words.text(lang), &nobody),
        None => blocks::html(blocks::say(lang, phrase(outcome)), &nobody),
    }
}

/// Who has ended: sent on, or thanked. In a frame the site around is told first.
/// `at` is the address of their answers.
pub(super) fn ended(
    case: &Case,
    survey: &Survey,
    outcome: Outcome,
    (at, headers): (&str, &HeaderMap),
) -> Response {
    let of = &case.respondent;
    let is_framed = is_framed(survey, headers);
    // A preview ends here: nobody's panel is told of it.
    match &of.exit_to {
        Some(to) if !of.is_test && !is_framed => return super::see_other(to),
        _ => {}
    }
    let mut frame = Frame::of(survey, &of.lang, "?").before(survey, of.id);
    frame.langs.clear();
    frame.is_preview = of.is_test;
    if let Some(around) = &mut frame.around {
        around.outcome = outcome.name();
    }
    let end = End {
        text: words(survey, outcome, &of.way_out, &of.lang),
        to: of.exit_to.clone(),
        is_top: is_framed && survey.leaves_frame,
        frame: if of.id == 0 {
            frame
        } else {
            frame.with_withdrawal(survey, at).with_line(survey, at)
        },
    };
    super::before(Page(end).into_response(), of, survey, &Exits::default())
}

/// Who is not let in.
pub(super) fn refused(refused: &Refused, headers: &HeaderMap) -> Response {
    let accepts = super::door::accepted(headers);
    let survey = refused.compiled.as_ref().map(|compiled| &compiled.survey);
    let is_framed = survey.is_some_and(|survey| is_framed(survey, headers));
    match &refused.exit_to {
        Some(to) if !is_framed => return super::see_other(to),
        _ => {}
    }
    let (frame, text) = if let Some(compiled) = &refused.compiled {
        let survey = &compiled.survey;
        let lang = choose(&survey.langs, None, accepts);
        let mut frame = Frame::of(survey, &lang, "?");
        frame.langs.clear();
        if let Some(around) = &mut frame.around {
            around.outcome = refused.outcome.name();
        }
        (frame, words(survey, refused.outcome, "", &lang))
    } else {
        let lang = choose(&[], None, accepts);
        let nobody = |_: &str| String::new();
        let said = blocks::say(&lang, phrase(refused.outcome));
        (Frame::bare(&lang), blocks::html(said, &nobody))
    };
    let status = match refused.outcome {
        Outcome::Closed => StatusCode::GONE,
        Outcome::Duplicate => StatusCode::CONFLICT,
        _ => StatusCode::FORBIDDEN,
    };
    let end = End {
        frame,
        text,
        to: refused.exit_to.clone(),
        is_top: survey.is_some_and(|survey| survey.leaves_frame),
    };
    let page = (status, Page(end)).into_response();
    match survey {
        Some(survey) => super::leading_out(page, survey, &Exits::default()),
        None => page,
    }
}
