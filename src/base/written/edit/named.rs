//! Tables under names of their own, such as `[page.orders]`: added, taken out, exchanged.

use std::ops::Range;

use serde_json::Value as Json;

use super::finding::{Step, Unfit, find, line_at, parse, told, whole};
use super::keys::take;
use super::meaning;
use super::units::{Heads, cut, exchange, insert};

fn names(path: &[Step]) -> Vec<String> {
    let name = |step: &Step| match step {
        Step::Key(key) => key.clone(),
        Step::At(at) => at.to_string(),
    };
    path.iter().map(name).collect()
}

/// The line a table begins in, from 1.
pub fn line_of(text: &str, path: &[Step]) -> Option<usize> {
    let toml = parse(text).ok()?;
    let at = find(toml.as_table(), path)?;
    Some(line_at(text, at.body.start()))
}

/// A table with everything below it, where that stands in one piece.
pub fn piece(text: &str, path: &[Step]) -> Result<Range<usize>, Unfit> {
    let toml = parse(text)?;
    let at = find(toml.as_table(), path).ok_or_else(|| Unfit::Missing(told(path)))?;
    let line = line_at(text, at.body.start());
    let heads = Heads::of(text, toml.as_table());
    run(&heads, &names(path)).ok_or(Unfit::Shape(line))
}

fn run(heads: &Heads<'_>, path: &[String]) -> Option<Range<usize>> {
    let own = heads.of_table(path);
    let (first, last) = (*own.first()?, *own.last()?);
    (last - first + 1 == own.len()).then(|| heads.run(first, last))
}

/// Puts a table, heading and all, behind the last one whose path begins like `after`;
/// at the end where there is none.
pub fn add_piece(text: &str, after: &[Step], piece: &str) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let heads = Heads::of(text, toml.as_table());
    let own = heads.of_table(&names(after));
    let border = own.last().map(|last| heads.run(*last, *last).end);
    let border = border.unwrap_or(text.len());
    whole(insert(text, border, piece), line_at(text, border))
}

/// Takes the table of that name out of the one at `above`, with all that stands below it.
pub fn remove_named(text: &str, above: &[Step], name: &str) -> Result<String, Unfit> {
    let mut path = above.to_vec();
    path.push(Step::key(name));
    let line = line_of(text, &path).ok_or_else(|| Unfit::Missing(name.to_owned()))?;
    let mut wanted = meaning::with(text, above, name, None)?;
    let names = names(&path);
    let mut new = text.to_owned();
    loop {
        let toml = parse(&new)?;
        let heads = Heads::of(&new, toml.as_table());
        let Some(last) = heads.of_table(&names).pop() else {
            break;
        };
        let unit = heads.unit(last);
        drop(toml);
        new = cut(&new, unit);
    }
    if line_of(&new, &path).is_some() {
        new = take(&new, above, name)?;
    }
    // A table that was only there for what stood in it goes with the last of that.
    if meaning::of(&new)? != wanted {
        prune(&mut wanted, above);
    }
    meaning::checked(new, &wanted, line)
}

fn prune(root: &mut Json, path: &[Step]) {
    let Some((Step::Key(last), above)) = path.split_last() else {
        return;
    };
    let mut at = Some(root);
    for step in above {
        at = match step {
            Step::Key(key) => at.and_then(|at| at.get_mut(key)),
            Step::At(index) => at.and_then(|at| at.get_mut(index)),
        };
    }
    let Some(table) = at.and_then(Json::as_object_mut) else {
        return;
    };
    let is_empty = table.get(last).and_then(Json::as_object);
    if is_empty.is_some_and(serde_json::Map::is_empty) {
        table.shift_remove(last);
    }
}

/// Puts two tables in each other's place, each with all that stands below it.
pub fn exchange_named(text: &str, one: &[Step], other: &[Step]) -> Result<String, Unfit> {
    let (first, second) = (piece(text, one)?, piece(text, other)?);
    let (first, second) = if first.start < second.start {
        (first, second)
    } else {
        (second, first)
    };
    let line = line_at(text, first.start);
    let wanted = meaning::of(text)?;
    meaning::checked(exchange(text, first, second), &wanted, line)
}
