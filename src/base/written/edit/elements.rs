//! The tables of a list such as `items`: added, taken out, moved. They stand in
//! brackets, mostly one a line, or each under a heading of its own.

use std::ops::Range;

use toml_edit::{Array, Item, Table, Value};

use super::finding::{Step, Unfit, find, found, line_at, listed, parse, splice, whole};
use super::keys::{line_break, line_end, line_start, put, spelled};
use super::meaning;
use super::units::{Heads, cut, exchange, insert};

/// The keys of a new table, each with its value as TOML.
pub type Entry = Vec<(String, String)>;

enum Form {
    Brackets(Vec<Range<usize>>),
    Headings(Vec<usize>),
}

/// How many there are.
pub fn count(text: &str, path: &[Step], key: &str) -> usize {
    let Ok(toml) = parse(text) else { return 0 };
    let item = find(toml.as_table(), path).and_then(|at| at.body.get(key));
    item.map_or(0, |item| listed(item).len())
}

fn form(root: &Table, path: &[Step], key: &str) -> Result<Option<Form>, Unfit> {
    let at = found(root, path)?;
    match at.body.get(key) {
        None => Ok(None),
        Some(Item::Value(Value::Array(array))) => {
            let ranges = array.iter().filter_map(Value::span);
            Ok(Some(Form::Brackets(ranges.collect())))
        }
        Some(Item::ArrayOfTables(tables)) => {
            let starts = tables.iter().filter_map(|table| Some(table.span()?.start));
            Ok(Some(Form::Headings(starts.collect())))
        }
        Some(_) => Err(Unfit::Shape(1)),
    }
}

fn braces(entry: &Entry) -> String {
    let keys = entry.iter();
    let keys = keys.map(|(key, value)| format!("{} = {value}", spelled(key)));
    format!("{{ {} }}", keys.collect::<Vec<_>>().join(", "))
}

/// Adds one behind the last.
pub fn push(text: &str, path: &[Step], key: &str, entry: &Entry) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let at = found(root, path)?;
    let line = line_at(text, at.body.start());
    match form(root, path, key)? {
        None => {
            let list = format!("[\n  {},\n]", braces(entry));
            put(text, path, key, &list.replace('\n', line_break(text)))
        }
        Some(Form::Brackets(ranges)) => {
            let array = at.body.get(key).and_then(Item::as_array);
            let new = match (ranges.last(), array) {
                (Some(last), Some(array)) => behind(text, last, array, &braces(entry)),
                _ => put(text, path, key, &format!("[{}]", braces(entry)))?,
            };
            whole(new, line)
        }
        Some(Form::Headings(starts)) => {
            let heads = Heads::of(text, root);
            let last = starts.last().and_then(|start| heads.index(*start));
            let last = last.ok_or(Unfit::Shape(line))?;
            let keys = entry.iter();
            let keys = keys.map(|(key, value)| format!("{} = {value}\n", spelled(key)));
            let name = heading(text, starts[starts.len() - 1]);
            let piece = format!("{name}\n{}", keys.collect::<Vec<_>>().concat());
            whole(insert(text, heads.unit(last).end, &piece), line)
        }
    }
}

/// A heading as it stands in the text: `[[page.ask.items]]`.
fn heading(text: &str, start: usize) -> &str {
    let end = text[start..]
        .find("]]")
        .map_or(text.len(), |at| start + at + 2);
    &text[start..end]
}

/// Behind the last one: on a line of its own where that one has its own.
pub(super) fn behind(text: &str, last: &Range<usize>, array: &Array, new: &str) -> String {
    let start = line_start(text, last.start);
    let indent = &text[start..last.start];
    if !indent.trim().is_empty() {
        return splice(text, last.end..last.end, &format!(", {new}"));
    }
    let (comma, end) = if array.trailing_comma() {
        ("", line_end(text, last.end))
    } else {
        (",", own_end(text, last.end))
    };
    let end = end - usize::from(text[..end].ends_with('\r'));
    let again = if array.trailing_comma() { "," } else { "" };
    let tail = &text[last.end..end];
    let line = format!("{comma}{tail}{}{indent}{new}{again}", line_break(text));
    splice(text, last.end..end, &line)
}

/// Where the line of the last one ends, before a bracket that closes on it.
fn own_end(text: &str, from: usize) -> usize {
    let end = line_end(text, from);
    let rest = &text[from..end];
    match rest.find([']', '#']) {
        Some(at) if rest[at..].starts_with(']') => from + rest[..at].trim_end().len(),
        _ => end,
    }
}

