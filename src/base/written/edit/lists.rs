//! A list of texts such as `["a", "b"]`, set to another one: what stays keeps its
//! place, its spelling and the comment behind it.

use std::ops::Range;

use serde_json::Value as Json;
use toml_edit::{Item, Value};

use super::elements::{behind, without};
use super::finding::{Step, Unfit, find, line_at, parse, splice};
use super::keys::{put, take};
use super::{meaning, spelling};

/// Sets the list at `key` to these texts. An empty one is taken out.
pub fn set_list(text: &str, path: &[Step], key: &str, new: &[String]) -> Result<String, Unfit> {
    let Some((old, ranges, line)) = held(text, path, key)? else {
        return match new {
            [] => Ok(text.to_owned()),
            new => put(text, path, key, &written(new)),
        };
    };
    if old == new {
        return Ok(text.to_owned());
    }
    if new.is_empty() {
        return take(text, path, key);
    }
    if old.is_empty() {
        return put(text, path, key, &written(new));
    }
    let kept = kept(&old, new);
    let mut now = text.to_owned();
    if let Some(kept) = kept {
        for at in (0..old.len()).rev().filter(|at| !kept.contains(at)) {
            now = drop_one(&now, path, key, at)?;
        }
    } else {
        for at in (0..old.len().min(new.len())).rev() {
            if old[at] != new[at] {
                let range = ranges[at].clone();
                let spelled = spelling::text(&new[at], Some(&text[range.clone()]));
                now = splice(&now, range, &spelled);
            }
        }
        for at in (new.len()..old.len()).rev() {
            now = drop_one(&now, path, key, at)?;
        }
        for one in new.iter().skip(old.len()) {
            now = push(&now, path, key, &spelling::text(one, None))?;
        }
    }
    let mut wanted = meaning::of(text)?;
    if let Some(list) = meaning::at(&mut wanted, path, key) {
        *list = new.iter().map(|one| Json::from(one.as_str())).collect();
    }
    meaning::checked(now, &wanted, line)
}

type Held = (Vec<String>, Vec<Range<usize>>, usize);

/// The texts of the list, where each stands, and the line it begins in.
fn held(text: &str, path: &[Step], key: &str) -> Result<Option<Held>, Unfit> {
    let toml = parse(text)?;
    let Some(item) = find(toml.as_table(), path).and_then(|at| at.body.get(key)) else {
        return Ok(None);
    };
    let line = line_at(text, item.span().map_or(0, |span| span.start));
    let array = item.as_array().ok_or(Unfit::Shape(line))?;
    let each = array.iter();
    let each = each.map(|one| Some((one.as_str()?.to_owned(), one.span()?)));
    let found: Option<Vec<(String, Range<usize>)>> = each.collect();
    let (texts, ranges) = found.ok_or(Unfit::Shape(line))?.into_iter().unzip();
    Ok(Some((texts, ranges, line)))
}

/// Which of the old ones stay, where the new ones are some of them in their order.
fn kept(old: &[String], new: &[String]) -> Option<Vec<usize>> {
    let mut kept = Vec::new();
    let mut from = 0;
    for one in new {
        let at = from + old[from..].iter().position(|known| known == one)?;
        kept.push(at);
        from = at + 1;
    }
    Some(kept)
}

fn drop_one(text: &str, path: &[Step], key: &str, at: usize) -> Result<String, Unfit> {
    let ranges = held(text, path, key)?.map(|held| held.1);
    let ranges = ranges.ok_or_else(|| Unfit::Missing(key.to_owned()))?;
    Ok(without(text, &ranges, at))
}

fn push(text: &str, path: &[Step], key: &str, new: &str) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let missing = || Unfit::Missing(key.to_owned());
    let at = find(toml.as_table(), path).ok_or_else(missing)?;
    let array = at.body.get(key).and_then(Item::as_array);
    let array = array.ok_or_else(missing)?;
    let last = array.iter().last().and_then(Value::span);
    Ok(behind(text, &last.ok_or_else(missing)?, array, new))
}

fn written(texts: &[String]) -> String {
    let each = texts.iter().map(|one| spelling::text(one, None));
    format!("[{}]", each.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::set_list;

    fn set(text: &str, new: &[&str]) -> String {
        let new: Vec<String> = new.iter().map(|one| (*one).to_owned()).collect();
        set_list(text, &[], "a", &new).unwrap()
    }

    #[test]
    fn what_stays_in_a_list_keeps_its_spelling_and_its_comment() {
        let lines = "a = [\n  'x', # first\n  \"y\",\n  \"z\" # last\n]\nb = 1\n";

        assert_eq!(set(lines, &["x", "y", "z"]), lines);
        assert_eq!(
            set(lines, &["x", "z"]),
            "a = [\n  'x', # first\n  \"z\" # last\n]\nb = 1\n"
        );
        assert_eq!(set(lines, &["w", "y", "z"]), lines.replace("'x'", "'w'"));
        let longer = set("a = [\"x\"]\n", &["x", "y", "z"]);
        assert_eq!(longer, "a = [\"x\", \"y\", \"z\"]\n");
        assert_eq!(set(&longer, &["x"]), "a = [\"x\"]\n");
        assert_eq!(set("b = 1\n", &["x"]), "b = 1\na = [\"x\"]\n");
        assert_eq!(set("b = 1\na = [\"x\"]\n", &[]), "b = 1\n");
    }
}
