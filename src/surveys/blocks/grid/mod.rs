//! The same question for several rows: a table of answers.

mod cells;
mod view;

use super::choices::item_value;
use super::inventing::Die;
use super::kind::{Fault, Fielded, Has, Kept, Kind, Look};
use super::sight::{Sight, part};
use crate::expr::Value;
use crate::surveys::format::{Block, Item, Key, Shape};
use crate::surveys::map::{Datum, Variable};
use crate::web::Fields;
use cells::Cells;

pub(super) struct Grid;

pub(super) static KIND: Grid = Grid;

static KEYS: &[Key] = &[
    Key::new(
        "cells",
        Shape::OneOf(&["single", "multi", "number", "text"]),
        "What is answered in each row: one item, several, a number, or words; single when absent.",
    ),
    Key::new(
        "range",
        Shape::Range,
        "The smallest and the largest number.",
    ),
    Key::new(
        "decimals",
        Shape::Count,
        "Digits after the point of numbers.",
    ),
];

impl Kind for Grid {
    fn name(&self) -> &'static str {
        "grid"
    }

    fn title(&self) -> &'static str {
        "Grid"
    }

    fn doc(&self) -> &'static str {
        "The same question for several `rows`, in a table that becomes a list on a phone."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn items(&self) -> Has {
        Has::Perhaps
    }

    fn rows(&self) -> Has {
        Has::Always
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let mut faults = super::number::check_decimals(block);
        if Cells::of(block).are_chosen() && block.items.is_empty() {
            faults.push("this grid needs `items` or a `list`: its columns".to_owned());
        }
        faults
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        Cells::of(block).variables(block)
    }

    fn names(&self, block: &Block) -> Vec<String> {
        let rows = block.rows.iter().map(|row| part(&block.id, row.code));
        let keys = self.variables(block).into_iter().map(|each| each.key);
        rows.chain(keys).collect()
    }

    /// The answers of all rows.
    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        let rows = block.rows.iter().map(|row| part(&block.id, row.code));
        let answers: Vec<Value> = rows
            .filter_map(|name| self.named(block, &name, kept))
            .filter(|value| !value.is_empty())
            .collect();
        if answers.is_empty() {
            Value::Empty
        } else {
            Value::List(answers)
        }
    }

    fn named(&self, block: &Block, name: &str, kept: Look<'_>) -> Option<Value> {
        let row = block
            .rows
            .iter()
            .find(|row| part(&block.id, row.code) == name);
        let cells = Cells::of(block);
        if row.is_some() && cells == Cells::Multi {
            let chosen = block.items.iter();
            let chosen = chosen.filter(|item| kept(&part(name, item.code)) == Datum::Number(1.0));
            return Some(Value::List(chosen.map(Item::value).collect()));
        }
        Some(match kept(name) {
            Datum::Number(code) if cells == Cells::Single => item_value(&block.items, code),
            Datum::Number(number) => Value::Number(number),
            Datum::Text(text) => Value::of_text(text),
            Datum::NotAsked | Datum::NotAnswered => Value::Empty,
        })
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        cells::read(sight, sent)
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        cells::invent(sight, die)
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        cells::fields(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        view::draw(sight, out)
    }
}
