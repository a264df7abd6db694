//! A value of JSON as the cell of a column: nothing is rounded, and what does not fit is none.

use super::described::Sort;
use crate::base::json::{Json, is_number};
use crate::data::sources::elsewhere::number;
use crate::data::typed;
use crate::data::{ColumnType, Rows, Value};

/// Adds what lies there to the row being filled: what is not there, and null, is nothing.
/// `None`: it does not fit, and the row is not whole.
pub(super) fn push(rows: &mut Rows, found: Option<&Json<'_>>, sort: Sort) -> Option<()> {
    let value = match found {
        None | Some(Json::Null) => Value::Null,
        Some(found) => of(found, sort)?,
    };
    rows.push((&value).into());
    Some(())
}

fn of(found: &Json<'_>, sort: Sort) -> Option<Value> {
    match sort {
        Sort::Text => Some(Value::Text(match found {
            Json::Null => return Some(Value::Null),
            Json::Bool(truth) => truth.to_string(),
            Json::Number(digits) => (*digits).to_owned(),
            Json::Text(text) => text.to_string(),
            Json::List { text, .. } | Json::Object { text, .. } => (*text).to_owned(),
        })),
        Sort::Integer => whole(digits(found)?).map(Value::Integer),
        Sort::Decimal => digits(found).map(decimal),
        Sort::Boolean => match found {
            Json::Bool(truth) => Some(Value::Integer(i64::from(*truth))),
            Json::Number("0") => Some(Value::Integer(0)),
            Json::Number("1") => Some(Value::Integer(1)),
            _ => None,
        },
        Sort::Date => moment(found, ColumnType::Date),
        Sort::DateTime => moment(found, ColumnType::DateTime),
    }
}

/// A number, or a text that spells one: many write those so that no reader rounds them.
fn digits<'a>(found: &'a Json<'_>) -> Option<&'a str> {
    match found {
        Json::Number(digits) => Some(digits),
        Json::Text(text) => is_number(text).then_some(text),
        _ => None,
    }
}

/// `42` and `42.0`, within 64 bits.
fn whole(digits: &str) -> Option<i64> {
    let plain = match digits.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => digits,
    };
    plain.parse().ok()
}

/// One with more digits than a number of ours keeps stays its digits.
fn decimal(digits: &str) -> Value {
    number(digits).map_or_else(|| Value::Text(digits.to_owned()), Value::Real)
}

fn moment(found: &Json<'_>, kind: ColumnType) -> Option<Value> {
    let Json::Text(text) = found else { return None };
    let value = typed::parse(kind, text).ok()?;
    (value != Value::Null).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::read;

    fn cast(json: &str, sort: Sort) -> Option<Value> {
        of(&read(json, 20).unwrap(), sort)
    }

    #[test]
    fn numbers_are_kept_to_the_last_digit() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let integer = |number| Some(Value::Integer(number));
        for (json, sort, value) in [
            (
                "9007199254740993",
                Sort::Integer,
                integer(9_007_199_254_740_993),
            ),
            (
                "\"9007199254740993\"",
                Sort::Integer,
                integer(9_007_199_254_740_993),
            ),
            ("-9223372036854775808", Sort::Integer, integer(i64::MIN)),
            ("42.0", Sort::Integer, integer(42)),
            ("42.5", Sort::Integer, None),
            ("9223372036854775808", Sort::Integer, None),
            ("1e3", Sort::Integer, None),
            ("1240.50", Sort::Decimal, Some(Value::Real(1240.5))),
            ("\"0.1\"", Sort::Decimal, Some(Value::Real(0.1))),
            (
                "12345678901234567890",
                Sort::Decimal,
                text("12345678901234567890"),
            ),
            (
                "12345678901234567.89",
                Sort::Decimal,
                text("12345678901234567.89"),
            ),
            ("1e400", Sort::Decimal, text("1e400")),
            ("\"a\"", Sort::Decimal, None),
            ("\"\"", Sort::Decimal, None),
            ("[1]", Sort::Decimal, None),
        ] {
            assert_eq!(cast(json, sort), value, "{json} as {}", sort.name());
        }
    }

    #[test]
    fn what_is_no_such_value_fits_no_column() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let integer = |number| Some(Value::Integer(number));
        for (json, sort, value) in [
            ("true", Sort::Boolean, integer(1)),
            ("0", Sort::Boolean, integer(0)),
            ("2", Sort::Boolean, None),
            ("\"true\"", Sort::Boolean, None),
            ("\"2026-11-21\"", Sort::Date, text("2026-11-21")),
            ("\"2026-11-31\"", Sort::Date, None),
            ("20261121", Sort::Date, None),
            (
                "\"2026-11-21T20:18:08+01:00\"",
                Sort::DateTime,
                text("2026-11-21T19:18:08Z"),
            ),
            (
                "\"2026-11-21T20:18:08\"",
                Sort::DateTime,
                text("2026-11-21T20:18:08"),
            ),
            ("\"\"", Sort::DateTime, None),
            ("\"yesterday\"", Sort::DateTime, None),
            ("\"ä\\n\"", Sort::Text, text("ä\n")),
            (
                "12345678901234567890.10",
                Sort::Text,
                text("12345678901234567890.10"),
            ),
            ("{\"a\": [1.50]}", Sort::Text, text("{\"a\": [1.50]}")),
        ] {
            assert_eq!(cast(json, sort), value, "{json} as {}", sort.name());
        }
    }
}
