//! A value of a file, read as what its column holds.

use std::borrow::Cow;

use super::moment::{self, Slot};
use super::number::{self, Parsed};
use super::options::Missing;
use super::value::{self, Value};
use super::{Decimal, Options, PlannedColumn};
use crate::data::{Cell, ColumnType};

/// Why a value is not what its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Not(ColumnType),
    /// A date whose column is written in another order.
    Order,
    /// The bytes are not in the encoding chosen.
    Encoding,
    /// A formula gave this error.
    Formula(&'static str),
    Bytes,
}

impl Reason {
    /// Nobody expects a value here: the cell is empty whatever the plan says.
    pub(super) fn is_forgiven(self) -> bool {
        matches!(self, Reason::Formula(_) | Reason::Bytes)
    }

    pub(super) fn text(self) -> Cow<'static, str> {
        match self {
            Reason::Not(ColumnType::Integer) => "is not a whole number".into(),
            Reason::Not(ColumnType::Number) => "is not a number".into(),
            Reason::Not(ColumnType::Date) => "is not a date".into(),
            Reason::Not(ColumnType::DateTime) => "is not a date with a time".into(),
            Reason::Not(ColumnType::Boolean) => "is neither yes nor no".into(),
            Reason::Not(ColumnType::Text) => "is not text".into(),
            Reason::Order => "is no date in the chosen order of day and month".into(),
            Reason::Encoding => "is not text in the chosen encoding".into(),
            Reason::Formula(error) => format!("is the error {error} of a formula").into(),
            Reason::Bytes => "is bytes, not text".into(),
        }
    }
}

/// Reads values as a plan wants them.
pub(super) struct Caster {
    decimal: Decimal,
    missing: Missing,
}

impl Caster {
    pub(super) fn new(options: &Options) -> Caster {
        Caster {
            decimal: options.decimal,
            missing: Missing::new(&options.missing),
        }
    }

    /// The cell; what it cannot borrow from the value is written to the slot.
    #[inline]
    pub(super) fn cast<'v>(
        &self,
        value: Value<'v>,
        column: &PlannedColumn,
        slot: &'v mut Slot,
    ) -> Result<Cell<'v>, Reason> {
        match value {
            Value::Text(bytes) => {
                let cell = value::trim(bytes);
                if cell.is_empty() || self.missing.find(cell).is_some() {
                    return Ok(Cell::Null);
                }
                self.text(bytes, cell, column, slot)
            }
            Value::Nothing => Ok(Cell::Null),
            Value::Integer(integer) => from_integer(integer, column.kind, slot),
            Value::Real(real) => from_real(real, column.kind, slot),
            Value::Boolean(yes) => match column.kind {
                ColumnType::Text => Ok(Cell::Text(if yes { "true" } else { "false" })),
                kind => from_integer(yes.into(), kind, slot),
            },
            Value::Error(error) => Err(Reason::Formula(error)),
            Value::Blob(_) => Err(Reason::Bytes),
        }
    }

    #[inline]
    fn text<'v>(
        &self,
        whole: &'v [u8],
        cell: &'v [u8],
        column: &PlannedColumn,
        slot: &'v mut Slot,
    ) -> Result<Cell<'v>, Reason> {
        let no = Reason::Not(column.kind);
        match column.kind {
            ColumnType::Text => text(whole),
            ColumnType::Integer => match number::parse(cell, self.decimal) {
                Some(Parsed::Integer(integer)) => Ok(Cell::Integer(integer)),
                Some(Parsed::Real(real)) => number::whole(real).map(Cell::Integer).ok_or(no),
                None => Err(no),
            },
            ColumnType::Number => match number::parse(cell, self.decimal) {
                Some(Parsed::Integer(integer)) => Ok(Cell::Real(number::real(integer))),
                Some(Parsed::Real(real)) => Ok(Cell::Real(real)),
                None => Err(no),
            },
            ColumnType::Boolean => match cell {
                b"1" => Ok(Cell::Integer(1)),
                b"0" => Ok(Cell::Integer(0)),
                word => value::boolean_word(word)
                    .map(|yes| Cell::Integer(yes.into()))
                    .ok_or(no),
            },
            ColumnType::Date | ColumnType::DateTime => temporal(cell, column, slot),
        }
    }
}

fn text(cell: &[u8]) -> Result<Cell<'_>, Reason> {
    match std::str::from_utf8(cell) {
        Ok(text) => Ok(Cell::Text(text)),
        Err(_) => Err(Reason::Encoding),
    }
}

fn temporal<'v>(
    cell: &'v [u8],
    column: &PlannedColumn,
    slot: &'v mut Slot,
) -> Result<Cell<'v>, Reason> {
    let no = Reason::Not(column.kind);
    let moment = moment::parse(cell).ok_or(no)?;
    let is_date = column.kind == ColumnType::Date;
    if is_date && moment.time.is_some() {
        return Err(no);
    }
    if moment.canonical && is_date == moment.time.is_none() {
        return text(cell);
    }
    let written = if is_date {
        moment.write_date(column.dates, slot)
    } else {
        moment.write_moment(column.dates, slot)
    };
    written.map(Cell::Text).ok_or(Reason::Order)
}

fn from_integer(integer: i64, kind: ColumnType, slot: &mut Slot) -> Result<Cell<'_>, Reason> {
    match kind {
        ColumnType::Integer => Ok(Cell::Integer(integer)),
        ColumnType::Number => Ok(Cell::Real(number::real(integer))),
        ColumnType::Boolean if integer == 0 || integer == 1 => Ok(Cell::Integer(integer)),
        ColumnType::Text => Ok(Cell::Text(slot.write(itoa::Buffer::new().format(integer)))),
        ColumnType::Boolean | ColumnType::Date | ColumnType::DateTime => Err(Reason::Not(kind)),
    }
}

fn from_real(real: f64, kind: ColumnType, slot: &mut Slot) -> Result<Cell<'_>, Reason> {
    match (kind, number::whole(real)) {
        (ColumnType::Number, _) => Ok(Cell::Real(real)),
        (_, Some(integer)) => from_integer(integer, kind, slot),
        (ColumnType::Text, None) => Ok(Cell::Text(slot.write(ryu::Buffer::new().format(real)))),
        (_, None) => Err(Reason::Not(kind)),
    }
}

/// The value as people would write it.
pub(super) fn shown<'v>(value: Value<'v>, slot: &'v mut Slot) -> Cow<'v, str> {
    match value {
        Value::Nothing => "".into(),
        Value::Text(bytes) => String::from_utf8_lossy(bytes),
        Value::Integer(integer) => slot.write(itoa::Buffer::new().format(integer)).into(),
        Value::Real(real) => match number::whole(real) {
            Some(integer) => slot.write(itoa::Buffer::new().format(integer)).into(),
            None => slot.write(ryu::Buffer::new().format(real)).into(),
        },
        Value::Boolean(yes) => if yes { "true" } else { "false" }.into(),
        Value::Error(error) => error.into(),
        Value::Blob(len) => format!("{len} bytes").into(),
    }
}
