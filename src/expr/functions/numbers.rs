//! Arithmetic beyond the operators.

use super::super::number::{power, rounded, settled};
use super::{Function, Value, function};

pub(super) static ALL: &[Function] = &[
    function("number", 1, 1, |given, _| of(given, |number| number)),
    function("int", 1, 1, |given, _| of(given, f64::trunc)),
    function("floor", 1, 1, |given, _| of(given, f64::floor)),
    function("ceiling", 1, 1, |given, _| of(given, f64::ceil)),
    function("abs", 1, 1, |given, _| of(given, f64::abs)),
    function("round", 1, 2, |given, _| match given.get(1) {
        None => of(given, |number| rounded(number, 0.0)),
        Some(_) => of_two(given, rounded),
    }),
    function("pow", 2, 2, |given, _| of_two(given, power)),
    function("sqrt", 1, 1, |given, _| of(given, f64::sqrt)),
    function("exp", 1, 1, |given, _| {
        of(given, |number| settled(number.exp()))
    }),
    function("exp10", 1, 1, |given, _| {
        of(given, |number| power(10.0, number))
    }),
    function("log", 1, 1, |given, _| {
        of(given, |number| settled(number.ln()))
    }),
    function("log10", 1, 1, |given, _| {
        of(given, |number| settled(number.log10()))
    }),
    function("sin", 1, 1, |given, _| {
        of(given, |number| settled(number.sin()))
    }),
    function("cos", 1, 1, |given, _| {
        of(given, |number| settled(number.cos()))
    }),
    function("tan", 1, 1, |given, _| {
        of(given, |number| settled(number.tan()))
    }),
    function("asin", 1, 1, |given, _| {
        of(given, |number| settled(number.asin()))
    }),
    function("acos", 1, 1, |given, _| {
        of(given, |number| settled(number.acos()))
    }),
    function("atan", 1, 1, |given, _| {
        of(given, |number| settled(number.atan()))
    }),
    function("atan2", 2, 2, |given, _| {
        of_two(given, |y, x| settled(y.atan2(x)))
    }),
    function("pi", 0, 0, |_, _| Value::of_number(std::f64::consts::PI)),
];

fn of(given: &[Value], with: fn(f64) -> f64) -> Value {
    let number = given[0].number();
    number.map_or(Value::Empty, |number| Value::of_number(with(number)))
}

fn of_two(given: &[Value], with: fn(f64, f64) -> f64) -> Value {
    match (given[0].number(), given[1].number()) {
        (Some(first), Some(second)) => Value::of_number(with(first, second)),
        _ => Value::Empty,
    }
}
