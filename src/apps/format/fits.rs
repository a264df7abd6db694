//! Whether what stands at a key is what the key's kind says.

use toml_edit::{Item, Value};

use super::keys::KeyKind;
use crate::base::written::{suggestion, tables};

pub(super) fn texts(item: Option<&Item>) -> impl Iterator<Item = &str> {
    let array = item.and_then(Item::as_array).into_iter();
    array.flat_map(|array| array.iter().filter_map(Value::as_str))
}

pub(super) fn scalar(item: &Item) -> Option<String> {
    scalar_of(item.as_value()?)
}

pub(super) fn scalar_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(number.value().to_string()),
        Value::Boolean(truth) => Some(truth.value().to_string()),
        Value::Datetime(time) => Some(time.value().to_string()),
        Value::Array(_) | Value::InlineTable(_) => None,
    }
}

pub(super) fn not_one_of(key: &str, text: &str, known: &[&str]) -> String {
    format!("`{key}` cannot be `{text}`{}", suggestion(text, known))
}

/// Is the item what `kind` says, apart from what it refers to?
pub(super) fn fits(key: &str, item: &Item, kind: KeyKind) -> Result<(), String> {
    let is_texts = || {
        item.as_array()
            .is_some_and(|list| list.iter().all(Value::is_str))
    };
    let (fits, wanted) = match kind {
        KeyKind::Text
        | KeyKind::OneOf(_)
        | KeyKind::ReadQuery
        | KeyKind::WriteQuery
        | KeyKind::Page => (item.is_str(), "text in quotes"),
        KeyKind::Integer => (item.is_integer(), "a whole number"),
        KeyKind::Number => (item.is_integer() || item.is_float(), "a number"),
        KeyKind::Boolean => (item.is_bool(), "true or false"),
        KeyKind::Scalar => (scalar(item).is_some(), "one value"),
        KeyKind::Texts | KeyKind::SomeOf(_) | KeyKind::Inputs => {
            (is_texts(), "a list of texts, like [\"a\", \"b\"]")
        }
        KeyKind::TextTable => (
            item.as_table_like()
                .is_some_and(|table| table.iter().all(|(_, value)| value.is_str())),
            "a table of texts, like { a = \"b\" }",
        ),
        KeyKind::Grid => (
            item.as_array()
                .is_some_and(|list| list.len() == 3 && list.iter().all(Value::is_integer)),
            "[row, column, width], like [1, 1, 12]",
        ),
        KeyKind::Tables(_) => (
            tables(item).is_some(),
            "a list of tables, like [{ a = \"b\" }]",
        ),
        KeyKind::Table(_) | KeyKind::Named(_) | KeyKind::Widgets | KeyKind::Any => {
            (item.is_table_like(), "a table")
        }
    };
    if !fits {
        return Err(format!(
            "`{key}` needs {wanted}; found: {}",
            item.type_name()
        ));
    }
    match kind {
        KeyKind::OneOf(known) => among(key, item.as_str(), known),
        KeyKind::SomeOf(known) => among(key, texts(Some(item)).find(|t| !known.contains(t)), known),
        KeyKind::Grid => on_grid(item),
        _ => Ok(()),
    }
}

fn among(key: &str, text: Option<&str>, known: &[&str]) -> Result<(), String> {
    match text.filter(|text| !known.contains(text)) {
        Some(text) => Err(not_one_of(key, text, known)),
        None => Ok(()),
    }
}

fn on_grid(item: &Item) -> Result<(), String> {
    let [row, column, width] = grid(item);
    if row < 1 || !(1..=12).contains(&column) {
        return Err("rows count from 1, columns from 1 to 12".into());
    }
    if !(1..=12).contains(&width) || column + width > 13 {
        return Err(format!(
            "the grid has 12 columns: from column {column} the width is 1 to {}",
            13 - column
        ));
    }
    Ok(())
}

/// Row, column and width as written.
pub(super) fn grid(item: &Item) -> [i64; 3] {
    let mut numbers = item
        .as_array()
        .into_iter()
        .flat_map(|list| list.iter().filter_map(Value::as_integer));
    std::array::from_fn(|_| numbers.next().unwrap_or(1))
}
