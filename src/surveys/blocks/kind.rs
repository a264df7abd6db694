//! What a kind of block has to offer: its keys, its variables, its form, its answer.

use super::inventing::Die;
use super::phrases::Phrase;
use super::sight::Sight;
use crate::expr::{Expr, Value};
use crate::surveys::calls::Plan;
use crate::surveys::format::{Block, Key, Picture};
use crate::surveys::map::{Datum, Variable};
use crate::surveys::uploads::Limits;
use crate::web::Fields;

/// What a block does on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is read, not answered.
    Shows,
    /// It is answered.
    Asks,
    /// Nobody sees it; its value is worked out.
    Decided(Decision),
}

/// Where the value of an unseen block comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Its `calculate`.
    Computed,
    /// Given at entry, or its `default`.
    Given,
    /// One of its items, by the respondent's seed.
    Drawn,
    /// The item that fewest were given.
    LeastFilled,
    /// What another machine answers when it is asked.
    Called,
}

/// Whether a kind has items or rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    None,
    Perhaps,
    Always,
}

/// What was found under a variable's key: [`Datum::NotAsked`] where there is nothing.
pub type Look<'a> = &'a dyn Fn(&str) -> Datum;

/// Answers as they are kept: the variable's key and its value.
pub type Kept = Vec<(String, Datum)>;

/// Fields of a form and what stands in them.
pub type Fielded = Vec<(String, String)>;

/// Why what was sent is no answer: the field at fault and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: String,
    pub why: Phrase,
}

impl Fault {
    pub fn at(field: impl Into<String>, why: Phrase) -> Fault {
        Fault {
            field: field.into(),
            why,
        }
    }
}

/// What stands around a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Nothing is asked.
    Words,
    /// One field, whose label the text is.
    Field,
    /// Several fields, whose legend the text is.
    Group,
}

/// A kind of block.
pub trait Kind: Sync {
    fn name(&self) -> &'static str;

    /// Its name for people.
    fn title(&self) -> &'static str;

    /// What a new one begins with, besides two items where it has items: lines of TOML.
    /// `picture.png` in it stands for a picture of the survey.
    fn begun(&self) -> &'static str {
        ""
    }

    /// A sentence for the reference.
    fn doc(&self) -> &'static str;

    /// The keys it has besides what every block has.
    fn keys(&self) -> &'static [Key] {
        &[]
    }

    fn role(&self) -> Role {
        Role::Asks
    }

    fn frame(&self, _: &Block) -> Frame {
        Frame::Group
    }

    fn items(&self) -> Has {
        Has::None
    }

    fn rows(&self) -> Has {
        Has::None
    }

    /// The pictures it shows.
    fn pictures<'a>(&self, _: &'a Block) -> Vec<&'a Picture> {
        Vec::new()
    }

    /// What files it takes, if it takes any.
    fn takes_files(&self, _: &Block) -> Option<Limits> {
        None
    }

    /// What is wrong with it that its keys alone cannot say.
    fn check(&self, _: &Block) -> Vec<String> {
        Vec::new()
    }

    /// The same, each with the key it is said at.
    fn amiss(&self, _: &Block) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What it works out before its page is shown.
    fn beforehand(&self, _: &Block) -> Vec<Expr> {
        Vec::new()
    }

    /// Which machine it asks, and with what.
    fn call(&self, _: &Block) -> Option<Plan> {
        None
    }

    /// What its answer becomes, in order; of one turn.
    fn variables(&self, _: &Block) -> Vec<Variable> {
        Vec::new()
    }

    /// What expressions may name besides the block: by default its variables.
    fn names(&self, block: &Block) -> Vec<String> {
        let variables = self.variables(block).into_iter();
        variables.map(|variable| variable.key).collect()
    }

    /// What one of these names says.
    fn named(&self, _: &Block, name: &str, kept: Look<'_>) -> Option<Value> {
        match kept(name) {
            Datum::Number(number) => Some(Value::Number(number)),
            Datum::Text(text) => Some(Value::of_text(text)),
            Datum::NotAsked | Datum::NotAnswered => None,
        }
    }

    /// The answer as expressions see it; of the kept answers.
    fn value(&self, block: &Block, kept: Look<'_>) -> Value;

    /// The answer that a form sends. Fields that are not the block's are not looked at.
    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault>;

    /// What a form sends that answers it, made by chance; nothing where nothing can be
    /// made. Whether it is taken [`Kind::read`] says.
    fn invent(&self, _: &Sight<'_>, _: &mut Die<'_>) -> Fielded {
        Fielded::new()
    }

    /// What a form sends that gives these answers: the other way round.
    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)>;

    /// Does its own script note events of kind `block`? What else is noted about it the page notes.
    fn notes_events(&self) -> bool {
        false
    }

    /// Its HTML, without the frame around it.
    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()>;
}
