//! Values as MariaDB and MySQL send them, to the last digit.

use mysql_async::Value as Sent;
use mysql_async::consts::{ColumnFlags, ColumnType as Kind};

use crate::data::{Cell, Column, ColumnType, Rows, Value};

/// The character set of bytes that are no text.
const BYTES: u16 = 63;

/// A value on its way in.
pub(super) fn bound(value: &Value) -> Sent {
    match value {
        Value::Null => Sent::NULL,
        Value::Integer(number) => Sent::Int(*number),
        Value::Real(number) => Sent::Double(*number),
        Value::Text(text) => Sent::Bytes(text.clone().into_bytes()),
    }
}

pub(super) fn column(column: &mysql_async::Column) -> Column {
    let kind = match column.column_type() {
        Kind::MYSQL_TYPE_TINY
        | Kind::MYSQL_TYPE_SHORT
        | Kind::MYSQL_TYPE_INT24
        | Kind::MYSQL_TYPE_LONG
        | Kind::MYSQL_TYPE_LONGLONG
        | Kind::MYSQL_TYPE_YEAR
        | Kind::MYSQL_TYPE_BIT => ColumnType::Integer,
        Kind::MYSQL_TYPE_FLOAT
        | Kind::MYSQL_TYPE_DOUBLE
        | Kind::MYSQL_TYPE_DECIMAL
        | Kind::MYSQL_TYPE_NEWDECIMAL => ColumnType::Number,
        Kind::MYSQL_TYPE_DATE | Kind::MYSQL_TYPE_NEWDATE => ColumnType::Date,
        Kind::MYSQL_TYPE_DATETIME
        | Kind::MYSQL_TYPE_DATETIME2
        | Kind::MYSQL_TYPE_TIMESTAMP
        | Kind::MYSQL_TYPE_TIMESTAMP2 => ColumnType::DateTime,
        _ => ColumnType::Text,
    };
    Column {
        name: column.name_str().into_owned(),
        kind: Some(kind),
    }
}

/// Adds the value of that column.
pub(super) fn push(rows: &mut Rows, column: &mysql_async::Column, value: Option<&Sent>) {
    match value {
        None | Some(Sent::NULL) => rows.push(Cell::Null),
        Some(Sent::Int(number)) => rows.push(Cell::Integer(*number)),
        Some(Sent::UInt(number)) => whole(rows, *number),
        Some(Sent::Float(number)) => {
            // Its own digits: widened by its bits, 0.1 would become 0.10000000149.
            rows.push(Cell::Real(number.to_string().parse().unwrap_or(f64::NAN)));
        }
        Some(Sent::Double(number)) => rows.push(Cell::Real(*number)),
        Some(Sent::Bytes(bytes)) => packed(rows, column, bytes),
        Some(moment @ Sent::Date(..)) => rows.push(Cell::Text(&day(column, moment))),
        Some(span @ Sent::Time(..)) => rows.push(Cell::Text(&time(span))),
    }
}

/// Numbers beyond ours are said in their digits.
fn whole(rows: &mut Rows, number: u64) {
    match i64::try_from(number) {
        Ok(number) => rows.push(Cell::Integer(number)),
        Err(_) => rows.push(Cell::Text(&number.to_string())),
    }
}

fn packed(rows: &mut Rows, column: &mysql_async::Column, bytes: &[u8]) {
    let kind = column.column_type();
    if kind == Kind::MYSQL_TYPE_BIT && bytes.len() <= 8 {
        let number = bytes
            .iter()
            .fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
        whole(rows, number);
        return;
    }
    let is_text = matches!(
        kind,
        Kind::MYSQL_TYPE_DECIMAL | Kind::MYSQL_TYPE_NEWDECIMAL | Kind::MYSQL_TYPE_JSON
    );
    let is_bytes = column.character_set() == BYTES
        && column.flags().contains(ColumnFlags::BINARY_FLAG)
        && !is_text;
    match std::str::from_utf8(bytes) {
        Ok(text) if !is_bytes => rows.push(Cell::Text(text)),
        _ => rows.push(Cell::Blob(bytes)),
    }
}

fn fraction(micros: u32) -> String {
    if micros == 0 {
        return String::new();
    }
    let digits = format!(".{micros:06}");
    digits.trim_end_matches('0').to_owned()
}

/// A timestamp is a moment, told in UTC; a datetime is what a clock somewhere shows.
fn day(column: &mysql_async::Column, moment: &Sent) -> String {
    let Sent::Date(year, month, day, hour, minute, second, micros) = *moment else {
        return String::new();
    };
    let date = format!("{year:04}-{month:02}-{day:02}");
    let clock = format!("T{hour:02}:{minute:02}:{second:02}{}", fraction(micros));
    match column.column_type() {
        Kind::MYSQL_TYPE_DATE | Kind::MYSQL_TYPE_NEWDATE => date,
        Kind::MYSQL_TYPE_TIMESTAMP | Kind::MYSQL_TYPE_TIMESTAMP2 => format!("{date}{clock}Z"),
        _ => format!("{date}{clock}"),
    }
}

fn time(span: &Sent) -> String {
    let Sent::Time(is_negative, days, hours, minutes, seconds, micros) = *span else {
        return String::new();
    };
    let sign = if is_negative { "-" } else { "" };
    let hours = u64::from(days) * 24 + u64::from(hours);
    format!(
        "{sign}{hours:02}:{minutes:02}:{seconds:02}{}",
        fraction(micros)
    )
}
