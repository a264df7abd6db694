//! One key of a table: what stands there, what was typed, and how that is written.

use toml_edit::{Item, Value as Toml};

use super::pages::without;
use super::sheet::Sheet;
use crate::apps::format::{Key, KeyKind};
use crate::base::written::edit::{
    Entry, Step, Unfit, elements, find, parse, put, set_list, spelled, spelling,
};
use crate::web::Fields;

/// What stands at a key, as the fields of a form have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    None,
    One(String),
    Many(Vec<String>),
    Pairs(Vec<(String, String)>),
    /// Something that has no field.
    Odd,
}

pub(super) fn count(text: &str, path: &[Step], key: &str) -> usize {
    elements::count(text, path, key)
}

pub(super) fn held(text: &str, item: &Item, kind: KeyKind) -> Value {
    let one = |found: Option<String>| found.map_or(Value::Odd, Value::One);
    let source = |value: &Toml| value.span().map(|span| text[span].to_owned());
    match kind {
        KeyKind::Text
        | KeyKind::OneOf(_)
        | KeyKind::ReadQuery
        | KeyKind::WriteQuery
        | KeyKind::Page => one(item.as_str().map(str::to_owned)),
        KeyKind::Boolean => one(item.as_bool().map(|is| is.to_string())),
        KeyKind::Integer => one(item.as_integer().map(|number| number.to_string())),
        KeyKind::Number => {
            let value = item.as_value();
            let number = value.filter(|one| one.is_integer() || one.is_float());
            one(number.and_then(source))
        }
        KeyKind::Scalar => match item.as_value() {
            Some(Toml::String(text)) => Value::One(text.value().clone()),
            Some(Toml::Array(_) | Toml::InlineTable(_)) | None => Value::Odd,
            Some(value) => one(source(value)),
        },
        KeyKind::Texts | KeyKind::SomeOf(_) | KeyKind::Inputs => {
            let each = item.as_array().map(|array| {
                let texts = array.iter().map(|one| one.as_str().map(str::to_owned));
                texts.collect::<Option<Vec<String>>>()
            });
            match each.flatten() {
                Some(texts) if texts.is_empty() => Value::None,
                Some(texts) => Value::Many(texts),
                None => Value::Odd,
            }
        }
        KeyKind::TextTable => {
            let pairs = item.as_table_like().map(|table| {
                let pairs = table.iter();
                let pair = |(name, item): (&str, &Item)| {
                    Some((name.to_owned(), item.as_str()?.to_owned()))
                };
                pairs.map(pair).collect::<Option<Vec<_>>>()
            });
            match pairs.flatten() {
                Some(pairs) if pairs.is_empty() => Value::None,
                Some(pairs) => Value::Pairs(pairs),
                None => Value::Odd,
            }
        }
        KeyKind::Table(_) if item.is_table_like() => Value::None,
        KeyKind::Tables(_) if crate::base::written::tables(item).is_some() => Value::None,
        _ => Value::Odd,
    }
}

/// What was typed for a key; nothing where the form had no such field.
pub(super) fn sent(typed: &Fields, name: &str, kind: KeyKind) -> Option<Value> {
    let tidy = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    let was_there = || typed.get(&format!("{name}.is")).is_some();
    match kind {
        KeyKind::Texts | KeyKind::SomeOf(_) | KeyKind::Inputs => {
            was_there().then_some(())?;
            let texts = typed.all(name).map(tidy).filter(|text| !text.is_empty());
            let texts: Vec<String> = texts.collect();
            Some(if texts.is_empty() {
                Value::None
            } else {
                Value::Many(texts)
            })
        }
        KeyKind::TextTable => {
            was_there().then_some(())?;
            let (keys, values) = (format!("{name}.key"), format!("{name}.value"));
            let pairs = typed.all(&keys).map(tidy).zip(typed.all(&values).map(tidy));
            let filled = |(key, value): &(String, String)| !key.is_empty() || !value.is_empty();
            let pairs: Vec<(String, String)> = pairs.filter(filled).collect();
            Some(if pairs.is_empty() {
                Value::None
            } else {
                Value::Pairs(pairs)
            })
        }
        KeyKind::Table(_)
        | KeyKind::Tables(_)
        | KeyKind::Grid
        | KeyKind::Named(_)
        | KeyKind::Widgets
        | KeyKind::Any => None,
        _ => {
            let text = tidy(typed.get(name)?);
            Some(if text.is_empty() {
                Value::None
            } else {
                Value::One(text)
            })
        }
    }
}

