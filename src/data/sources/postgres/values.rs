//! Values as PostgreSQL sends them. What is not sent as we keep it is had as the text the
//! server itself writes: so no digit of a number and no part of a moment is lost.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{Format, FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::data::{Cell, Column, ColumnType, Rows, Value};

/// A value on its way in: as text, which the server reads as the type it expects there.
#[derive(Debug)]
pub(super) struct Bound(Option<String>);

impl Bound {
    pub(super) fn of(value: &Value) -> Bound {
        Bound(match value {
            Value::Null => None,
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(ryu::Buffer::new().format(*number).to_owned()),
            Value::Text(text) => Some(text.clone()),
        })
    }
}

impl ToSql for Bound {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        Ok(match &self.0 {
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                IsNull::No
            }
            None => IsNull::Yes,
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// The bytes of a value on its way out.
pub(super) struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Raw<'a>, Box<dyn Error + Sync + Send>> {
        Ok(Raw(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// What is put around a statement some of whose columns are wanted as text.
pub(super) struct Cast {
    pub(super) columns: String,
    pub(super) names: String,
}

/// `None`: every column is sent as we keep it.
pub(super) fn cast(columns: &[tokio_postgres::Column]) -> Option<Cast> {
    if columns.iter().all(|column| is_plain(column.type_())) {
        return None;
    }
    let numbered = || columns.iter().enumerate();
    let all: Vec<String> = numbered()
        .map(|(at, column)| match column.type_() {
            kind if is_plain(kind) => format!("c{at}"),
            kind if matches!(kind.kind(), Kind::Array(_)) => format!("array_to_json(c{at})::text"),
            _ => format!("c{at}::text"),
        })
        .collect();
    let names: Vec<String> = numbered().map(|(at, _)| format!("c{at}")).collect();
    Some(Cast {
        columns: all.join(", "),
        names: names.join(", "),
    })
}

/// Its bytes are the text, or a number or bytes as we keep them.
fn is_plain(kind: &Type) -> bool {
    let known = [
        Type::BOOL,
        Type::INT2,
        Type::INT4,
        Type::INT8,
        Type::OID,
        Type::FLOAT4,
        Type::FLOAT8,
        Type::BYTEA,
        Type::TEXT,
        Type::VARCHAR,
        Type::BPCHAR,
        Type::NAME,
        Type::JSON,
        Type::XML,
        Type::UNKNOWN,
        Type::VOID,
    ];
    known.contains(kind) || matches!(kind.kind(), Kind::Enum(_))
}

pub(super) fn column(column: &tokio_postgres::Column) -> Column {
    let kind = match *column.type_() {
        Type::BOOL => ColumnType::Boolean,
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => ColumnType::Integer,
        Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC => ColumnType::Number,
        Type::DATE => ColumnType::Date,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => ColumnType::DateTime,
        _ => ColumnType::Text,
    };
    Column {
        name: column.name().to_owned(),
        kind: Some(kind),
    }
}

/// How the bytes of a column's values are read.
#[derive(Clone, Copy)]
pub(super) enum Reading {
    Boolean,
    Whole,
    /// Whole, and never below zero.
    Number,
    Single,
    Double,
    Bytes,
    Text,
    Moment,
}

impl Reading {
    pub(super) fn of(kind: &Type) -> Reading {
        match *kind {
            Type::BOOL => Reading::Boolean,
            Type::INT2 | Type::INT4 | Type::INT8 => Reading::Whole,
            Type::OID => Reading::Number,
            Type::FLOAT4 => Reading::Single,
            Type::FLOAT8 => Reading::Double,
            Type::BYTEA => Reading::Bytes,
            Type::TIMESTAMP | Type::TIMESTAMPTZ => Reading::Moment,
            _ => Reading::Text,
        }
    }
}

/// Adds the value of a column that is read so.
pub(super) fn push(rows: &mut Rows, reading: Reading, raw: Option<&Raw<'_>>) {
    let Some(&Raw(bytes)) = raw else {
        rows.push(Cell::Null);
        return;
    };
    match (reading, bytes) {
        (Reading::Boolean, [byte]) => rows.push(Cell::Integer(i64::from(*byte))),
        (Reading::Whole | Reading::Number, bytes) if (1..=8).contains(&bytes.len()) => {
            let number = whole(bytes);
            rows.push(Cell::Integer(match reading {
                Reading::Number => number & 0xffff_ffff,
                _ => number,
            }));
        }
        (Reading::Single, &[a, b, c, d]) => {
            // Its own digits: widened by its bits, 0.1 would become 0.10000000149.
            let said = f32::from_be_bytes([a, b, c, d]).to_string();
            real(rows, said.parse().unwrap_or(f64::NAN));
        }
        (Reading::Double, bytes) if bytes.len() == 8 => {
            real(rows, f64::from_bits(whole(bytes).cast_unsigned()));
        }
        (Reading::Bytes, bytes) => rows.push(Cell::Blob(bytes)),
        (_, bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if matches!(reading, Reading::Moment) => rows.push(Cell::Text(&said(text))),
            Ok(text) => rows.push(Cell::Text(text)),
            Err(_) => rows.push(Cell::Blob(bytes)),
        },
    }
}

/// A number of at most eight bytes, the highest first, below zero where its first bit is
/// set.
fn whole(bytes: &[u8]) -> i64 {
    let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut all = [if is_negative { 0xff } else { 0 }; 8];
    all[8 - bytes.len()..].copy_from_slice(bytes);
    i64::from_be_bytes(all)
}

/// Numbers that are none are said in words.
fn real(rows: &mut Rows, number: f64) {
    if number.is_finite() {
        rows.push(Cell::Real(number));
    } else {
        rows.push(Cell::Text(&number.to_string()));
    }
}

/// Moments as Onsight writes them: a `T` between day and time, `Z` where it is UTC.
fn said(text: &str) -> String {
    if text.ends_with("BC") {
        return text.to_owned();
    }
    let text = text.replacen(' ', "T", 1);
    match text.strip_suffix("+00") {
        Some(bare) => format!("{bare}Z"),
        None => text,
    }
}
