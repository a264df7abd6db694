//! How likely somebody is to recommend something, from 0 to 10.

use super::decided;
use super::field::kept_field;
use super::figures::Limits;
use super::inventing::{Die, point};
use super::kind::{Fault, Fielded, Kept, Kind, Look};
use super::number::variable;
use super::scale::{self, nought_to_ten};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Nps;

pub(super) static KIND: Nps = Nps;

static KEYS: &[Key] = &[
    Key::new("low", Shape::Words, "What 0 means."),
    Key::new("high", Shape::Words, "What 10 means."),
];

impl Kind for Nps {
    fn name(&self) -> &'static str {
        "nps"
    }

    fn title(&self) -> &'static str {
        "Recommendation, 0 to 10"
    }

    fn doc(&self) -> &'static str {
        "A number from 0 to 10: how likely one is to recommend something."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let limits = Limits {
            decimals: 0,
            range: Some((0.0, 10.0)),
        };
        vec![variable(block, &block.id, limits)]
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        decided::kept_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        scale::read(sight, &nought_to_ten(), sent)
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        point(die, sight, &nought_to_ten())
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        kept_field(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        scale::draw(sight, nought_to_ten(), out)
    }
}