/// Why what was typed cannot stand at a key.
pub(super) fn allowed(key: &Key, now: &Value) -> Result<(), String> {
    let no = |why: &str| Err(why.to_owned());
    match (key.kind, now) {
        (_, Value::None) if key.required => no("this cannot be empty; fill it in"),
        (KeyKind::Integer, Value::One(text)) if text.parse::<i64>().is_err() => {
            no("write a whole number, such as 5")
        }
        (KeyKind::Number, Value::One(text)) if spelling::number(text).is_none() => {
            no("write a number, such as 5 or 0.5")
        }
        (KeyKind::OneOf(known), Value::One(text)) if !known.contains(&text.as_str()) => {
            no("choose one of the list")
        }
        (_, Value::Pairs(pairs)) => {
            for (at, (name, value)) in pairs.iter().enumerate() {
                if name.is_empty() {
                    return Err(format!("say what `{value}` is for"));
                }
                if value.is_empty() {
                    return Err(format!("say what `{name}` is to be, or empty its line"));
                }
                if pairs[..at].iter().any(|(known, _)| known == name) {
                    return Err(format!("`{name}` is there twice; keep one"));
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Writes a key, if something else was typed than what stands there.
pub(super) fn key(
    (sheet, key): (&Sheet, &Key),
    text: String,
    typed: &Fields,
) -> Result<String, Unfit> {
    match key.kind {
        KeyKind::Table(_) => return group((sheet, key), text, typed),
        KeyKind::Tables(_) => return groups((sheet, key), text, typed),
        _ => {}
    }
    let (old, path) = (sheet.held(&text, key), &sheet.path);
    let Some(now) = sent(typed, &sheet.name(key), key.kind) else {
        return Ok(text);
    };
    match now {
        Value::Odd => Ok(text),
        now if now == old || old == Value::Odd => Ok(text),
        Value::None => without(&text, path, key.name),
        Value::One(value) => {
            let value = one(&text, path, key, &value);
            put(&text, path, key.name, &value)
        }
        Value::Many(values) => set_list(&text, path, key.name, &values),
        Value::Pairs(pairs) => self::pairs(text, path, key.name, (old, &pairs)),
    }
}

fn one(text: &str, path: &[Step], key: &Key, value: &str) -> String {
    let before = parse(text).ok().and_then(|toml| {
        let at = find(toml.as_table(), path)?;
        let span = at.body.get(key.name)?.as_value()?.span()?;
        Some(text[span].to_owned())
    });
    let is_plain = value.parse::<bool>().is_ok() || value.parse::<i64>().is_ok();
    match key.kind {
        KeyKind::Integer | KeyKind::Boolean => value.to_owned(),
        KeyKind::Scalar if is_plain => value.to_owned(),
        KeyKind::Number => spelling::number(value).unwrap_or_else(|| value.to_owned()),
        _ => spelling::text(value, before.as_deref()),
    }
}

/// A table of texts: entries that stay keep their places.
fn pairs(
    text: String,
    path: &[Step],
    name: &str,
    (old, new): (Value, &[(String, String)]),
) -> Result<String, Unfit> {
    let Value::Pairs(old) = old else {
        let each = new.iter();
        let each =
            each.map(|(key, value)| format!("{} = {}", spelled(key), spelling::text(value, None)));
        let table = format!("{{ {} }}", each.collect::<Vec<_>>().join(", "));
        return put(&text, path, name, &table);
    };
    let mut inner = path.to_vec();
    inner.push(Step::key(name));
    let mut now = text;
    for (key, value) in new {
        if !old.contains(&(key.clone(), value.clone())) {
            let before = parse(&now).ok().and_then(|toml| {
                let at = find(toml.as_table(), &inner)?;
                let span = at.body.get(key)?.as_value()?.span()?;
                Some(now[span].to_owned())
            });
            let value = spelling::text(value, before.as_deref());
            now = put(&now, &inner, key, &value)?;
        }
    }
    for (key, _) in &old {
        if !new.iter().any(|(known, _)| known == key) {
            now = without(&now, &inner, key)?;
        }
    }
    Ok(now)
}

/// A table inside; one that says nothing any more goes.
fn group((sheet, key): (&Sheet, &Key), text: String, typed: &Fields) -> Result<String, Unfit> {
    let mut new = text;
    for inner in sheet.inner(&new.clone(), key) {
        let before = new.clone();
        new = inner.write(&new, typed)?;
        let is_bare = |text: &str| {
            let toml = parse(text).ok()?;
            let at = find(toml.as_table(), &inner.path)?;
            Some(at.body.table().is_empty())
        };
        if new != before && is_bare(&new) == Some(true) {
            new = without(&new, &sheet.path, key.name)?;
        }
    }
    Ok(new)
}

/// A list of tables: one that was emptied goes, and one that was filled in below comes.
fn groups((sheet, key): (&Sheet, &Key), text: String, typed: &Fields) -> Result<String, Unfit> {
    let count = count(&text, &sheet.path, key.name);
    let inner = sheet.inner(&text, key);
    if typed.get(&format!("{}.is", sheet.name(key))).is_none() {
        return Ok(text);
    }
    let mut new = text;
    for (at, one) in inner.iter().enumerate().rev() {
        if at == count {
            continue;
        }
        new = if one.is_empty(typed) {
            elements::remove(&new, &sheet.path, key.name, at)?
        } else {
            one.write(&new, typed)?
        };
    }
    match inner.get(count).filter(|one| !one.is_empty(typed)) {
        Some(one) => {
            let entry = one.keys.iter().filter_map(|key| {
                let value = match sent(typed, &one.name(key), key.kind)? {
                    Value::One(value) => self::one(&new, &[], key, &value),
                    Value::Many(values) => {
                        let each = values.iter().map(|one| spelling::text(one, None));
                        format!("[{}]", each.collect::<Vec<_>>().join(", "))
                    }
                    Value::None if key.required => "[]".to_owned(),
                    _ => return None,
                };
                Some((key.name.to_owned(), value))
            });
            let entry: Entry = entry.collect();
            elements::push(&new, &sheet.path, key.name, &entry)
        }
        None => Ok(new),
    }
}
