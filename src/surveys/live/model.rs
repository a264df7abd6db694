//! What a page can note: a closed list of kinds, numbered by the page itself.

use serde::Deserialize;
use serde_json::Value;

use crate::surveys::running::{Compiled, token};

/// The highest number of a visit: nobody does more on one page.
pub(super) const MOST: u32 = 1_000;
/// Events of one message.
pub(super) const AT_ONCE: usize = 200;
/// What a message may weigh.
pub(super) const HEAVIEST: usize = 32 << 10;
/// What a block may say with one event, as JSON.
const DATA: usize = 1 << 10;
/// A page left open for longer than that says nothing.
const LONGEST: i64 = 24 * 60 * 60 * 1000;

/// Something a page noted. Never what was answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub(super) seq: u32,
    /// Milliseconds since the page was shown.
    pub(super) ms: i64,
    pub(super) what: What,
}

/// What it was; with the question where it was about one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Shown,
    /// Another tab or another program came before it.
    Hidden,
    ShownAgain,
    FirstTouch(String),
    LastTouch(String),
    Changed(String),
    /// The end of the page came into sight.
    EndReached,
    Resized,
    /// From upright to across, or back.
    Turned,
    SubmitTried,
    LineLost,
    LineBack,
    /// A block says it of itself, in JSON of its own.
    Block(String, Value),
}

/// Everything there is: how it is written, and for people.
const KINDS: [(&str, &str); 13] = [
    ("shown", "page shown"),
    ("hidden", "page hidden"),
    ("shown_again", "page shown again"),
    ("first_touch", "first touched"),
    ("last_touch", "last touched"),
    ("changed", "answer changed"),
    ("end_reached", "end of the page reached"),
    ("resized", "window resized"),
    ("turned", "screen turned"),
    ("submit_tried", "sending tried"),
    ("line_lost", "connection lost"),
    ("line_back", "connection back"),
    ("block", "noted by the block"),
];

/// What a kind is called where people read.
pub(super) fn words(kind: &str) -> &'static str {
    let found = KINDS.iter().find(|(name, _)| *name == kind);
    found.map_or("", |(_, words)| words)
}

impl What {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            What::Shown => "shown",
            What::Hidden => "hidden",
            What::ShownAgain => "shown_again",
            What::FirstTouch(_) => "first_touch",
            What::LastTouch(_) => "last_touch",
            What::Changed(_) => "changed",
            What::EndReached => "end_reached",
            What::Resized => "resized",
            What::Turned => "turned",
            What::SubmitTried => "submit_tried",
            What::LineLost => "line_lost",
            What::LineBack => "line_back",
            What::Block(..) => "block",
        }
    }

    pub(super) fn question(&self) -> &str {
        match self {
            What::FirstTouch(question)
            | What::LastTouch(question)
            | What::Changed(question)
            | What::Block(question, _) => question,
            _ => "",
        }
    }

    /// As it is kept; empty where nothing was said.
    pub(super) fn data(&self) -> String {
        match self {
            What::Block(_, data) => data.to_string(),
            _ => String::new(),
        }
    }

    fn of(raw: Raw, page: &Asked<'_>) -> Option<What> {
        let is_alone = raw.question.is_none() && raw.data.is_none();
        if is_alone {
            return Some(match &*raw.kind {
                "shown" => What::Shown,
                "hidden" => What::Hidden,
                "shown_again" => What::ShownAgain,
                "end_reached" => What::EndReached,
                "resized" => What::Resized,
                "turned" => What::Turned,
                "submit_tried" => What::SubmitTried,
                "line_lost" => What::LineLost,
                "line_back" => What::LineBack,
                _ => return None,
            });
        }
        let question = raw.question?;
        let notes = page.notes(&question)?;
        match (&*raw.kind, raw.data) {
            ("first_touch", None) => Some(What::FirstTouch(question)),
            ("last_touch", None) => Some(What::LastTouch(question)),
            ("changed", None) => Some(What::Changed(question)),
            ("block", Some(data)) if notes && data.is_object() => {
                (data.to_string().len() <= DATA).then_some(What::Block(question, data))
            }
            _ => None,
        }
    }
}

/// The blocks of a page, and which of them say something of their own.
pub(super) struct Asked<'a>(pub(super) Vec<(&'a str, bool)>);

impl<'a> Asked<'a> {
    /// None where there is no such page.
    pub(super) fn on(compiled: &'a Compiled, page: &str) -> Option<Asked<'a>> {
        let page = compiled.survey.pages.get(compiled.page_at(page)?)?;
        let blocks = page.blocks.iter();
        // What a block says of a personal question could be somebody's answer.
        let notes = blocks.map(|block| {
            let own = block.kind.notes_events() && !compiled.is_personal(&block.id);
            (block.id.as_str(), own)
        });
        Some(Asked(notes.collect()))
    }

    fn notes(&self, question: &str) -> Option<bool> {
        let found = self.0.iter().find(|(id, _)| *id == question);
        found.map(|(_, notes)| *notes)
    }
}

/// Events of one showing of a page, as they are sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sent {
    pub(super) visit: String,
    pub(super) page: String,
    pub(super) turn: u32,
    events: Vec<Raw>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    seq: u32,
    ms: i64,
    kind: String,
    question: Option<String>,
    data: Option<Value>,
}

/// The same, understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Batch {
    /// The nonce of the page: another for each time it is shown.
    pub(super) visit: String,
    pub(super) page: String,
    pub(super) turn: u32,
    pub(super) events: Vec<Event>,
}

impl Batch {
    /// None where a part of it is none of ours: nothing of it is taken then.
    pub(super) fn of(sent: Sent, page: &Asked<'_>) -> Option<Batch> {
        if !token::is_one(&sent.visit) || sent.events.len() > AT_ONCE {
            return None;
        }
        let event = |raw: Raw| {
            let is_in = (1..=MOST).contains(&raw.seq) && (0..=LONGEST).contains(&raw.ms);
            let (seq, ms) = (raw.seq, raw.ms);
            let what = What::of(raw, page).filter(|_| is_in)?;
            Some(Event { seq, ms, what })
        };
        Some(Batch {
            visit: sent.visit,
            page: sent.page,
            turn: sent.turn,
            events: sent.events.into_iter().map(event).collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests;
