//! The functions by name, and how many values each is given.

mod choices;
mod logic;
mod moments;
mod numbers;
mod texts;

use super::{Scope, Value};

/// One function. It is given the values of its arguments, all worked out.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) call: fn(&[Value], &dyn Scope) -> Value,
}

impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        self.name == other.name
    }
}

impl Function {
    /// Does it look at all rows and turns that were picked, and not at the first?
    pub(super) fn takes_many(&self) -> bool {
        let many = [
            "sum",
            "min",
            "max",
            "count",
            "count-non-empty",
            "join",
            "concat",
        ];
        many.contains(&self.name)
    }
}

/// As many as one likes.
const MANY: usize = usize::MAX;

const fn function(
    name: &'static str,
    least: usize,
    most: usize,
    call: fn(&[Value], &dyn Scope) -> Value,
) -> Function {
    Function {
        name,
        least,
        most,
        call,
    }
}

fn all() -> impl Iterator<Item = &'static Function> {
    [
        logic::ALL,
        choices::ALL,
        numbers::ALL,
        texts::ALL,
        moments::ALL,
    ]
    .into_iter()
    .flatten()
}

pub(super) fn named(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

/// What somebody may have meant.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let distance = |known: &str| strsim::osa_distance(&lower, known);
    let others = [
        "random",
        "uuid",
        "regex",
        "pulldata",
        "position",
        "jr:choice-name",
        "indexed-repeat",
    ];
    let known = all().map(|function| function.name).chain(others);
    let near = known.map(|known| (distance(known), known)).min()?;
    (near.0 <= 2).then_some(near.1)
}
