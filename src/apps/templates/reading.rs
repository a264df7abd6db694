//! The tables of a template, from their text.

use toml_edit::{DocumentMut, Item, Value as Toml};

use super::model::numbered;
use crate::apps::Error;
use crate::apps::format::{ParamType, relative};
use crate::base::{Time, text};
use crate::data::tables::{MadeTable, NewTable, Reference, TableColumn, TableName};
use crate::data::{ColumnType, Value};

/// A table as a template says it.
pub(super) struct Plain {
    pub(super) name: String,
    title: String,
    columns: Vec<TableColumn>,
    /// Columns and the tables whose rows they name.
    references: Vec<(String, String)>,
    rows: Vec<Vec<Value>>,
}

impl Plain {
    /// The table under the names that all get that number.
    pub(super) fn made(self, number: usize) -> Result<MadeTable, Error> {
        let refused = |error: crate::data::tables::Error| Error::Refused(error.to_string());
        let name = TableName::parse(&numbered(&self.name, number)).map_err(refused)?;
        let title = match number {
            1 => self.title,
            number => format!("{} {number}", self.title),
        };
        let references = self.references.into_iter().map(|(column, to)| Reference {
            to: numbered(&to, number),
            column,
        });
        Ok(MadeTable {
            references: references.collect(),
            rows: self.rows,
            new: NewTable::new(name, &title, None, self.columns).map_err(refused)?,
        })
    }
}

/// The tables in their order. Days in the rows may be relative to `now`.
pub(super) fn tables(written: &str, now: Time) -> Result<Vec<Plain>, Error> {
    let wrong = |what: &str| Error::Refused(format!("the template's tables are wrong: {what}"));
    let document: DocumentMut = written
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(error.message()))?;
    let each = document.iter().map(|(name, item)| {
        let of = |key: &str| item.get(key).and_then(Item::as_array);
        let mut table = Plain {
            name: name.to_owned(),
            title: item
                .get("title")
                .and_then(Item::as_str)
                .unwrap_or(name)
                .to_owned(),
            columns: Vec::new(),
            references: Vec::new(),
            rows: Vec::new(),
        };
        for written in of("columns").into_iter().flatten().filter_map(Toml::as_str) {
            let (column, to) = column(written).ok_or_else(|| wrong(written))?;
            table
                .references
                .extend(to.map(|to| (column.name.clone(), to)));
            table.columns.push(column);
        }
        for row in of("rows").into_iter().flatten().filter_map(Toml::as_array) {
            if row.len() != table.columns.len() {
                return Err(wrong(&row.to_string()));
            }
            let cells = row.iter().zip(&table.columns);
            let values = cells.map(|(cell, column)| value(cell, column.kind, now));
            table.rows.push(values.collect());
        }
        Ok(table)
    });
    each.collect()
}

/// `plate text`, `built integer = Year built`, `customer_id integer names customers`.
fn column(written: &str) -> Option<(TableColumn, Option<String>)> {
    let (said, title) = match written.split_once(" = ") {
        Some((said, title)) => (said, Some(title)),
        None => (written, None),
    };
    let mut words = said.split_whitespace();
    let (name, kind) = (words.next()?, ColumnType::named(words.next()?)?);
    let to = match (words.next(), words.next()) {
        (None, _) => None,
        (Some("names"), Some(to)) => Some(to.to_owned()),
        _ => return None,
    };
    let column = TableColumn {
        name: name.to_owned(),
        title: title.map_or_else(|| text::title(name), str::to_owned),
        kind,
    };
    Some((column, to))
}

/// An empty text is an empty cell.
fn value(cell: &Toml, kind: ColumnType, now: Time) -> Value {
    let moment = match kind {
        ColumnType::Date => Some(ParamType::Date),
        ColumnType::DateTime => Some(ParamType::DateTime),
        _ => None,
    };
    match cell {
        Toml::String(text) if text.value().is_empty() => Value::Null,
        Toml::String(text) => {
            let moved = moment.and_then(|kind| relative(text.value(), kind, now));
            Value::Text(moved.unwrap_or_else(|| text.value().clone()))
        }
        #[expect(clippy::cast_precision_loss, reason = "samples are short numbers")]
        Toml::Integer(number) if kind == ColumnType::Number => Value::Real(*number.value() as f64),
        Toml::Integer(number) => Value::Integer(*number.value()),
        Toml::Float(number) => Value::Real(*number.value()),
        Toml::Boolean(yes) => Value::Integer((*yes.value()).into()),
        Toml::Datetime(_) | Toml::Array(_) | Toml::InlineTable(_) => Value::Null,
    }
}
