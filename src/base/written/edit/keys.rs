//! One key of a table: set, or taken out.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::finding::{Body, Step, Unfit, find, found, line_at, parse, splice};
use super::meaning;
use super::named::exchange_named;

/// A key with its value, as it stands in the text.
struct Spot {
    key: String,
    range: Range<usize>,
}

/// Puts `value`, spelled as TOML, at `key`. A new key comes last in its table.
pub fn put(text: &str, path: &[Step], key: &str, value: &str) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let Some(at) = find(toml.as_table(), path) else {
        return begun(text, path, key, value);
    };
    let line = line_at(text, at.body.start());
    if let Some(item) = at.body.get(key) {
        let span = item.as_value().and_then(Value::span);
        let span = span.ok_or(Unfit::Shape(line))?;
        let wanted = meaning::with(text, path, key, Some(value))?;
        return meaning::checked(splice(text, span, value), &wanted, line);
    }
    let entry = format!("{}{} = {value}", at.dotted, spelled(key));
    let new = match at.body {
        Body::Lines(table) if table.is_implicit() && !table.is_dotted() => {
            return Err(Unfit::Shape(line));
        }
        Body::Lines(table) => {
            let end = last(at.body).unwrap_or_else(|| table.span().map_or(0, |span| span.end));
            let entry = aligned(text, at.body, &entry);
            line_after(text, end, &entry)
        }
        Body::Braces(table) => {
            if let Some(end) = last(at.body) {
                splice(text, end..end, &format!(", {entry}"))
            } else {
                let span = table.span().ok_or(Unfit::Shape(line))?;
                splice(text, span, &format!("{{ {entry} }}"))
            }
        }
    };
    let wanted = meaning::with(text, path, key, Some(value))?;
    meaning::checked(new, &wanted, line)
}

/// The table is not there yet: it is written in braces with its first key.
fn begun(text: &str, path: &[Step], key: &str, value: &str) -> Result<String, Unfit> {
    match path.split_last() {
        Some((Step::Key(name), above)) => {
            let table = format!("{{ {} = {value} }}", spelled(key));
            put(text, above, name, &table)
        }
        _ => Err(Unfit::Missing(key.to_owned())),
    }
}

/// Takes a key out with its value; a comment behind it keeps its line.
pub fn take(text: &str, path: &[Step], key: &str) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let at = found(toml.as_table(), path)?;
    let Some(item) = at.body.get(key) else {
        return Ok(text.to_owned());
    };
    let line = line_at(text, at.body.start());
    if matches!(item, Item::ArrayOfTables(_)) || item.as_table().is_some_and(|t| !t.is_dotted()) {
        return Err(Unfit::Shape(line));
    }
    let spots = spots(text, at.body);
    let mut new = text.to_owned();
    for (index, spot) in spots.iter().enumerate().rev() {
        if spot.key != key {
            continue;
        }
        let range = match at.body {
            Body::Lines(_) => lines_of(text, &spot.range),
            Body::Braces(_) => between(&spots, index),
        };
        let left = match at.body {
            Body::Lines(_) => comment(text, &spot.range, &range),
            Body::Braces(_) => String::new(),
        };
        new = splice(&new, range, &left);
    }
    let wanted = meaning::with(text, path, key, None)?;
    meaning::checked(new, &wanted, line)
}

/// Puts two keys of a table in each other's place, each with its value and the comments
/// that stand above and behind it.
pub fn exchange_keys(text: &str, path: &[Step], one: &str, other: &str) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let at = found(toml.as_table(), path)?;
    let line = line_at(text, at.body.start());
    let spots = spots(text, at.body);
    let whole = |key: &str| {
        let own: Vec<&Spot> = spots.iter().filter(|spot| spot.key == key).collect();
        match (own.as_slice(), at.body) {
            ([spot], Body::Lines(_)) => Some(with_comments(text, &spot.range)),
            ([spot], Body::Braces(_)) => Some(spot.range.clone()),
            _ => None,
        }
    };
    let (Some(first), Some(second)) = (whole(one), whole(other)) else {
        let named = |key: &str| [path, &[Step::key(key)]].concat();
        return exchange_named(text, &named(one), &named(other));
    };
    let (first, second) = if first.start < second.start {
        (first, second)
    } else {
        (second, first)
    };
    let new = splice(text, second.clone(), &text[first.clone()]);
    let new = splice(&new, first, &text[second]);
    meaning::checked(new, &meaning::of(text)?, line)
}

/// A key with its value, the comment behind it and those right above it, without the end
/// of its last line.
fn with_comments(text: &str, range: &Range<usize>) -> Range<usize> {
    let mut start = line_start(text, range.start);
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    let end = line_end(text, range.end);
    start..end - usize::from(text[..end].ends_with('\r'))
}

