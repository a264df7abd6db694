//! A text in the languages of a survey: one for all of them, or one for each.

use crate::base::written::edit::{Body, Step, Unfit, found, parse, put, spelled, spelling, take};
use toml_edit::{Item, TableLike};

/// What is written for each language; a text that names none is everybody's.
/// `None` where something else stands there.
pub(super) fn held(body: Body<'_>, key: &str, langs: &[String]) -> Option<Vec<String>> {
    let Some(item) = body.get(key) else {
        return Some(vec![String::new(); langs.len()]);
    };
    if let Some(text) = item.as_str() {
        return Some(vec![text.to_owned(); langs.len()]);
    }
    let table = item.as_table_like()?;
    let text = |lang: &String| match table.get(lang) {
        Some(item) => item.as_str().map(str::to_owned),
        None => Some(String::new()),
    };
    langs.iter().map(text).collect()
}

/// Puts the texts there, in the order of the languages. What did not change keeps
/// its spelling.
pub(super) fn write(
    text: &str,
    (path, key): (&[Step], &str),
    langs: &[String],
    typed: &[String],
) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let at = found(toml.as_table(), path)?;
    let old = held(at.body, key, langs).unwrap_or_default();
    if old == typed {
        return Ok(text.to_owned());
    }
    let others = at.body.get(key).and_then(Item::as_table_like);
    let has_others = others.is_some_and(|table| has_others(table, langs));
    if typed.iter().all(String::is_empty) && !has_others {
        return take(text, path, key);
    }
    if others.is_some() {
        return each(text, (path, key), langs, (&old, typed));
    }
    let before = at.body.get(key).and_then(|item| item.as_value()?.span());
    let before = before.map(|span| &text[span]);
    let is_one = typed.iter().all(|text| *text == typed[0]);
    let value = if is_one && (langs.len() == 1 || before.is_some()) {
        spelling::text(&typed[0], before)
    } else {
        table(langs, typed)
    };
    put(text, path, key, &value)
}

/// Texts of languages that the survey does not name stay.
fn has_others(table: &dyn TableLike, langs: &[String]) -> bool {
    table
        .iter()
        .any(|(lang, _)| !langs.iter().any(|known| known == lang))
}

fn table(langs: &[String], typed: &[String]) -> String {
    let pairs = langs.iter().zip(typed).filter(|(_, text)| !text.is_empty());
    let pairs =
        pairs.map(|(lang, text)| format!("{} = {}", spelled(lang), spelling::text(text, None)));
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

fn each(
    text: &str,
    (path, key): (&[Step], &str),
    langs: &[String],
    (old, typed): (&[String], &[String]),
) -> Result<String, Unfit> {
    let mut inner = path.to_vec();
    inner.push(Step::key(key));
    let mut new = text.to_owned();
    for (at, lang) in langs.iter().enumerate() {
        if old.get(at) == typed.get(at) {
            continue;
        }
        let toml = parse(&new)?;
        let body = found(toml.as_table(), &inner)?.body;
        let before = body.get(lang).and_then(|item| item.as_value()?.span());
        let changed = if typed[at].is_empty() {
            take(&new, &inner, lang)?
        } else {
            let before = before.map(|span| &new[span]);
            put(&new, &inner, lang, &spelling::text(&typed[at], before))?
        };
        new = changed;
    }
    Ok(new)
}
