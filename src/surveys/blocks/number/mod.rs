//! A number.

use super::decided;
use super::field::{Field, kept_field};
use super::figures::{Limits, written};
use super::inventing::{Die, number};
use super::kind::{Fault, Fielded, Frame, Kept, Kind, Look};
use super::marked::labels;
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::{self, Datum, Variable};
use crate::web::Fields;

pub(super) struct Number;

pub(super) static KIND: Number = Number;

static KEYS: &[Key] = &[
    Key::new(
        "range",
        Shape::Range,
        "The smallest and the largest answer, like [16, 99].",
    ),
    Key::new(
        "decimals",
        Shape::Count,
        "Digits after the point; 0 when absent.",
    ),
    Key::new(
        "unit",
        Shape::Words,
        "What stands behind the field, like kg.",
    ),
];

/// A variable of numbers.
pub(super) fn variable(block: &Block, key: &str, limits: Limits) -> Variable {
    let decimals = u8::try_from(limits.decimals).unwrap_or(u8::MAX);
    let kind = map::Kind::Number { decimals };
    let mut variable = Variable::new(&block.id, key, kind, labels(&block.text));
    variable.lowest = limits.low();
    variable
}

/// The fault that `decimals` cannot be kept exactly.
pub(super) fn check_decimals(block: &Block) -> Vec<String> {
    let many = block.settings.count("decimals").filter(|many| *many > 9);
    let say = |many| format!("{many} decimals cannot be kept exactly; 9 is the most");
    many.map(say).into_iter().collect()
}

impl Kind for Number {
    fn name(&self) -> &'static str {
        "number"
    }

    fn title(&self) -> &'static str {
        "Number"
    }

    fn doc(&self) -> &'static str {
        "A number in a field."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn frame(&self, _: &Block) -> Frame {
        Frame::Field
    }

    fn check(&self, block: &Block) -> Vec<String> {
        check_decimals(block)
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        vec![variable(block, &block.id, Limits::of(block))]
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        decided::kept_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let text = sent.get(sight.id()).unwrap_or_default();
        let number = Limits::of(sight.block)
            .read(text, sight.lang)
            .map_err(|why| Fault::at(sight.id(), why))?;
        let datum = number.map_or(Datum::NotAnswered, Datum::Number);
        Ok(vec![(sight.block.id.clone(), datum)])
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let number = number(die, Limits::of(sight.block));
        vec![(sight.block.id.clone(), number)]
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        kept_field(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let limits = Limits::of(sight.block);
        let mut more = vec![("step", limits.step())];
        more.extend(limits.low().map(|low| ("min", written(low))));
        more.extend(limits.high().map(|high| ("max", written(high))));
        let unit = sight.block.settings.words("unit");
        Field {
            class: "field short",
            mode: Some(if limits.decimals > 0 {
                "decimal"
            } else {
                "numeric"
            }),
            unit: unit.map(|unit| sight.plain(unit)),
            more,
            ..Field::of("text", sight)
        }
        .draw(out)
    }
}
