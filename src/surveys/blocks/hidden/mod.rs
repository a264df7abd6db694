//! A value that is put down and not asked.

use super::decided::{self, unseen};
use super::kind::{Decision, Fault, Frame, Kept, Kind, Look, Role};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Hidden;

pub(super) static KIND: Hidden = Hidden;

static KEYS: &[Key] = &[Key::new(
    "decimals",
    Shape::Count,
    "Its value is a number with so many digits after the point; a text when absent.",
)];

impl Kind for Hidden {
    unseen!();

    fn name(&self) -> &'static str {
        "hidden"
    }

    fn title(&self) -> &'static str {
        "Hidden value"
    }

    fn begun(&self) -> &'static str {
        "default = \"1\"\n"
    }

    fn doc(&self) -> &'static str {
        "A value nobody sees: its `default`, worked out once when its page is reached."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn role(&self) -> Role {
        Role::Decided(Decision::Given)
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let is_given = block.default.is_some();
        (!is_given)
            .then(|| "a hidden value needs a `default`".to_owned())
            .into_iter()
            .collect()
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        decided::text_variable(block)
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        decided::kept_value(block, kept)
    }
}
