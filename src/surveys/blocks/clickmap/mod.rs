//! Places on a picture: pointed at, or chosen by their names.

mod points;

use askama::Template;

use super::choices::{self, Choice, is_code};
use super::inventing::Die;
use super::kind::{Fault, Fielded, Has, Kept, Kind, Look};
use super::multi;
use super::phrases::Phrase;
use super::sight::{Shown, Sight, part};
use crate::expr::Value;
use crate::surveys::format::{Block, Item, Key, Picture, Region, Shape};
use crate::surveys::map::{Datum, Variable};
use crate::web::Fields;
use points::Point;

pub(super) struct ClickMap;

pub(super) static KIND: ClickMap = ClickMap;

/// More points than that say nothing of where somebody looked.
const MOST: u32 = 20;

static KEYS: &[Key] = &[
    Key::new("image", Shape::Picture, "The picture, with `alt`.").required(),
    Key::new(
        "most",
        Shape::Count,
        "How many points may be set, or regions chosen; one when absent.",
    ),
];

/// A region with its box to tick.
struct Named {
    choice: Choice,
    /// Its edges, for the script: left, top, right, bottom.
    at: Option<String>,
}

#[derive(Template)]
#[template(path = "surveys/blocks/clickmap/view.html")]
struct View {
    field: String,
    shown: Option<Shown>,
    most: u32,
    points: Vec<String>,
    regions: Vec<Named>,
    by_name: &'static str,
    undo: &'static str,
    is_at_fault: bool,
    described: String,
}

fn most(block: &Block) -> u32 {
    block.settings.count("most").unwrap_or(1).clamp(1, MOST)
}

/// The name of the fields that hold points.
fn field(block: &Block) -> String {
    format!("{}_at", block.id)
}

fn is_hit(item: &Item, points: &[Point]) -> bool {
    item.region
        .is_some_and(|region| points.iter().any(|point| point.is_in(region)))
}

/// The points that were kept.
fn kept_points(block: &Block, kept: Look<'_>) -> Vec<Point> {
    let point = |number: u32| {
        let [x, y] = points::keys(&block.id, number);
        match (kept(&x), kept(&y)) {
            (Datum::Number(x), Datum::Number(y)) => Point::of(x, y),
            _ => None,
        }
    };
    (1..=most(block)).filter_map(point).collect()
}

/// The regions that were ticked, by the rules of choices.
fn ticked<'a>(sight: &Sight<'a>, sent: &Fields) -> Result<Vec<&'a Item>, Fault> {
    let mut picked: Vec<&Item> = Vec::new();
    for code in sent.all(sight.id()) {
        let item = choices::offered(&sight.items, sight.id(), code)?;
        if !picked.iter().any(|known| known.code == item.code) {
            picked.push(item);
        }
    }
    Ok(picked)
}

impl Kind for ClickMap {
    fn name(&self) -> &'static str {
        "clickmap"
    }

    fn title(&self) -> &'static str {
        "Points on a picture"
    }

    fn begun(&self) -> &'static str {
        r#"image = "picture.png"
items = [
  { code = 1, text = "Left", at = [0, 0, 50, 100] },
  { code = 2, text = "Right", at = [50, 0, 100, 100] },
]
"#
    }

    fn doc(&self) -> &'static str {
        "Points on a picture, or the names of its regions."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn items(&self) -> Has {
        Has::Always
    }

    fn pictures<'a>(&self, block: &'a Block) -> Vec<&'a Picture> {
        block.settings.picture("image").into_iter().collect()
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let mut faults = multi::counts(block);
        if block.settings.count("most").is_some_and(|most| most > MOST) {
            faults.push(format!("`most` is at most {MOST} points"));
        }
        if block.items.iter().any(|item| item.other) {
            faults.push("a region has no text of its own; remove `other`".to_owned());
        }
        let needs = |item: &&Item| !item.exclusive && !item.is_unknown && item.region.is_none();
        let without = block.items.iter().filter(needs);
        faults.extend(without.map(|item| {
            format!(
                "the region {} has no `at`; only an `exclusive` or `unknown` one does without",
                item.code
            )
        }));
        faults
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let mut variables: Vec<Variable> = (1..=most(block))
            .flat_map(|number| points::variables(block, number))
            .collect();
        variables.extend(choices::many_variables(block));
        variables
    }

    /// The regions that were pointed at or chosen.
    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        choices::many_value(block, kept)
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let points = points::read(sight.id(), &field(sight.block), sent)?;
        let ticked = ticked(sight, sent)?;
        let count = points.len().max(ticked.len());
        let most = most(sight.block);
        if count > most as usize {
            let why = Phrase::new("choose-at-most").with(&most);
            return Err(Fault::at(sight.id(), why));
        }
        let others = points.len() + ticked.len();
        if let Some(alone) = ticked.iter().find(|item| item.exclusive && others > 1) {
            let why = Phrase::new("nothing-beside").with(&sight.plain(&alone.text));
            return Err(Fault::at(sight.id(), why));
        }
        let mut kept = points::kept(&sight.block.id, most, &points);
        let flag = |item: &&Item| {
            let is_ticked = ticked.iter().any(|known| known.code == item.code);
            let flag = if others == 0 {
                Datum::NotAnswered
            } else {
                Datum::Number(f64::from(u8::from(is_ticked || is_hit(item, &points))))
            };
            (sight.part(item.code), flag)
        };
        kept.extend(sight.items.iter().map(flag));
        Ok(kept)
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let regions: Vec<Region> = sight.items.iter().filter_map(|item| item.region).collect();
        let many = 1 + die.below(most(sight.block) as usize);
        let mut point = || {
            let whole = Region {
                left: 0,
                top: 0,
                right: Region::WHOLE,
                bottom: Region::WHOLE,
            };
            let within = if die.is_rare() {
                whole
            } else {
                die.among(&regions).copied().unwrap_or(whole)
            };
            let mut part = |from: u16, to: u16| {
                let by = die.below(usize::from(to - from) + 1);
                from + u16::try_from(by).unwrap_or_default()
            };
            let (x, y) = (
                part(within.left, within.right),
                part(within.top, within.bottom),
            );
            (field(sight.block), format!("{x},{y}"))
        };
        (0..many).map(|_| point()).collect()
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        let points = kept_points(block, kept);
        let was_ticked = |item: &&Item| {
            kept(&part(&block.id, item.code)) == Datum::Number(1.0) && !is_hit(item, &points)
        };
        let ticked = block.items.iter().filter(was_ticked);
        let ticked = ticked.map(|item| (block.id.clone(), item.code.to_string()));
        let pointed = points.iter().map(|point| (field(block), point.text()));
        pointed.chain(ticked).collect()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let field = field(sight.block);
        let points = sight.fields.iter().filter(|(name, _)| *name == field);
        let named = |choice: Choice| {
            #[expect(clippy::cast_precision_loss, reason = "codes are short")]
            let item = { sight.items.iter() }.find(|item| is_code(item, choice.code as f64));
            Named {
                at: item.and_then(|item| item.region).map(Region::text),
                choice,
            }
        };
        let picture = sight.block.settings.picture("image");
        let view = View {
            shown: picture.map(|picture| sight.picture(picture)),
            most: most(sight.block),
            points: points
                .filter_map(|(_, text)| Point::parse(text))
                .map(Point::text)
                .collect(),
            regions: choices::choices(sight).into_iter().map(named).collect(),
            by_name: sight.say("map-by-name"),
            undo: sight.say("map-undo"),
            is_at_fault: sight.is_at_fault(),
            described: sight.described(),
            field,
        };
        view.render_into(out)
    }
}
