//! What somebody typed, read as what a column or a parameter holds.

use jiff::civil;

use super::{Cell, ColumnType, Value};

/// The value, or what is wrong with it. Nothing typed is nothing kept.
pub(in crate::data) fn parse(kind: ColumnType, typed: &str) -> Result<Value, String> {
    let text = typed.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match kind {
        ColumnType::Text => Ok(Value::Text(typed.replace("\r\n", "\n"))),
        ColumnType::Integer => text
            .parse()
            .map(Value::Integer)
            .map_err(|_not_whole| "a whole number, such as 42".to_owned()),
        ColumnType::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Real(number)),
            _ => Err("a number with a point before the tenths, such as 4.2".to_owned()),
        },
        ColumnType::Boolean => match text.to_ascii_lowercase().as_str() {
            "1" | "yes" | "true" => Ok(Value::Integer(1)),
            "0" | "no" | "false" => Ok(Value::Integer(0)),
            _ => Err("yes or no".to_owned()),
        },
        ColumnType::Date => match day(text) {
            Some(date) => Ok(Value::Text(date.to_string())),
            None => Err("a date, such as 2026-11-21".to_owned()),
        },
        ColumnType::DateTime => moment(text)
            .map(Value::Text)
            .ok_or_else(|| "a date with a time, such as 2026-11-21 14:30".to_owned()),
    }
}

/// A day of the calendar, written year first.
pub(in crate::data) fn day(text: &str) -> Option<civil::Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// As the database keeps moments: the zone, where one is told, is UTC.
fn moment(text: &str) -> Option<String> {
    if !text.contains([' ', 'T', 't']) {
        return day(text).map(|date| format!("{date}T00:00:00"));
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant.to_string());
    }
    let moment: civil::DateTime = text.parse().ok()?;
    Some(moment.to_string())
}

/// A value as a field holds it, so that what comes back unchanged reads the same.
pub(in crate::data) fn written(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Text(text) => text.replace("\r\n", "\n"),
        Cell::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(kind: ColumnType, typed: &str) -> String {
        match parse(kind, typed) {
            Ok(Value::Null) => "nothing".to_owned(),
            Ok(Value::Integer(number)) => format!("integer {number}"),
            Ok(Value::Real(number)) => format!("real {number}"),
            Ok(Value::Text(text)) => format!("text {text}"),
            Err(fault) => format!("no: {fault}"),
        }
    }

    #[test]
    fn what_is_typed_is_read_as_the_column_holds_it() {
        use ColumnType as T;
        for (kind, typed, expected) in [
            (T::Integer, " 42 ", "integer 42"),
            (
                T::Integer,
                "-9223372036854775808",
                "integer -9223372036854775808",
            ),
            (T::Integer, "4.2", "no: a whole number, such as 42"),
            (T::Number, "1e3", "real 1000"),
            (
                T::Number,
                "inf",
                "no: a number with a point before the tenths, such as 4.2",
            ),
            (
                T::Number,
                "4,2",
                "no: a number with a point before the tenths, such as 4.2",
            ),
            (T::Boolean, "Yes", "integer 1"),
            (T::Boolean, "0", "integer 0"),
            (T::Boolean, "maybe", "no: yes or no"),
            (T::Date, "2026-02-28", "text 2026-02-28"),
            (T::Date, "2026-02-30", "no: a date, such as 2026-11-21"),
            (T::DateTime, "2026-11-21", "text 2026-11-21T00:00:00"),
            (T::DateTime, "2026-11-21 14:30", "text 2026-11-21T14:30:00"),
            (
                T::DateTime,
                "2026-11-21T14:30:00+01:00",
                "text 2026-11-21T13:30:00Z",
            ),
            (
                T::DateTime,
                "soon",
                "no: a date with a time, such as 2026-11-21 14:30",
            ),
            (T::Text, " a\r\nb ", "text  a\nb "),
            (T::Text, "", "nothing"),
            (T::Date, " ", "nothing"),
        ] {
            assert_eq!(kept(kind, typed), expected, "{kind:?} {typed:?}");
        }
    }

    #[test]
    fn a_value_survives_its_field() {
        for number in [0.1, 1e300, -0.5, 3.0, f64::MIN_POSITIVE] {
            let text = written(Cell::Real(number));
            assert_eq!(parse(ColumnType::Number, &text), Ok(Value::Real(number)));
        }
    }
}
