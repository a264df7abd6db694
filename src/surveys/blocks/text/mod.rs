//! Words of the respondent.

use askama::Template;

use super::decided;
use super::field::{Field, kept_field};
use super::inventing::{Die, words};
use super::kind::{Fault, Fielded, Frame, Kept, Kind, Look};
use super::marked::labels;
use super::phrases::Phrase;
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::{self, Datum, Variable};
use crate::web::Fields;

/// Nobody writes more by hand.
const LONGEST: u32 = 10_000;

pub(super) struct Text;

pub(super) static KIND: Text = Text;

static KEYS: &[Key] = &[
    Key::new(
        "lines",
        Shape::Count,
        "How high the field is; 1 when absent.",
    ),
    Key::new("least", Shape::Count, "The fewest characters of an answer."),
    Key::new("most", Shape::Count, "The most characters of an answer."),
    Key::new(
        "keyboard",
        Shape::OneOf(&["text", "email", "tel", "url", "numeric"]),
        "The keyboard a phone shows.",
    ),
];

#[derive(Template)]
#[template(path = "surveys/blocks/text/view.html")]
struct View<'a> {
    field: &'a str,
    value: &'a str,
    lines: u32,
    most: u32,
    is_read_only: bool,
    is_required: bool,
    is_at_fault: bool,
    described: String,
}

fn most(block: &Block) -> u32 {
    block.settings.count("most").unwrap_or(LONGEST).min(LONGEST)
}

/// Lines end with `\n`, and signs that nobody sees go.
pub(super) fn tidy(text: &str) -> String {
    let joined = text.replace("\r\n", "\n").replace('\r', "\n");
    let seen = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    joined
        .chars()
        .filter(seen)
        .collect::<String>()
        .trim()
        .to_owned()
}

impl Kind for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn title(&self) -> &'static str {
        "Text"
    }

    fn doc(&self) -> &'static str {
        "Words in a field."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn frame(&self, _: &Block) -> Frame {
        Frame::Field
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let kind = map::Kind::Text;
        vec![Variable::new(
            &block.id,
            &block.id,
            kind,
            labels(&block.text),
        )]
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        decided::kept_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let text = tidy(sent.get(sight.id()).unwrap_or_default());
        if text.is_empty() {
            return Ok(vec![(sight.block.id.clone(), Datum::NotAnswered)]);
        }
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let least = sight.block.settings.count("least").unwrap_or_default();
        if length < least {
            return Err(Fault::at(sight.id(), Phrase::new("longer").with(&least)));
        }
        let most = most(sight.block);
        if length > most {
            return Err(Fault::at(sight.id(), Phrase::new("shorter").with(&most)));
        }
        Ok(vec![(sight.block.id.clone(), Datum::Text(text))])
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let block = sight.block;
        let least = block.settings.count("least").unwrap_or_default();
        let text = match block.settings.text("keyboard") {
            Some("email") => format!("test-{}@example.org", die.below(1_000)),
            Some("tel") => format!("+49 30 {}", 100_000 + die.below(900_000)),
            Some("url") => "https://example.org/".to_owned(),
            Some("numeric") => (100 + die.below(900)).to_string(),
            _ => String::new(),
        };
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let fits = !text.is_empty() && (least..=most(block)).contains(&length);
        let text = if fits {
            text
        } else {
            words(die, (least, most(block)))
        };
        vec![(block.id.clone(), text)]
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        kept_field(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let lines = sight.block.settings.count("lines").unwrap_or(1);
        if lines > 1 {
            let view = View {
                field: sight.id(),
                value: sight.at(sight.id()),
                lines,
                most: most(sight.block),
                is_read_only: sight.block.read_only,
                is_required: sight.is_required,
                is_at_fault: sight.is_at_fault(),
                described: sight.described(),
            };
            return view.render_into(out);
        }
        let keyboard = sight.block.settings.text("keyboard").unwrap_or("text");
        let modes = ["text", "email", "tel", "url", "numeric"];
        Field {
            mode: modes.into_iter().find(|mode| *mode == keyboard),
            more: vec![("maxlength", most(sight.block).to_string())],
            ..Field::of("text", sight)
        }
        .draw(out)
    }
}
