//! What a text says, whichever way it is written: edits are checked against it.

use serde_json::{Map, Value as Json, json};
use toml_edit::{Item, TableLike, Value};

use super::finding::{Step, Unfit, parse};

/// All of a text, without its spelling.
pub fn of(text: &str) -> Result<Json, Unfit> {
    Ok(table(parse(text)?.as_table()))
}

fn table(table: &dyn TableLike) -> Json {
    let entries = table
        .iter()
        .map(|(key, item)| (key.to_owned(), self::item(item)));
    Json::Object(entries.collect::<Map<_, _>>())
}

fn item(item: &Item) -> Json {
    match item {
        Item::None => Json::Null,
        Item::Value(value) => self::value(value),
        Item::Table(inner) => table(inner),
        Item::ArrayOfTables(tables) => tables.iter().map(|one| table(one)).collect(),
    }
}

fn value(value: &Value) -> Json {
    match value {
        Value::String(text) => json!(text.value()),
        Value::Integer(number) => json!(number.value()),
        Value::Float(number) => json!(number.value()),
        Value::Boolean(is) => json!(is.value()),
        Value::Datetime(moment) => json!(moment.value().to_string()),
        Value::Array(array) => array.iter().map(self::value).collect(),
        Value::InlineTable(inner) => table(inner),
    }
}

fn walk<'a>(root: &'a mut Json, path: &[Step]) -> Option<&'a mut Json> {
    let mut now = root;
    for step in path {
        now = match step {
            Step::Key(key) => now.get_mut(key)?,
            Step::At(at) => now.get_mut(at)?,
        };
    }
    Some(now)
}

/// The list at a key of the table at the end of a path.
pub fn at<'a>(root: &'a mut Json, path: &[Step], key: &str) -> Option<&'a mut Vec<Json>> {
    walk(root, path)?.get_mut(key)?.as_array_mut()
}

/// What the text says with that value there, spelled as TOML; without it when there is none.
pub fn with(text: &str, path: &[Step], key: &str, value: Option<&str>) -> Result<Json, Unfit> {
    let mut root = of(text)?;
    let value = match value {
        Some(value) => of(&format!("x = {value}"))?.get("x").cloned(),
        None => None,
    };
    if let Some(table) = walk(&mut root, path).and_then(Json::as_object_mut) {
        match value {
            Some(value) => table.insert(key.to_owned(), value),
            None => table.shift_remove(key),
        };
    }
    Ok(root)
}

/// The new text, if it says what it should; tables are the same in any order.
pub fn checked(new: String, wanted: &Json, line: usize) -> Result<String, Unfit> {
    if of(&new).is_ok_and(|found| found == *wanted) {
        Ok(new)
    } else {
        Err(Unfit::Shape(line))
    }
}
