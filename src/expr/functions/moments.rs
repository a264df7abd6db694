//! Dates and times of the respondent's own day.

use super::super::dates::{self, Moment};
use super::{Function, Value, function};

pub(super) static ALL: &[Function] = &[
    function("today", 0, 0, |_, scope| {
        Value::Text(dates::local(scope).date_text())
    }),
    function("now", 0, 0, |_, scope| {
        let zone = dates::zone(scope.minutes_east());
        Value::Text(format!("{}{zone}", dates::local(scope).text()))
    }),
    function("date", 1, 1, |given, _| {
        let moment = Moment::of(&given[0]);
        moment.map_or(Value::Empty, |moment| Value::Text(moment.date_text()))
    }),
    function("date-time", 1, 1, |given, _| {
        let moment = Moment::of(&given[0]);
        moment.map_or(Value::Empty, |moment| Value::Text(moment.text()))
    }),
    function("decimal-date-time", 1, 1, |given, _| {
        let moment = Moment::of(&given[0]);
        moment.map_or(Value::Empty, |moment| Value::of_number(moment.days()))
    }),
    function("decimal-time", 1, 1, |given, _| {
        let moment = Moment::of(&given[0]);
        moment.map_or(Value::Empty, |moment| {
            Value::of_number(moment.part_of_day())
        })
    }),
    function("format-date", 2, 2, formatted),
    function("format-date-time", 2, 2, formatted),
    function("difference-in-months", 2, 2, |given, _| {
        match (Moment::of(&given[0]), Moment::of(&given[1])) {
            (Some(from), Some(to)) => Value::of_number(from.months_until(&to)),
            _ => Value::Empty,
        }
    }),
];

fn formatted(given: &[Value], _: &dyn super::Scope) -> Value {
    let moment = Moment::of(&given[0]);
    moment.map_or(Value::Empty, |moment| {
        Value::of_text(moment.formatted(&given[1].text()))
    })
}
