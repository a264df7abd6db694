//! Fields whose choices are rows of a query: a short list to pick from, or a search.

use super::family::{Family, Lines};
use crate::apps::format::{Key, KeyKind, Param, Settings};
use crate::apps::widgets::control::Shape;
use crate::apps::widgets::scene::Sight;

/// As many are picked from a list; more are searched.
pub const FEW: usize = 50;
/// What is typed into the search of a field is called like the field and this.
pub const SEARCH: &str = "._q";

pub(super) static CHOICES: &[Key] = &[
    Key::new("field", KeyKind::Text, "The field that is chosen.").required(),
    Key::new(
        "query",
        KeyKind::ReadQuery,
        "Its rows are the choices, in its order.",
    )
    .required(),
    Key::new(
        "value",
        KeyKind::Text,
        "The column that is sent and saved; id when absent.",
    )
    .columns(),
    Key::new(
        "label",
        KeyKind::Text,
        "The column that people read and search; that of `value` when absent.",
    )
    .columns(),
];

/// Where the choices of a field come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    pub field: &'a str,
    pub query: &'a str,
    pub value: &'a str,
    pub label: &'a str,
}

impl<'a> Choice<'a> {
    pub(super) fn of(entry: &mut Settings<'a>) -> Option<Choice<'a>> {
        let value = entry.string("value").unwrap_or("id");
        Some(Choice {
            field: entry.string("field")?,
            query: entry.read_query("query")?,
            label: entry.string("label").unwrap_or(value),
            value,
        })
    }
}

impl<'a> Family<'a> {
    /// Where the choices of a field come from: of a list, or of the form itself.
    pub fn choice(&self, list: Option<&Lines<'a>>, field: &str) -> Option<Choice<'a>> {
        let all = list.map_or(&self.choices, |list| &list.choices);
        all.iter().find(|choice| choice.field == field).copied()
    }

    /// The same by what a field is called in an address: `customer`, or `parts.article`.
    pub fn choice_called(&self, name: &str) -> Option<Choice<'a>> {
        match name.split_once('.') {
            None => self.choice(None, name),
            Some((id, field)) => {
                let list = self.lists.iter().find(|list| list.id == id)?;
                self.choice(Some(list), field)
            }
        }
    }

    /// All of them.
    pub fn all_choices(&self) -> impl Iterator<Item = Choice<'a>> {
        let below = self.lists.iter().flat_map(|list| &list.choices);
        self.choices.iter().chain(below).copied()
    }
}

/// What is saved, and what people read for it.
pub type Pair = (String, String);

/// The choices of a query, as far as a page needs them.
#[derive(Debug, Default)]
pub struct Offer {
    pub query: String,
    pub value: String,
    pub label: String,
    pub first: Vec<Pair>,
    /// There are more than are picked from a list.
    pub is_long: bool,
    /// Those that stand in fields and are not among the first.
    pub chosen: Vec<Pair>,
    /// What was looked for without scripts, and what was found.
    pub found: Vec<(String, Vec<Pair>)>,
}

impl Offer {
    pub fn is_of(&self, choice: &Choice<'_>) -> bool {
        self.query == choice.query && self.value == choice.value && self.label == choice.label
    }
}

/// The field as something to choose. `list` and `name` say where it stands.
pub(super) fn shape(
    sight: &Sight<'_>,
    (param, choice): (&Param, &Choice<'_>),
    (list, name): (Option<&str>, &str),
    values: &[&str],
) -> Option<Shape> {
    let offer = sight.offers.iter().find(|offer| offer.is_of(choice))?;
    let value = values.last().copied().unwrap_or_default();
    let is_open = param.null && param.default.is_none();
    let any =
        (is_open || param.default.is_none()).then_some(if is_open { "" } else { "Choose…" });
    let option = |pair: &Pair| (pair.0.clone(), pair.1.clone(), pair.0 == value);
    if !offer.is_long {
        return Some(Shape::Pick {
            any,
            options: offer.first.iter().map(option).collect(),
        });
    }
    let scene = sight.scene;
    let tried = scene.tried.filter(|tried| tried.widget == sight.widget.id);
    let search = format!("{name}{SEARCH}");
    let typed = tried
        .and_then(|tried| tried.typed.get(&search))
        .unwrap_or_default();
    let found = offer.found.iter().find(|(words, _)| words == typed);
    let found = found
        .into_iter()
        .flat_map(|(_, found)| found)
        .filter(|pair| pair.0 != value);
    let own = offer.first.iter().chain(&offer.chosen);
    let own = own.filter(|pair| pair.0 == value).take(1);
    let called = list.map_or_else(
        || choice.field.to_owned(),
        |list| format!("{list}.{}", choice.field),
    );
    let mut from = format!(
        "{}/part/{}/{}/choices.{called}",
        scene.base, scene.page.id, sight.widget.id
    );
    from.push('?');
    from.push_str(&scene.fields.query());
    Some(Shape::Find {
        from,
        typed: typed.to_owned(),
        any: any.unwrap_or_default(),
        options: own.chain(found).map(option).collect(),
    })
}
