//! One of several answers.

use super::choices;
use super::inventing::Die;
use super::kind::{Fault, Fielded, Frame, Has, Kept, Kind, Look};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Single;

pub(super) static KIND: Single = Single;

static KEYS: &[Key] = &[Key::new(
    "look",
    Shape::OneOf(&["buttons", "list"]),
    "Buttons below each other, or a list to open.",
)];

fn is_list(block: &Block) -> bool {
    block.settings.text("look") == Some("list")
}

impl Kind for Single {
    fn name(&self) -> &'static str {
        "single"
    }

    fn title(&self) -> &'static str {
        "One answer"
    }

    fn doc(&self) -> &'static str {
        "One of the items."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn frame(&self, block: &Block) -> Frame {
        if is_list(block) {
            Frame::Field
        } else {
            Frame::Group
        }
    }

    fn items(&self) -> Has {
        Has::Always
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        choices::one_variable(block)
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        choices::one_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        choices::read_one(sight, sent)
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        choices::invent_one(sight, die)
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        choices::one_field(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        if is_list(sight.block) {
            choices::draw_list(sight, out)
        } else {
            choices::draw(sight, "radio", out)
        }
    }
}
