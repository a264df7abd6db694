//! A value made of other answers.

use super::decided::{self, unseen};
use super::kind::{Decision, Fault, Frame, Kept, Kind, Look, Role};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Computed;

pub(super) static KIND: Computed = Computed;

static KEYS: &[Key] = &[Key::new(
    "decimals",
    Shape::Count,
    "Its value is a number with so many digits after the point; a text when absent.",
)];

impl Kind for Computed {
    unseen!();

    fn name(&self) -> &'static str {
        "computed"
    }

    fn title(&self) -> &'static str {
        "Computed value"
    }

    fn begun(&self) -> &'static str {
        "calculate = \"1\"\n"
    }

    fn doc(&self) -> &'static str {
        "A value worked out of other answers, by `calculate`."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn role(&self) -> Role {
        Role::Decided(Decision::Computed)
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let is_computed = block.calculate.is_some();
        (!is_computed)
            .then(|| "a computed value needs `calculate`".to_owned())
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
