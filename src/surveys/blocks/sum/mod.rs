//! Numbers that add up to a total.

use askama::Template;

use super::figures::{Limits, written};
use super::inventing::Die;
use super::kind::{Fault, Fielded, Has, Kept, Kind, Look};
use super::marked::labels;
use super::number::{check_decimals, variable};
use super::phrases::Phrase;
use super::sight::{Sight, part};
use crate::expr::Value;
use crate::surveys::format::{Block, Item, Key, Shape};
use crate::surveys::map::{Datum, Variable};
use crate::web::Fields;

pub(super) struct Sum;

pub(super) static KIND: Sum = Sum;

static KEYS: &[Key] = &[
    Key::new("total", Shape::Number, "What the numbers add up to.").required(),
    Key::new(
        "decimals",
        Shape::Count,
        "Digits after the point; 0 when absent.",
    ),
    Key::new(
        "unit",
        Shape::Words,
        "What stands behind each field, like %.",
    ),
];

/// An item with its field.
struct Row {
    field: String,
    text: String,
    value: String,
}

#[derive(Template)]
#[template(path = "surveys/blocks/sum/view.html")]
struct View {
    rows: Vec<Row>,
    total: String,
    so_far: &'static str,
    unit: String,
    mode: &'static str,
    is_at_fault: bool,
    described: String,
}

fn limits(block: &Block) -> Limits {
    let total = block.settings.number("total").unwrap_or_default();
    Limits {
        decimals: block.settings.count("decimals").unwrap_or_default(),
        range: Some((0.0, total)),
    }
}

impl Kind for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }

    fn title(&self) -> &'static str {
        "Numbers with a total"
    }

    fn begun(&self) -> &'static str {
        "total = 100\n"
    }

    fn doc(&self) -> &'static str {
        "A number for each item; together they are the total."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn items(&self) -> Has {
        Has::Always
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let mut faults = check_decimals(block);
        if block
            .settings
            .number("total")
            .is_some_and(|total| total <= 0.0)
        {
            faults.push("`total` must be more than 0".to_owned());
        }
        faults
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let variable = |item: &Item| {
            let key = part(&block.id, item.code);
            variable(block, &key, limits(block)).labelled(labels(&item.text))
        };
        block.items.iter().map(variable).collect()
    }

    /// What was given so far, together.
    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        let given = block
            .items
            .iter()
            .filter_map(|item| match kept(&part(&block.id, item.code)) {
                Datum::Number(number) => Some(number),
                _ => None,
            });
        given
            .reduce(|sum, one| sum + one)
            .map_or(Value::Empty, Value::Number)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let limits = limits(sight.block);
        let mut numbers = Vec::new();
        for item in &sight.items {
            let field = sight.part(item.code);
            let text = sent.get(&field).unwrap_or_default();
            match limits.read(text, sight.lang) {
                Ok(number) => numbers.push((field, number)),
                Err(why) => return Err(Fault::at(field, why)),
            }
        }
        if numbers.iter().all(|(_, number)| number.is_none()) {
            let empty = |(field, _)| (field, Datum::NotAnswered);
            return Ok(numbers.into_iter().map(empty).collect());
        }
        let total = limits.high().unwrap_or_default();
        let sum: f64 = numbers.iter().filter_map(|(_, number)| *number).sum();
        let decimals = limits.decimals as usize;
        if format!("{sum:.decimals$}") != format!("{total:.decimals$}") {
            let first = numbers.swap_remove(0).0;
            let sum = format!("{sum:.decimals$}");
            let why = Phrase::new("total").with(&written(total)).with(&sum);
            return Err(Fault::at(first, why));
        }
        // What was left empty beside others is nothing.
        let datum = |(field, number): (String, Option<f64>)| {
            (field, Datum::Number(number.unwrap_or_default()))
        };
        Ok(numbers.into_iter().map(datum).collect())
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let limits = limits(sight.block);
        let decimals = limits.decimals.min(9);
        let one = 10_f64.powi(i32::try_from(decimals).unwrap_or_default());
        let total = (limits.high().unwrap_or_default() * one).round();
        let (mut left, mut fields) = (total, Fielded::new());
        for (at, item) in sight.items.iter().enumerate() {
            let is_last = at + 1 == sight.items.len();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped just before"
            )]
            let most = left.clamp(0.0, 1e9) as usize;
            let part = if is_last {
                left
            } else {
                f64::from(u32::try_from(die.below(most + 1)).unwrap_or_default())
            };
            left -= part;
            let decimals = decimals as usize;
            fields.push((sight.part(item.code), format!("{:.decimals$}", part / one)));
        }
        fields
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        let field = |item: &Item| {
            let key = part(&block.id, item.code);
            match kept(&key) {
                Datum::Number(number) => Some((key, written(number))),
                _ => None,
            }
        };
        block.items.iter().filter_map(field).collect()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let limits = limits(sight.block);
        let row = |item: &&Item| {
            let field = sight.part(item.code);
            Row {
                text: sight.inline(&item.text),
                value: sight.at(&field).to_owned(),
                field,
            }
        };
        let unit = sight.block.settings.words("unit");
        let view = View {
            rows: sight.items.iter().map(row).collect(),
            total: written(limits.high().unwrap_or_default()),
            so_far: sight.say("total-so-far"),
            unit: unit.map(|unit| sight.plain(unit)).unwrap_or_default(),
            mode: if limits.decimals > 0 {
                "decimal"
            } else {
                "numeric"
            },
            is_at_fault: sight.is_at_fault(),
            described: sight.described(),
        };
        view.render_into(out)
    }
}
