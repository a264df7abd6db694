//! Truths, and one value or another.

use super::{Function, MANY, Value, function};

pub(super) static ALL: &[Function] = &[
    function("true", 0, 0, |_, _| Value::Bool(true)),
    function("false", 0, 0, |_, _| Value::Bool(false)),
    function("not", 1, 1, |given, _| Value::Bool(!given[0].is_true())),
    function("boolean", 1, 1, |given, _| Value::Bool(given[0].is_true())),
    function("boolean-from-string", 1, 1, |given, _| {
        let text = given[0].text().to_lowercase();
        Value::Bool(text == "true" || text == "1")
    }),
    function("if", 3, 3, |given, _| {
        let chosen = if given[0].is_true() { 1 } else { 2 };
        given[chosen].clone()
    }),
    function("coalesce", 1, MANY, |given, _| {
        let first = given.iter().find(|value| !value.is_empty());
        first.cloned().unwrap_or(Value::Empty)
    }),
    // What is there stays: for ids and dates that are made up once.
    function("once", 1, 1, |given, scope| {
        let before = scope.itself();
        if before.is_empty() {
            given[0].clone()
        } else {
            before
        }
    }),
    function("checklist", 3, MANY, |given, _| {
        let (least, most) = (given[0].number(), given[1].number());
        let ticked = given[2..].iter().map(|value| (is_ticked(value), 1.0));
        Value::Bool(is_within(least, most, ticked))
    }),
    function("weighted-checklist", 4, MANY, |given, _| {
        let (least, most) = (given[0].number(), given[1].number());
        let ticked = given[2..]
            .chunks_exact(2)
            .map(|pair| (is_ticked(&pair[0]), pair[1].number().unwrap_or(0.0)));
        Value::Bool(is_within(least, most, ticked))
    }),
];

fn is_ticked(value: &Value) -> bool {
    match value {
        Value::Text(text) => text != "no" && value.is_true(),
        other => other.is_true(),
    }
}

/// A bound below zero is no bound.
fn is_within(
    least: Option<f64>,
    most: Option<f64>,
    ticked: impl Iterator<Item = (bool, f64)>,
) -> bool {
    let sum: f64 = ticked.filter(|(is, _)| *is).map(|(_, weight)| weight).sum();
    let holds = |bound: Option<f64>, fits: &dyn Fn(f64) -> bool| {
        bound.is_none_or(|bound| bound < 0.0 || fits(bound))
    };
    holds(least, &|least| sum >= least) && holds(most, &|most| sum <= most)
}
