//! Reasons in words: a condition as it was written, the part of it that decided, and what
//! each name in that part says.

use super::scope::Here;
use crate::base::text::shorten;
use crate::expr::{Expr, Scope, Value};
use crate::surveys::format::Block;
use crate::surveys::map::Datum;

/// Letters of a value that is told.
const LETTERS: usize = 80;

/// What a condition belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Section,
    Page,
    Question,
    Leave,
    Quota,
}

/// A condition, and what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    pub sort: Sort,
    /// The id of what it belongs to.
    pub of: String,
    /// As it was written; empty where there is none.
    pub written: String,
    pub holds: bool,
    /// The parts that decided it: as written, and what the names in them say.
    pub parts: Vec<(String, String)>,
}

impl Because {
    /// What needs no condition to be said.
    pub(super) fn nothing_left(of: &str, words: &str) -> Because {
        Because {
            sort: Sort::Question,
            of: of.to_owned(),
            written: String::new(),
            holds: false,
            parts: vec![(String::new(), words.to_owned())],
        }
    }
}

/// The condition of that, whether it holds or not. What has none holds always.
pub(super) fn because(here: &Here<'_>, sort: Sort, of: &str, when: Option<&Expr>) -> Because {
    let why = when.map(|when| when.why(here));
    let parts = why.iter().flat_map(|why| &why.parts);
    Because {
        sort,
        of: of.to_owned(),
        written: when.map_or_else(String::new, |when| when.text().to_owned()),
        holds: why.as_ref().is_none_or(|why| why.holds),
        parts: parts
            .map(|part| (part.text.clone(), values(here, &part.names)))
            .collect(),
    }
}

/// The same where it does not hold.
pub(super) fn against(
    here: &Here<'_>,
    sort: Sort,
    of: &str,
    when: Option<&Expr>,
) -> Option<Because> {
    when?;
    Some(because(here, sort, of, when)).filter(|because| !because.holds)
}

/// The section that does not let anybody in, of those it lies in.
pub(super) fn against_section(here: &Here<'_>, section: Option<&str>) -> Vec<Because> {
    let survey = &here.who.compiled.survey;
    let (mut found, mut above) = (Vec::new(), section.and_then(|name| survey.section(name)));
    while let Some(section) = above {
        found.extend(against(
            here,
            Sort::Section,
            &section.id,
            section.when.as_ref(),
        ));
        let within = section.within.as_deref();
        above = within.and_then(|name| survey.section(name));
    }
    found
}

/// `age is 42, gender is 1 (Male)`
fn values(here: &Here<'_>, names: &[(String, Value)]) -> String {
    let one = |(name, value): &(String, Value)| {
        let name = if name == "." { "the answer" } else { name };
        format!("{name} is {}", said(here, name, value))
    };
    let all: Vec<String> = names.iter().map(one).collect();
    all.join(", ")
}

/// A value with the words of its codes.
fn said(here: &Here<'_>, name: &str, value: &Value) -> String {
    if value.is_empty() {
        return "empty".to_owned();
    }
    if let Value::List(all) = value {
        let each: Vec<String> = all.iter().map(|one| said(here, name, one)).collect();
        return shorten(&each.join(" + "), LETTERS).into_owned();
    }
    let text = value.text();
    let label = here.label(name, &text).filter(|label| !label.is_empty());
    let whole = match label {
        Some(label) => format!("{text} ({label})"),
        None => text,
    };
    shorten(&whole, LETTERS).into_owned()
}

/// A formula, and what its names say: `${a} * 2 – a is 4`.
pub(super) fn with_values(here: &Here<'_>, formula: &Expr) -> String {
    let names: Vec<(String, Value)> = { formula.names().into_iter() }
        .map(|name| (name.to_owned(), here.value(name)))
        .collect();
    match values(here, &names) {
        said if said.is_empty() => formula.text().to_owned(),
        said => format!("{} – {said}", formula.text()),
    }
}

/// The answer to a block as a respondent reads it.
pub(super) fn answer(here: &Here<'_>, block: &Block) -> String {
    let value = here.answer(block, here.turn);
    let words = if value.is_empty() {
        String::new()
    } else {
        here.labels(&block.id, &value)
    };
    if !words.is_empty() {
        return shorten(&words, LETTERS).into_owned();
    }
    // Points on a picture lie in no region, and still are an answer.
    let given = here.who.compiled.keys(block).iter().filter_map(|key| {
        match here.answers.get(key, here.turn) {
            Datum::Number(number) => Some(Value::of_number(number).text()),
            Datum::Text(text) => Some(text),
            Datum::NotAsked | Datum::NotAnswered => None,
        }
    });
    let given: Vec<String> = given.collect();
    shorten(&given.join(" "), LETTERS).into_owned()
}
