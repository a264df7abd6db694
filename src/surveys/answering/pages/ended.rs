//! The last page: thanks, or why there is nothing to answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::surveys::answering::frame::Frame;
use crate::surveys::answering::langs::choose;
use crate::surveys::blocks;
use crate::surveys::format::{Outcome, Survey, Words};
use crate::surveys::running::{Case, Refused};
use crate::web::Page;

#[derive(Template)]
#[template(path = "answering/end.html")]
struct End {
    frame: Frame,
    text: String,
    to: Option<String>,
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

/// Who has ended: sent on, or thanked.
/// `at` is the address of their answers.
pub(super) fn ended(case: &Case, survey: &Survey, outcome: Outcome, at: &str) -> Response {
    let of = &case.respondent;
    // A preview ends here: nobody's panel is told of it.
    match &of.exit_to {
        Some(to) if !of.is_test => return super::see_other(to),
        _ => {}
    }
    let mut frame = Frame::of(survey, &of.lang, "?");
    frame.langs.clear();
    frame.is_preview = of.is_test;
    let end = End {
        text: words(survey, outcome, &of.way_out, &of.lang),
        to: of.exit_to.clone(),
        frame: if of.id == 0 {
            frame
        } else {
            frame.with_withdrawal(survey, at)
        },
    };
    Page(end).into_response()
}

/// Who is not let in.
pub(super) fn refused(refused: &Refused, accepts: &str) -> Response {
    if let Some(to) = &refused.exit_to {
        return super::see_other(to);
    }
    let (frame, text) = if let Some(compiled) = &refused.compiled {
        let survey = &compiled.survey;
        let lang = choose(&survey.langs, None, accepts);
        let mut frame = Frame::of(survey, &lang, "?");
        frame.langs.clear();
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
    (
        status,
        Page(End {
            frame,
            text,
            to: None,
        }),
    )
        .into_response()
}
