//! A page of questions as HTML.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::base::Time;
use crate::surveys::answering::frame::Frame;
use crate::surveys::blocks::{self, Fault, Frame as Around, Phrase, Role, Sight};
use crate::surveys::format::{Block, Required};
use crate::surveys::running::{Case, Compiled, Stand, Step, Walk, token};
use crate::web::{Error, Fields, Page, Result};

/// What a page is drawn from.
pub(super) struct Drawing<'a> {
    pub(super) action: &'a str,
    pub(super) compiled: &'a Compiled,
    pub(super) case: &'a Case,
    pub(super) step: Step,
    pub(super) now: Time,
}

/// What was wrong with what was typed: faults by block, and the fields.
type Amiss<'a> = (&'a [(String, Fault)], &'a Fields);

#[derive(Template)]
#[template(path = "answering/page.html")]
struct View<'a> {
    frame: Frame,
    action: &'a str,
    /// Some question of the page takes files.
    takes_files: bool,
    /// `Question 3 of 12`
    heading: String,
    title: String,
    percent: usize,
    progress: String,
    page: &'a str,
    turn: u32,
    nonce: String,
    /// What conditions of this page may ask of pages before, as JSON.
    known: String,
    faults: Vec<(String, String)>,
    blocks: String,
    has_back: bool,
}

#[derive(Template)]
#[template(path = "answering/block.html")]
struct BlockView<'a> {
    id: &'a str,
    kind: &'static str,
    /// The conditions that the page itself works out, as JSON.
    when: Option<String>,
    /// Where its text is not in the language of the page.
    lang: Option<&'a str>,
    hint: &'static str,
    frame: &'static str,
    text: String,
    optional: &'static str,
    help: String,
    fault: String,
    described: String,
    body: String,
}

pub(super) fn draw(
    drawing: &Drawing<'_>,
    whole: &Walk,
    amiss: Option<Amiss<'_>>,
) -> Result<Response> {
    let (compiled, case, step) = (drawing.compiled, drawing.case, drawing.step);
    let before = case.walk_to(compiled, whole, step, drawing.now);
    let who = case.who(compiled, drawing.now);
    let stand = Stand {
        who,
        step,
        answers: &before.answers,
        kept: &case.kept,
        typed: amiss.map(|(_, typed)| typed),
        at: drawing.action,
        uploads: &case.uploads,
    };
    let faults = amiss.map_or(&[][..], |(faults, _)| faults);
    let mut html = String::new();
    let mut failed = None;
    stand.each(faults, &mut |sight, is_there| {
        let drawn = block(&stand, sight, is_there, &mut html);
        failed = drawn.err().or(failed.take());
    });
    if let Some(error) = failed {
        return Err(Error::broken(error));
    }
    let view = View {
        blocks: html,
        faults: summary(compiled, faults, who.lang),
        known: Value::Object(stand.known()).to_string(),
        ..frame(drawing, whole, &stand)?
    };
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, Page(view)).into_response())
}

fn frame<'a>(drawing: &Drawing<'a>, whole: &Walk, stand: &Stand<'_>) -> Result<View<'a>> {
    let (compiled, case, step) = (drawing.compiled, drawing.case, drawing.step);
    let (lang, page) = (&case.respondent.lang, &compiled.survey.pages[step.page]);
    let (before, all) = compiled.questions(step.page);
    let percent = before * 100 / all.max(1);
    let at = (before + 1).min(all.max(1));
    let mut frame = Frame::of(&compiled.survey, lang, &format!("{}?", drawing.action));
    frame.is_preview = case.respondent.is_test;
    let frame = frame.with_line(&compiled.survey, drawing.action);
    let mut frame = { frame.with_withdrawal(&compiled.survey, drawing.action) }
        .before(&compiled.survey, case.respondent.id);
    if let Some(around) = &mut frame.around {
        (around.page, around.pages) = (at, all);
    }
    Ok(View {
        heading: Phrase::new("question").with(&at).with(&all).say(lang),
        title: blocks::plain(page.title.text(lang), &|name: &str| stand.read_out(name)),
        percent,
        progress: Phrase::new("progress").with(&percent).say(lang),
        page: &page.id,
        turn: step.turn,
        nonce: token::fresh()?,
        has_back: compiled.survey.has_back && whole.steps.first() != Some(&step),
        action: drawing.action,
        takes_files: page
            .blocks
            .iter()
            .any(|block| block.kind.takes_files(block).is_some()),
        known: String::new(),
        faults: Vec::new(),
        blocks: String::new(),
        frame,
    })
}

fn summary(compiled: &Compiled, faults: &[(String, Fault)], lang: &str) -> Vec<(String, String)> {
    let say = |(id, fault): &(String, Fault)| {
        let block = compiled.survey.block(id);
        let text = block.map(|block| own_words(block, fault, lang));
        (id.clone(), text.unwrap_or_else(|| fault.why.say(lang)))
    };
    faults.iter().map(say).collect()
}

/// What is said of a fault: in the author's words where there are some.
fn own_words(block: &Block, fault: &Fault, lang: &str) -> String {
    let nobody = |_: &str| String::new();
    let own = match fault.why.key() {
        "required" => Some(&block.required_text),
        "not-met" => block.check.as_ref().map(|(_, text)| text),
        _ => None,
    };
    match own.filter(|words| !words.is_empty()) {
        Some(words) => blocks::plain(words.text(lang), &nobody),
        None => fault.why.say(lang),
    }
}

fn block(
    stand: &Stand<'_>,
    sight: &Sight<'_>,
    is_there: bool,
    out: &mut String,
) -> askama::Result<()> {
    let block = sight.block;
    let mut body = String::new();
    block.kind.draw(sight, &mut body)?;
    let conditions = stand.conditions(block);
    let around = block.kind.frame(block);
    let asks = block.kind.role() == Role::Asks;
    let text = match around {
        Around::Words => sight.html(&block.text),
        Around::Field | Around::Group => sight.inline(&block.text),
    };
    let spoken = block.text.in_lang(sight.lang).map(|(lang, _)| lang);
    let view = BlockView {
        id: &block.id,
        kind: block.kind.name(),
        when: conditions.map(|all| Value::Array(all).to_string()),
        lang: spoken.filter(|lang| *lang != sight.lang),
        hint: if is_there { "" } else { sight.say("hint-if") },
        frame: match around {
            Around::Words => "words",
            Around::Field => "field",
            Around::Group => "group",
        },
        text,
        optional: if asks && block.required == Required::No {
            sight.say("optional")
        } else {
            ""
        },
        help: if block.help.is_empty() {
            String::new()
        } else {
            sight.html(&block.help)
        },
        fault: sight
            .fault
            .as_ref()
            .map(|fault| own_words(block, fault, sight.lang))
            .unwrap_or_default(),
        described: sight.described(),
        body,
    };
    view.render_into(out)
}
