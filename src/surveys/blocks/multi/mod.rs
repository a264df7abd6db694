//! Any of several answers.

use super::choices;
use super::inventing::Die;
use super::kind::{Fault, Fielded, Has, Kept, Kind, Look};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Multi;

pub(super) static KIND: Multi = Multi;

pub(super) static KEYS: &[Key] = &[
    Key::new("least", Shape::Count, "How many have to be chosen."),
    Key::new("most", Shape::Count, "How many may be chosen."),
];

/// What is wrong with how many are to be chosen.
pub(super) fn counts(block: &Block) -> Vec<String> {
    let (least, most) = (block.settings.count("least"), block.settings.count("most"));
    let items = u32::try_from(block.items.len()).unwrap_or(u32::MAX);
    let mut faults = Vec::new();
    if least.is_some_and(|least| least > items) {
        faults.push("`least` is more than there are items".to_owned());
    }
    if most == Some(0) || least.zip(most).is_some_and(|(least, most)| least > most) {
        faults.push("`most` leaves no way to answer; make it larger".to_owned());
    }
    faults
}

impl Kind for Multi {
    fn name(&self) -> &'static str {
        "multi"
    }

    fn title(&self) -> &'static str {
        "Several answers"
    }

    fn doc(&self) -> &'static str {
        "Any of the items; an `exclusive` one goes with no other."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn items(&self) -> Has {
        Has::Always
    }

    fn check(&self, block: &Block) -> Vec<String> {
        counts(block)
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
        choices::draw(sight, "checkbox", out)
    }
}
