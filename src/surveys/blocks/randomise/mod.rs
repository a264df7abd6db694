//! One of the items, by chance.

use super::choices;
use super::decided::unseen;
use super::kind::{Decision, Fault, Frame, Has, Kept, Kind, Look, Role};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::Block;
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Randomise;

pub(super) static KIND: Randomise = Randomise;

impl Kind for Randomise {
    unseen!();

    fn name(&self) -> &'static str {
        "randomise"
    }

    fn title(&self) -> &'static str {
        "Drawn by chance"
    }

    fn doc(&self) -> &'static str {
        "One of the items by chance: the cell of a test, the version of a text."
    }

    fn role(&self) -> Role {
        Role::Decided(Decision::Drawn)
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
}
