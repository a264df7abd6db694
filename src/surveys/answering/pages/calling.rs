//! Before a page that needs another machine: it is asked while the page is waited for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::way::{Opened, open};
use crate::store::{Error as StoreError, Transaction};
use crate::surveys::answering::frame::Frame;
use crate::surveys::blocks::Phrase;
use crate::surveys::running::{
    Asked, Asker, Exits, Field, Surveys, ask_outside, next_call, stand_in, token,
};
use crate::web::{Error, Page, Result};

/// What a test does with a call: `ask` or `skip`.
pub(super) const FIELD: &str = ".call";
/// After that no other call is begun for one page: it comes back for it.
const LONG: Duration = Duration::from_secs(6);
/// When a page that waits comes back.
const SECONDS: u64 = 3;

#[derive(Template)]
#[template(path = "answering/call.html")]
struct Waits<'a> {
    frame: Frame,
    action: &'a str,
    words: String,
    /// Of a test: who is asked.
    about: String,
    /// Of a test: what went wrong.
    fault: &'static str,
    /// It comes back by itself.
    seconds: Option<u64>,
}

/// How far somebody came.
pub(super) enum Reached {
    Page(Box<Opened>),
    /// There is no page for them yet.
    Said(Response),
}

/// Asks whatever stands between them and their page. A test asks nobody by itself.
pub(super) async fn onward(surveys: &Surveys, mut opened: Opened, token: &str) -> Result<Reached> {
    let begun = Instant::now();
    loop {
        let now = surveys.site.clock.now();
        let (case, compiled) = (&opened.case, &opened.compiled);
        if !compiled.asks_outside || case.respondent.outcome.is_some() {
            return Ok(Reached::Page(Box::new(opened)));
        }
        let whole = case.walk(compiled, now);
        if case.place(compiled, &whole).is_some() || whole.asks_outside.is_none() {
            return Ok(Reached::Page(Box::new(opened)));
        }
        if case.respondent.is_test {
            let about = next_call(case, compiled, now).unwrap_or_default();
            return Ok(Reached::Said(trial(&opened, token, (about, ""))));
        }
        let asked = if begun.elapsed() < LONG {
            ask(surveys, &opened, token).await?
        } else {
            Asked::TooMany
        };
        match asked {
            Asked::Onward => {
                let slug = opened.of.slug.clone();
                opened = open(surveys, &slug, token).await?;
            }
            Asked::TooMany => {
                let page = waits(&opened, token, ("call-wait", Some(SECONDS)));
                return Ok(Reached::Said(page));
            }
            Asked::Failed(_) => {
                return Ok(Reached::Said(waits(&opened, token, ("call-failed", None))));
            }
        }
    }
}

async fn ask(surveys: &Surveys, opened: &Opened, token: &str) -> Result<Asked> {
    let link = { surveys }
        .link_of(opened.of.place(), &opened.case.respondent.link)
        .await?;
    let asker = Asker {
        surveys: surveys.clone(),
        of: opened.of.clone(),
        compiled: Arc::clone(&opened.compiled),
        exits: link.map(|link| link.exits).unwrap_or_default(),
        hash: token::hash(token),
    };
    Ok(ask_outside(asker).await?)
}

fn frame(opened: &Opened) -> Frame {
    let (survey, of) = (&opened.compiled.survey, &opened.case.respondent);
    let mut frame = Frame::of(survey, &of.lang, "");
    frame.langs.clear();
    frame.is_preview = of.is_test;
    frame.before(survey, of.id)
}

fn sent(opened: &Opened, page: Response) -> Response {
    let (survey, of) = (&opened.compiled.survey, &opened.case.respondent);
    super::before(page, of, survey, &Exits::default())
}

fn waits(opened: &Opened, token: &str, (word, seconds): (&'static str, Option<u64>)) -> Response {
    let frame = frame(opened);
    let page = Waits {
        words: frame.say(word).to_owned(),
        frame,
        action: &format!("/s/{}/r/{token}", opened.of.slug),
        about: String::new(),
        fault: "",
        seconds,
    };
    sent(opened, Page(page).into_response())
}

/// The page of a test: who would be asked, and what to do.
fn trial(opened: &Opened, token: &str, (about, fault): (String, &'static str)) -> Response {
    let frame = frame(opened);
    let (block, about) = about.split_once(' ').unwrap_or_default();
    let page = Waits {
        words: Phrase::new("call-ask").with(&block).say(&frame.lang),
        frame,
        action: &format!("/s/{}/r/{token}", opened.of.slug),
        about: about.to_owned(),
        fault,
        seconds: None,
    };
    sent(opened, Page(page).into_response())
}

/// What somebody who tries the survey out does with the call that is next.
pub(super) async fn tried(
    surveys: &Surveys,
    opened: Opened,
    (token, what): (&str, &str),
) -> Result<Response> {
    if !opened.case.respondent.is_test {
        return Err(Error::NotFound);
    }
    let now = surveys.site.clock.now();
    if what == "ask" {
        if let Asked::Failed(went) = ask(surveys, &opened, token).await? {
            let about = next_call(&opened.case, &opened.compiled, now).unwrap_or_default();
            return Ok(trial(&opened, token, (about, went.words())));
        }
    } else {
        let (hash, compiled) = (token::hash(token), Arc::clone(&opened.compiled));
        let skip = move |tx: &Transaction<'_>| {
            let field = Field {
                compiled: &compiled,
                exits: &Exits::default(),
                hooks: &[],
                now,
            };
            stand_in(tx, field, &hash)
        };
        let skipped: std::result::Result<(), StoreError> =
            surveys.file(&opened.of)?.write(skip).await;
        skipped?;
    }
    Ok(super::see_other(&format!(
        "/s/{}/r/{token}",
        opened.of.slug
    )))
}
