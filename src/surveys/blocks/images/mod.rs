//! One or several of several pictures.

use askama::Template;

use super::choices::{self, Choice};
use super::inventing::Die;
use super::kind::{Fault, Fielded, Has, Kept, Kind, Look};
use super::multi;
use super::sight::{Shown, Sight};
use crate::expr::Value;
use crate::surveys::format::{Block, Item, Key, Picture, Shape};
use crate::surveys::map::Variable;
use crate::web::Fields;

pub(super) struct Images;

pub(super) static KIND: Images = Images;

static KEYS: &[Key] = &[
    Key::new("least", Shape::Count, "How many have to be chosen."),
    Key::new(
        "most",
        Shape::Count,
        "How many may be chosen; one when absent.",
    ),
    Key::new(
        "captions",
        Shape::Boolean,
        "`false`: the texts of the items are not shown below their pictures.",
    ),
];

/// An item with its picture.
struct Card {
    choice: Choice,
    shown: Option<Shown>,
}

#[derive(Template)]
#[template(path = "surveys/blocks/images/view.html")]
struct View {
    kind: &'static str,
    cards: Vec<Card>,
    has_captions: bool,
    is_at_fault: bool,
    described: String,
}

/// May several be chosen?
fn is_many(block: &Block) -> bool {
    block.settings.count("most").is_some_and(|most| most > 1)
}

impl Kind for Images {
    fn name(&self) -> &'static str {
        "images"
    }

    fn title(&self) -> &'static str {
        "Pictures to choose"
    }

    fn begun(&self) -> &'static str {
        r#"items = [
  { code = 1, text = "Answer 1", image = "picture.png" },
  { code = 2, text = "Answer 2", image = "picture.png" },
]
"#
    }

    fn doc(&self) -> &'static str {
        "One of several pictures, or as many as `most` says."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn items(&self) -> Has {
        Has::Always
    }

    fn pictures<'a>(&self, block: &'a Block) -> Vec<&'a Picture> {
        let items = block.items.iter();
        items.filter_map(|item| item.picture.as_ref()).collect()
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let mut faults = multi::counts(block);
        let needs = |item: &&Item| !item.exclusive && !item.is_unknown;
        let without = |item: &&Item| item.picture.is_none();
        let items = block.items.iter().filter(needs).filter(without);
        faults.extend(items.map(|item| {
            format!(
                "the item {} has no `image`; only an `exclusive` or `unknown` one does without",
                item.code
            )
        }));
        faults
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        if is_many(block) {
            choices::many_variables(block)
        } else {
            choices::one_variable(block)
        }
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        if is_many(block) {
            choices::many_value(block, kept)
        } else {
            choices::one_value(block, kept)
        }
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        if is_many(sight.block) {
            choices::read_many(sight, sent)
        } else {
            choices::read_one(sight, sent)
        }
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        if is_many(sight.block) {
            choices::invent_many(sight, die)
        } else {
            choices::invent_one(sight, die)
        }
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        if is_many(block) {
            choices::many_fields(block, kept)
        } else {
            choices::one_field(block, kept)
        }
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let pictures = sight.items.iter().map(|item| item.picture.as_ref());
        let card = |(choice, picture): (Choice, Option<&Picture>)| Card {
            choice,
            shown: picture.map(|picture| sight.picture(picture)),
        };
        let choices = choices::choices(sight).into_iter();
        let view = View {
            kind: if is_many(sight.block) {
                "checkbox"
            } else {
                "radio"
            },
            cards: choices.zip(pictures).map(card).collect(),
            has_captions: !sight.block.settings.is_not("captions"),
            is_at_fault: sight.is_at_fault(),
            described: sight.described(),
        };
        view.render_into(out)
    }
}