/// A key as it is written: in quotes where it has to be.
pub fn spelled(key: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_plain) {
        key.to_owned()
    } else {
        super::spelling::text(key, None)
    }
}

/// Its own keys, in the order of the text. What has a heading of its own is not one.
fn spots(text: &str, body: Body<'_>) -> Vec<Spot> {
    let mut found = Vec::new();
    let table = body.table();
    for (key, _) in table.iter() {
        let mut ranges = Vec::new();
        gather(text, table, key, &mut ranges);
        let spot = |range| Spot {
            key: key.to_owned(),
            range,
        };
        found.extend(ranges.into_iter().map(spot));
    }
    found.sort_by_key(|spot: &Spot| spot.range.start);
    found
}

fn gather(text: &str, table: &dyn TableLike, key: &str, ranges: &mut Vec<Range<usize>>) {
    let at = table.key(key).and_then(toml_edit::Key::span);
    match table.get(key) {
        Some(Item::Table(inner)) if inner.is_dotted() => {
            for (key, _) in inner {
                gather(text, inner, key, ranges);
            }
        }
        Some(Item::Value(Value::InlineTable(inner))) if inner.is_dotted() => {
            for (key, _) in inner {
                gather(text, inner, key, ranges);
            }
        }
        Some(Item::Value(value)) => {
            if let (Some(at), Some(value)) = (at, value.span()) {
                ranges.push(begin(text, at.start)..value.end);
            }
        }
        _ => {}
    }
}

/// Where the first word of a key such as `text.en` begins.
fn begin(text: &str, last: usize) -> usize {
    let before = text[..last].rfind(['\n', '{', ',']).map_or(0, |at| at + 1);
    let blank = text[before..last].len() - text[before..last].trim_start().len();
    before + blank
}

/// Where the last of its own values ends.
pub fn last(body: Body<'_>) -> Option<usize> {
    fn end(table: &dyn TableLike) -> Option<usize> {
        let ends = table.iter().filter_map(|(_, item)| match item {
            Item::Table(inner) if inner.is_dotted() => end(inner),
            Item::Value(Value::InlineTable(inner)) if inner.is_dotted() => end(inner),
            Item::Value(value) => value.span().map(|span| span.end),
            _ => None,
        });
        ends.max()
    }
    end(body.table())
}

/// The end of the line that the byte is in, without what ends it.
pub fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}

pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn line_after(text: &str, end: usize, entry: &str) -> String {
    if text[..end].is_empty() {
        return format!("{entry}\n{text}");
    }
    let end = line_end(text, end);
    let end = end - usize::from(text[..end].ends_with('\r'));
    splice(text, end..end, &format!("{}{entry}", line_break(text)))
}

/// What ends a line of this text.
pub fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The entry with its `=` below the others, where they stand below each other.
fn aligned(text: &str, body: Body<'_>, entry: &str) -> String {
    let spots = spots(text, body);
    let Some(spot) = spots.last() else {
        return entry.to_owned();
    };
    let start = line_start(text, spot.range.start);
    let indent = &text[start..spot.range.start];
    if !indent.trim().is_empty() {
        return entry.to_owned();
    }
    let signs: Vec<usize> = { spots.iter() }
        .filter_map(|spot| text[spot.range.clone()].find('='))
        .collect();
    let column = signs[0];
    let (key, value) = entry.split_once('=').unwrap_or((entry, ""));
    let key = key.trim_end();
    let fits = spots.len() > 1 && signs.iter().all(|sign| *sign == column) && key.len() < column;
    if fits {
        format!("{indent}{key:<column$}={value}")
    } else {
        format!("{indent}{entry}")
    }
}

/// All lines a key and its value stand on.
fn lines_of(text: &str, range: &Range<usize>) -> Range<usize> {
    let (start, end) = (line_start(text, range.start), line_end(text, range.end));
    if end < text.len() {
        start..end + 1
    } else {
        start.saturating_sub(1)..end
    }
}

/// What is left of the lines of a key: the comment behind it.
fn comment(text: &str, range: &Range<usize>, lines: &Range<usize>) -> String {
    let behind = text[range.end..lines.end].trim();
    if behind.is_empty() {
        return String::new();
    }
    let start = line_start(text, range.start);
    let (before, after) = if start == lines.start {
        ("", line_break(text))
    } else {
        (line_break(text), "")
    };
    format!("{before}{}{behind}{after}", &text[start..range.start])
}

/// An entry of a table in braces, with the comma that goes with it.
fn between(spots: &[Spot], index: usize) -> Range<usize> {
    let range = spots[index].range.clone();
    match (index.checked_sub(1), spots.get(index + 1)) {
        (Some(before), _) => spots[before].range.end..range.end,
        (None, Some(next)) => range.start..next.range.start,
        (None, None) => range,
    }
}
