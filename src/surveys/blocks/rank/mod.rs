//! Items in an order of the respondent's own, by a place for each.

use askama::Template;

use super::inventing::Die;
use super::kind::{Fault, Fielded, Has, Kept, Kind, Look};
use super::marked::labels;
use super::phrases::Phrase;
use super::sight::{Sight, part};
use crate::expr::Value;
use crate::surveys::format::{Block, Item, Key, Shape};
use crate::surveys::map::{self, Datum, Variable};
use crate::web::Fields;

pub(super) struct Rank;

pub(super) static KIND: Rank = Rank;

static KEYS: &[Key] = &[Key::new(
    "most",
    Shape::Count,
    "How many places there are; as many as items when absent.",
)];

/// An item with its field.
struct Row {
    field: String,
    text: String,
    name: String,
    place: u32,
}

#[derive(Template)]
#[template(path = "surveys/blocks/rank/view.html")]
struct View {
    rows: Vec<Row>,
    places: Vec<u32>,
    is_at_fault: bool,
    described: String,
}

/// How many places there are to give.
fn places(sight: &Sight<'_>) -> u32 {
    let items = u32::try_from(sight.items.len()).unwrap_or(u32::MAX);
    let most = sight.block.settings.count("most").unwrap_or(items);
    most.min(items)
}

impl Kind for Rank {
    fn name(&self) -> &'static str {
        "rank"
    }

    fn title(&self) -> &'static str {
        "Ranking"
    }

    fn doc(&self) -> &'static str {
        "Items in order: each gets a place from a list, without dragging."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn items(&self) -> Has {
        Has::Always
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let none = block.settings.count("most") == Some(0);
        none.then(|| "`most` leaves no place to give".to_owned())
            .into_iter()
            .collect()
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let variable = |item: &Item| {
            let kind = map::Kind::Number { decimals: 0 };
            let key = part(&block.id, item.code);
            let mut variable = Variable::new(&block.id, &key, kind, labels(&block.text));
            variable.lowest = Some(1.0);
            variable.labelled(labels(&item.text))
        };
        block.items.iter().map(variable).collect()
    }

    /// The items in their order.
    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        let place = |item: &Item| match kept(&part(&block.id, item.code)) {
            Datum::Number(place) => Some((place, item.value())),
            _ => None,
        };
        let mut ranked: Vec<(f64, Value)> = block.items.iter().filter_map(place).collect();
        ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
        if ranked.is_empty() {
            return Value::Empty;
        }
        Value::List(ranked.into_iter().map(|(_, value)| value).collect())
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let places = places(sight);
        let mut taken: Vec<u32> = Vec::new();
        let mut kept = Kept::new();
        for item in &sight.items {
            let field = sight.part(item.code);
            let text = sent.get(&field).unwrap_or_default().trim();
            if text.is_empty() {
                kept.push((field, Datum::NotAnswered));
                continue;
            }
            let place = text
                .parse()
                .ok()
                .filter(|place| (1..=places).contains(place));
            let place = place.ok_or_else(|| Fault::at(&field, Phrase::new("not-offered")))?;
            if taken.contains(&place) {
                return Err(Fault::at(field, Phrase::new("rank-twice")));
            }
            taken.push(place);
            kept.push((field, Datum::Number(f64::from(place))));
        }
        let count = u32::try_from(taken.len()).unwrap_or(u32::MAX);
        let first = sight
            .items
            .first()
            .map_or_else(String::new, |item| sight.part(item.code));
        if taken.iter().any(|place| *place > count) {
            return Err(Fault::at(first, Phrase::new("rank-gap")));
        }
        if sight.is_required && count < places {
            let why = Phrase::new("choose-at-least").with(&places);
            return Err(Fault::at(first, why));
        }
        Ok(kept)
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let places = places(sight) as usize;
        let items = die.mixed(sight.items.clone()).into_iter().take(places);
        let field = |(item, place): (&Item, usize)| (sight.part(item.code), place.to_string());
        items.zip(1..).map(field).collect()
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        let field = |item: &Item| {
            let key = part(&block.id, item.code);
            match kept(&key) {
                Datum::Number(place) => Some((key, format!("{place}"))),
                _ => None,
            }
        };
        block.items.iter().filter_map(field).collect()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let row = |item: &&Item| {
            let field = sight.part(item.code);
            let name = Phrase::new("place-of").with(&sight.plain(&item.text));
            Row {
                place: sight.at(&field).parse().unwrap_or_default(),
                text: sight.inline(&item.text),
                name: name.say(sight.lang),
                field,
            }
        };
        let view = View {
            rows: sight.items.iter().map(row).collect(),
            places: (1..=places(sight)).collect(),
            is_at_fault: sight.is_at_fault(),
            described: sight.described(),
        };
        view.render_into(out)
    }
}
