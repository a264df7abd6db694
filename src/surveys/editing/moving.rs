//! Pages and questions in another order.

use crate::base::written::edit::{Heads, Unfit, elements, exchange, line_at, meaning, parse};
use serde_json::Value;
use toml_edit::Table;

use super::naming::pages;
use super::part::{Part, page};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

/// What begins a piece of its own inside of a page.
const OWN: [&str; 2] = ["ask", "leave"];

/// A page before the one before it, or behind the one behind it. Nothing changes
/// at the ends.
pub fn move_page(text: &str, at: usize, way: Way) -> Result<String, Unfit> {
    let first = match way {
        Way::Up => at.checked_sub(1),
        Way::Down => Some(at),
    };
    let count = elements::count(text, &[], "page");
    match first.filter(|first| first + 1 < count) {
        Some(first) => elements::swap(text, &[], "page", first),
        None => Ok(text.to_owned()),
    }
}

/// A question one place on, which at the end of a page is another page.
pub fn move_question(text: &str, (at, on): (usize, usize), way: Way) -> Result<String, Unfit> {
    let count = elements::count(text, &page(at), "ask");
    if on >= count {
        return Err(Unfit::Missing(format!("question {}", on + 1)));
    }
    let pages = elements::count(text, &[], "page");
    match way {
        Way::Up if on > 0 => elements::swap(text, &page(at), "ask", on - 1),
        Way::Down if on + 1 < count => elements::swap(text, &page(at), "ask", on),
        Way::Up if at > 0 => to_page_before(text, at),
        Way::Down if at + 1 < pages => to_page_after(text, (at, on)),
        Way::Up | Way::Down => Ok(text.to_owned()),
    }
}

/// The last question of a page becomes the first of the next.
fn to_page_after(text: &str, (at, on): (usize, usize)) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let heads = Heads::of(text, root);
    let question = asked(root, at, on).and_then(|start| heads.index(start));
    let next = paged(root, at + 1).and_then(|start| heads.index(start));
    let (Some(question), Some(next)) = (question, next) else {
        return Err(shape(text, root, at));
    };
    let moved = heads.unit(question);
    let over = heads.start_after(moved.end).unwrap_or(moved.end);
    let new = exchange(text, moved, over..heads.own(next, &OWN).end);
    checked(text, new, (at, at + 1))
}

/// The first question of a page becomes the last of the one before.
fn to_page_before(text: &str, at: usize) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let heads = Heads::of(text, root);
    let question = asked(root, at, 0).and_then(|start| heads.index(start));
    let own = paged(root, at).and_then(|start| heads.index(start));
    let before = paged(root, at - 1).and_then(|start| heads.index(start));
    let (Some(question), Some(own), Some(before)) = (question, own, before) else {
        return Err(shape(text, root, at));
    };
    let count = elements::count(text, &page(at - 1), "ask");
    let last = count.checked_sub(1).and_then(|on| asked(root, at - 1, on));
    let behind = match last.and_then(|start| heads.index(start)) {
        Some(last) => heads.unit(last).end,
        None if count == 0 => heads.own(before, &OWN).end,
        None => return Err(shape(text, root, at)),
    };
    let over = heads.start_after(behind).unwrap_or(behind);
    let moved = heads.unit(question);
    let border = heads.own(own, &OWN).end;
    if moved.start < border {
        return Err(shape(text, root, at));
    }
    let new = exchange(text, over..border, moved);
    checked(text, new, (at, at - 1))
}

/// Where the heading of a question begins, if it has one.
fn asked(root: &Table, at: usize, on: usize) -> Option<usize> {
    let asks = root
        .get("page")?
        .as_array_of_tables()?
        .get(at)?
        .get("ask")?;
    let span = asks.as_array_of_tables()?.get(on)?.span()?;
    Some(span.start)
}

fn paged(root: &Table, at: usize) -> Option<usize> {
    let pages = root.get("page")?.as_array_of_tables()?;
    Some(pages.get(at)?.span()?.start)
}

fn shape(text: &str, root: &Table, at: usize) -> Unfit {
    let start = pages(root).get(at).map_or(0, |page| page.start());
    Unfit::Shape(line_at(text, start))
}

/// The question left one page for the other, and nothing else changed.
fn checked(text: &str, new: String, (from, to): (usize, usize)) -> Result<String, Unfit> {
    let mut wanted = meaning::of(text)?;
    let left = meaning::at(&mut wanted, &page(from), "ask");
    let moved = left.and_then(|asks| {
        let last = asks.len().checked_sub(1)?;
        Some(asks.remove(if to > from { last } else { 0 }))
    });
    let moved = moved.unwrap_or_default();
    let pages = meaning::at(&mut wanted, &[], "page");
    let pages = pages.map(|pages| (pages[from].clone(), pages));
    if let Some((left, pages)) = pages {
        if left["ask"].as_array().is_some_and(Vec::is_empty)
            && let Some(page) = pages[from].as_object_mut()
        {
            page.remove("ask");
        }
        match pages[to].get_mut("ask").and_then(Value::as_array_mut) {
            Some(asks) if to > from => asks.insert(0, moved),
            Some(asks) => asks.push(moved),
            None => pages[to]["ask"] = vec![moved].into(),
        }
    }
    meaning::checked(new, &wanted, Part::Page(from).line(text))
}