/// Takes one out.
pub fn remove(text: &str, path: &[Step], key: &str, n: usize) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let line = line_at(text, found(root, path)?.body.start());
    let mut wanted = meaning::of(text)?;
    if let Some(list) = meaning::at(&mut wanted, path, key).filter(|list| n < list.len()) {
        list.remove(n);
    }
    let new = match form(root, path, key)? {
        Some(Form::Brackets(ranges)) if n < ranges.len() => without(text, &ranges, n),
        Some(Form::Headings(starts)) if n < starts.len() => {
            if starts.len() == 1 {
                wanted = meaning::with(text, path, key, None)?;
            }
            let heads = Heads::of(text, root);
            let index = heads.index(starts[n]).ok_or(Unfit::Shape(line))?;
            cut(text, heads.unit(index))
        }
        _ => return Err(Unfit::Missing(key.to_owned())),
    };
    meaning::checked(new, &wanted, line)
}

pub(super) fn without(text: &str, ranges: &[Range<usize>], n: usize) -> String {
    let range = ranges[n].clone();
    let rest = &text[range.end..];
    let comma = rest.trim_start().starts_with(',');
    let end = if comma {
        range.end + rest.find(',').map_or(0, |at| at + 1)
    } else {
        range.end
    };
    let (from, to) = (line_start(text, range.start), line_end(text, end));
    let has_own_line = text[from..range.start].trim().is_empty()
        && matches!(text[end..to].trim().chars().next(), None | Some('#'));
    let cut = if has_own_line {
        from..(to + 1).min(text.len())
    } else if comma {
        let blank = text[end..].len() - text[end..].trim_start_matches(' ').len();
        range.start..end + blank
    } else {
        range.clone()
    };
    // The comma that led to the last one goes with it.
    let before = n.checked_sub(1).map(|before| ranges[before].end);
    match before.filter(|_| !comma && n + 1 == ranges.len()) {
        Some(before) => {
            let between = &text[before..range.start];
            let at = before + between.find(',').unwrap_or_default();
            let kept = if has_own_line {
                &text[at + 1..cut.start]
            } else {
                ""
            };
            splice(text, at..cut.end, kept)
        }
        None => splice(text, cut, ""),
    }
}

/// Puts one and the next in each other's place, each with the comment behind it.
pub fn swap(text: &str, path: &[Step], key: &str, n: usize) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let line = line_at(text, found(root, path)?.body.start());
    let new = match form(root, path, key)? {
        Some(Form::Brackets(ranges)) if n + 1 < ranges.len() => {
            swapped(text, &ranges[n], &ranges[n + 1])
        }
        Some(Form::Headings(starts)) if n + 1 < starts.len() => {
            let heads = Heads::of(text, root);
            let unit = |n: usize| heads.index(starts[n]).map(|index| heads.unit(index));
            let (one, two) = unit(n).zip(unit(n + 1)).ok_or(Unfit::Shape(line))?;
            exchange(text, one, two)
        }
        _ => return Err(Unfit::Missing(key.to_owned())),
    };
    let mut wanted = meaning::of(text)?;
    if let Some(list) = meaning::at(&mut wanted, path, key) {
        list.swap(n, n + 1);
    }
    meaning::checked(new, &wanted, line)
}

fn swapped(text: &str, one: &Range<usize>, two: &Range<usize>) -> String {
    let mut new = text.to_owned();
    match (tail(text, one), tail(text, two)) {
        (Some(first), Some(second)) => {
            new = splice(&new, second.clone(), &text[first.clone()]);
            new = splice(&new, two.clone(), &text[one.clone()]);
            new = splice(&new, first, &text[second]);
        }
        _ => new = splice(&new, two.clone(), &text[one.clone()]),
    }
    splice(&new, one.clone(), &text[two.clone()])
}

/// What stands behind one on its line, after the comma, if the line is its own.
fn tail(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let before = &text[line_start(text, range.start)..range.start];
    let end = line_end(text, range.end);
    let rest = &text[range.end..end];
    let comma = rest.trim_start().starts_with(',');
    let from = if comma {
        range.end + rest.find(',').map_or(0, |at| at + 1)
    } else {
        range.end
    };
    let behind = text[from..end].trim_start();
    let is_own = before.trim().is_empty() && (behind.is_empty() || behind.starts_with('#'));
    is_own.then_some(from..end)
}

/// The list as it is written, for a copy of it.
pub fn source(text: &str, path: &[Step], key: &str) -> Option<String> {
    let toml = parse(text).ok()?;
    let at = find(toml.as_table(), path)?;
    let array = at.body.get(key)?.as_array()?;
    Some(text[array.span()?].to_owned())
}
