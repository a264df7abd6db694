//! A text of which respondents mark passages.

use askama::Template;

use super::choices::{self, Choice};
use super::inventing::Die;
use super::kind::{Fault, Fielded, Has, Kept, Kind, Look};
use super::multi;
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Item, Key, Order};
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Highlighter;

pub(super) static KIND: Highlighter = Highlighter;

#[derive(Template)]
#[template(path = "surveys/blocks/highlighter/view.html")]
struct View {
    passages: Vec<Choice>,
    /// What stands below the text: "none of it", "don't know".
    beside: Vec<Choice>,
    is_at_fault: bool,
    described: String,
}

/// Is it a part of the text?
fn is_passage(item: &Item) -> bool {
    !item.exclusive && !item.is_unknown
}

impl Kind for Highlighter {
    fn name(&self) -> &'static str {
        "highlighter"
    }

    fn title(&self) -> &'static str {
        "Text to mark"
    }

    fn doc(&self) -> &'static str {
        "Passages of a text; those that are meant are marked in it."
    }

    fn keys(&self) -> &'static [Key] {
        multi::KEYS
    }

    fn items(&self) -> Has {
        Has::Always
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let mut faults = multi::counts(block);
        if block.items.iter().any(|item| item.other) {
            faults.push("a passage has no text of its own; remove `other`".to_owned());
        }
        if block.order != Order::Written {
            faults
                .push("its items are one text, which is read in order; remove `order`".to_owned());
        }
        if !block.items.iter().any(is_passage) {
            faults
                .push("it has no passage; write the text as `items`, one for each part".to_owned());
        }
        faults
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        choices::many_variables(block)
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        choices::many_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        choices::read_many(sight, sent)
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        choices::invent_many(sight, die)
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        choices::many_fields(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let choices = choices::choices(sight).into_iter().zip(&sight.items);
        let (passages, beside): (Vec<_>, Vec<_>) = choices.partition(|(_, item)| is_passage(item));
        let choice = |(choice, _)| choice;
        let view = View {
            passages: passages.into_iter().map(choice).collect(),
            beside: beside.into_iter().map(choice).collect(),
            is_at_fault: sight.is_at_fault(),
            described: sight.described(),
        };
        view.render_into(out)
    }
}
