//! A point between two ends.

use askama::Template;

use super::decided;
use super::field::kept_field;
use super::figures::{Limits, written};
use super::inventing::{Die, point};
use super::kind::{Fault, Fielded, Kept, Kind, Look};
use super::number::variable;
use super::phrases::Phrase;
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape, Words};
use crate::surveys::map::{Datum, Variable};
use crate::web::Fields;

/// A row of more buttons than that fits on no phone.
const MOST: usize = 21;

pub(super) struct Scale;

pub(super) static KIND: Scale = Scale;

static KEYS: &[Key] = &[
    Key::new("range", Shape::Range, "Its two ends, like [1, 7].").required(),
    Key::new("step", Shape::Number, "From point to point; 1 when absent."),
    Key::new("low", Shape::Words, "What the lower end means."),
    Key::new("high", Shape::Words, "What the upper end means."),
    Key::new(
        "decimals",
        Shape::Count,
        "Digits after the point of its points; 0 when absent.",
    ),
];

#[derive(Template)]
#[template(path = "surveys/blocks/scale/view.html")]
struct View<'a> {
    field: &'a str,
    low: String,
    high: String,
    /// Value, whether it is chosen, and its accessible name.
    points: Vec<(String, bool, String)>,
    is_at_fault: bool,
    described: String,
}

/// Its points as they are written, the lowest first.
fn points(block: &Block) -> Vec<String> {
    let Some((low, high)) = block.settings.range("range") else {
        return Vec::new();
    };
    let step = block.settings.number("step").unwrap_or(1.0);
    let decimals = block.settings.count("decimals").unwrap_or_default() as usize;
    if step <= 0.0 || low >= high {
        return Vec::new();
    }
    // One more than fits, so that too many are seen.
    let all = (0_u32..=u32::try_from(MOST).unwrap_or(u32::MAX))
        .map(|at| low + step * f64::from(at))
        .take_while(|point| *point <= high + step / 1000.0);
    all.map(|point| format!("{point:.decimals$}")).collect()
}

/// A row of buttons from `low` to `high`.
pub(super) fn draw(sight: &Sight<'_>, points: Vec<String>, out: &mut String) -> askama::Result<()> {
    let end = |key: &str| {
        let words: Option<&Words> = sight.block.settings.words(key);
        words.map(|words| sight.plain(words)).unwrap_or_default()
    };
    let (low, high) = (end("low"), end("high"));
    let (field, last) = (sight.id(), points.len().saturating_sub(1));
    let chosen: Option<f64> = sight.at(field).parse().ok();
    let named = |(at, point): (usize, String)| {
        let number: Option<f64> = point.parse().ok();
        let is_chosen = chosen.is_some() && chosen == number;
        let name = match at {
            0 if !low.is_empty() => format!("{point}: {low}"),
            at if at == last && !high.is_empty() => format!("{point}: {high}"),
            _ => point.clone(),
        };
        (point, is_chosen, name)
    };
    let points = points.into_iter().enumerate().map(named).collect();
    let view = View {
        field,
        points,
        low,
        high,
        is_at_fault: sight.is_at_fault(),
        described: sight.described(),
    };
    view.render_into(out)
}

/// One of the points, or nothing.
pub(super) fn read(sight: &Sight<'_>, points: &[String], sent: &Fields) -> Result<Kept, Fault> {
    let text = sent.get(sight.id()).unwrap_or_default().trim();
    let datum = if text.is_empty() {
        Datum::NotAnswered
    } else {
        let number: Option<f64> = text.parse().ok();
        let found = points.iter().find(|point| point.parse().ok() == number);
        let found = found.and_then(|point| point.parse().ok());
        let unknown = || Fault::at(sight.id(), Phrase::new("not-offered"));
        Datum::Number(found.ok_or_else(unknown)?)
    };
    Ok(vec![(sight.block.id.clone(), datum)])
}

impl Kind for Scale {
    fn name(&self) -> &'static str {
        "scale"
    }

    fn title(&self) -> &'static str {
        "Scale"
    }

    fn begun(&self) -> &'static str {
        "range = [1, 7]\n"
    }

    fn doc(&self) -> &'static str {
        "One point of a row from one end to the other; no dragging."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let count = points(block).len();
        let mut faults = Vec::new();
        if block.settings.range("range").is_some() && count < 2 {
            faults.push("the scale has fewer than two points; change `range` or `step`".to_owned());
        }
        if count > MOST {
            faults.push(format!(
                "a scale has at most {MOST} points; choose a larger `step`, or ask for a `number`"
            ));
        }
        faults
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        vec![variable(block, &block.id, Limits::of(block))]
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        decided::kept_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        read(sight, &points(sight.block), sent)
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        point(die, sight, &points(sight.block))
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        kept_field(block, kept)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        draw(sight, points(sight.block), out)
    }
}

/// The whole numbers from 0 to 10.
pub(super) fn nought_to_ten() -> Vec<String> {
    (0_u8..=10).map(|point| written(f64::from(point))).collect()
}
