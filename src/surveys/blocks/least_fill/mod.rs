//! One of the items, so that all are given equally often.

use super::choices;
use super::decided::unseen;
use super::kind::{Decision, Fault, Frame, Has, Kept, Kind, Look, Role};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::Block;
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct LeastFill;

pub(super) static KIND: LeastFill = LeastFill;

impl Kind for LeastFill {
    unseen!();

    fn name(&self) -> &'static str {
        "least-fill"
    }

    fn title(&self) -> &'static str {
        "Fewest so far"
    }

    fn doc(&self) -> &'static str {
        "The item that fewest respondents were given so far."
    }

    fn role(&self) -> Role {
        Role::Decided(Decision::LeastFilled)
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
