//! One response as a line of JSON.

use serde_json::{Map, Value};

use super::cells::whole;
use crate::surveys::map::{DataMap, Datum};

/// What one respondent said, ended by a line feed.
pub(in crate::surveys) fn line(map: &DataMap, record: &[Datum]) -> String {
    let mut line = Value::Object(object(map, record)).to_string();
    line.push('\n');
    line
}

/// What one respondent said, by variable.
fn object(map: &DataMap, record: &[Datum]) -> Map<String, Value> {
    let values = map.variables.iter().zip(record);
    let values =
        values.filter_map(|(variable, datum)| Some((variable.name.clone(), value(datum)?)));
    values.collect()
}

/// `null` is what was asked and not answered; what was not asked has no value.
pub(in crate::surveys) fn value(datum: &Datum) -> Option<Value> {
    Some(match datum {
        Datum::NotAsked => return None,
        Datum::NotAnswered => Value::Null,
        Datum::Number(number) => match whole(*number) {
            Some(whole) => whole.into(),
            None => (*number).into(),
        },
        Datum::Text(text) => text.as_str().into(),
    })
}
