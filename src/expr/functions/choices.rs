//! What was chosen, and what a loop's turns say together.

use super::super::number;
use super::{Function, MANY, Value, function};

pub(super) static ALL: &[Function] = &[
    function("selected", 2, 2, |given, _| {
        let wanted = given[1].text();
        let wanted = wanted.trim();
        Value::Bool(!wanted.is_empty() && given[0].chosen().iter().any(|code| code == wanted))
    }),
    function("selected-at", 2, 2, |given, _| {
        let place = given[1].number().and_then(index);
        let code = place.and_then(|place| given[0].chosen().into_iter().nth(place));
        code.map_or(Value::Empty, Value::of_text)
    }),
    function("count-selected", 1, 1, |given, _| {
        count(given[0].chosen().len())
    }),
    function("count", 1, 1, |given, _| count(given[0].members().len())),
    function("count-non-empty", 1, 1, |given, _| {
        let answered = given[0].members().into_iter().filter(|one| !one.is_empty());
        count(answered.count())
    }),
    function("sum", 1, MANY, |given, _| {
        fold(given, Some(0.0), |sum, next| sum + next)
    }),
    function("min", 1, MANY, |given, _| fold(given, None, f64::min)),
    function("max", 1, MANY, |given, _| fold(given, None, f64::max)),
    function("join", 1, MANY, |given, _| {
        let texts: Vec<String> = given[1..]
            .iter()
            .flat_map(Value::members)
            .map(Value::text)
            .collect();
        Value::of_text(texts.join(&given[0].text()))
    }),
];

/// A whole number from zero.
pub(super) fn index(number: f64) -> Option<usize> {
    number::write(number).parse().ok()
}

pub(super) fn count(count: usize) -> Value {
    Value::of_number(f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
}

/// All numbers together; one that is none makes the whole empty, as in XPath.
fn fold(given: &[Value], start: Option<f64>, with: fn(f64, f64) -> f64) -> Value {
    let mut sum = start;
    for value in given {
        if *value == Value::Empty {
            return Value::Empty;
        }
        for member in value.members() {
            let Some(number) = member.number() else {
                return Value::Empty;
            };
            sum = Some(sum.map_or(number, |sum| with(sum, number)));
        }
    }
    sum.map_or(Value::Empty, Value::of_number)
}
