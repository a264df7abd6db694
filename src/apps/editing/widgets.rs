//! Widgets: new ones, copies of them, what is taken out, and one of them as text.

use std::fmt::Write;

use super::grid::{At, below, place, spots};
use super::outline::Outline;
use super::pages::free;
use super::parts::{page, widget, widgets};
use crate::apps::format::{Key, KeyKind, KindSchema};
use crate::base::text::title;
use crate::base::written::edit::{
    Unfit, add_piece, line_at, line_of, meaning, parse, piece, remove_named, spelling, splice,
};

/// A widget to be, and what it shows where its kind needs something.
pub struct NewWidget<'a> {
    pub kind: KindSchema,
    /// Lines of the file that its kind begins with.
    pub begun: &'a str,
    /// The query it reads or sends, and a parameter to set; empty where it needs none.
    pub query: &'a str,
    pub input: &'a str,
    /// Nothing: below everything, as wide as the page.
    pub at: Option<At>,
}

/// The lines of keys that have to be there.
fn needed(keys: &[Key], new: &NewWidget<'_>, goto: &str) -> String {
    let mut lines = String::new();
    let begins = |line: &str, key: &Key| {
        line.strip_prefix(key.name)
            .is_some_and(|l| l.starts_with(' '))
    };
    let has = |key: &Key| new.begun.lines().any(|line| begins(line, key));
    for key in keys.iter().filter(|key| key.required && !has(key)) {
        let value = match key.kind {
            KeyKind::ReadQuery | KeyKind::WriteQuery => spelling::text(new.query, None),
            KeyKind::Page => spelling::text(goto, None),
            KeyKind::Inputs => format!("[{}]", spelling::text(new.input, None)),
            KeyKind::OneOf([first, ..]) => spelling::text(first, None),
            KeyKind::Integer | KeyKind::Number => "1".to_owned(),
            KeyKind::Boolean => "true".to_owned(),
            KeyKind::Texts | KeyKind::SomeOf(_) | KeyKind::Tables(_) => "[]".to_owned(),
            KeyKind::Table(_) | KeyKind::Named(_) | KeyKind::TextTable | KeyKind::Any => {
                "{}".to_owned()
            }
            _ => spelling::text(&title(new.kind.name), None),
        };
        let _ = writeln!(lines, "{} = {value}", key.name);
    }
    lines
}

fn ids(text: &str, on: &str) -> Result<Vec<String>, Unfit> {
    let outline = Outline::of(text)?;
    let page = outline
        .page(on)
        .ok_or_else(|| Unfit::Missing(on.to_owned()))?;
    Ok(page
        .widgets
        .iter()
        .map(|widget| widget.id.clone())
        .collect())
}

/// A new widget on a page. Gives its id.
pub fn add_widget(text: &str, on: &str, new: &NewWidget<'_>) -> Result<(String, String), Unfit> {
    let taken = ids(text, on)?;
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    let id = free(&taken, new.kind.name);
    let [row, column, width] = [below(&spots(text, on)?), 1, 12];
    let lines = needed(new.kind.keys, new, on);
    let head = format!("[page.{on}.widget.{id}]\ntype = \"{}\"\n", new.kind.name);
    let at = format!("at = [{row}, {column}, {width}]\n");
    let added = add_piece(text, &page(on), &[&head, &at, &lines, new.begun].concat())?;
    let placed = match new.at {
        Some(at) => place(&added, (on, &id), at, &|_, _| false)?,
        None => added,
    };
    Ok((placed, id))
}

/// The same widget once more, below everything. Gives its id.
pub fn copy_widget(text: &str, (on, of): (&str, &str)) -> Result<(String, String), Unfit> {
    let range = piece(text, &widget(on, of))?;
    let taken = ids(text, on)?;
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    let id = free(&taken, &format!("{of}-copy"));
    let line = line_at(text, range.start);
    let named = renamed(&text[range], (on, of), &id).ok_or(Unfit::Shape(line))?;
    let all = spots(text, on)?;
    let row = below(&all);
    let new = add_piece(text, &page(on), &named)?;
    let from = all.iter().find(|spot| spot.id == of).map(|spot| spot.at);
    let [_, column, width] = from.unwrap_or([1, 1, 12]);
    let new = place(&new, (on, &id), [row, column, width], &|_, _| true)?;
    Ok((new, id))
}

/// A table of the text by itself, its headings under another name.
fn renamed(piece: &str, (on, of): (&str, &str), id: &str) -> Option<String> {
    let (old, new) = (
        format!("page.{on}.widget.{of}"),
        format!("page.{on}.widget.{id}"),
    );
    parse(piece).ok()?;
    let mut out = String::with_capacity(piece.len());
    let mut inside = None;
    for line in piece.split_inclusive('\n') {
        let head = line.trim_start();
        // A line within a text of several lines may look like a heading.
        let is_text = inside.is_some();
        for quotes in ["'''", "\"\"\""] {
            if line.matches(quotes).count() % 2 == 1 && inside.is_none_or(|known| known == quotes) {
                inside = if inside.is_some() { None } else { Some(quotes) };
            }
        }
        let rest = head.trim_start_matches('[');
        let brackets = &head[..head.len() - rest.len()];
        let rest = rest.strip_prefix(&old).filter(|_| !brackets.is_empty());
        match rest.filter(|rest| !is_text && rest.starts_with([']', '.'])) {
            Some(rest) => {
                out.push_str(&line[..line.len() - head.len()]);
                out.push_str(brackets);
                out.push_str(&new);
                out.push_str(rest);
            }
            None => out.push_str(line),
        }
    }
    let at = line_of(&out, &widget(on, id));
    let is_whole = at.is_some() && line_of(&out, &widget(on, of)).is_none();
    if !out.ends_with('\n') {
        out.push('\n');
    }
    is_whole.then_some(out)
}

/// Takes a widget out.
pub fn remove_widget(text: &str, (on, id): (&str, &str)) -> Result<String, Unfit> {
    remove_named(text, &widgets(on), id)
}

/// The table of one widget as it is written, with its headings and the comment above it.
pub fn widget_text(text: &str, (on, id): (&str, &str)) -> Result<String, Unfit> {
    Ok(text[piece(text, &widget(on, id))?].to_owned())
}

/// Puts another text in the place of that table: of that widget alone, under its name.
pub fn set_widget_text(text: &str, (on, id): (&str, &str), new: &str) -> Result<String, Unfit> {
    let field = |why: &str| Unfit::Field("toml".to_owned(), why.to_owned());
    let range = piece(text, &widget(on, id))?;
    let mut new = new.replace("\r\n", "\n").trim_end().to_owned();
    new.push('\n');
    if text.contains("\r\n") {
        new = new.replace('\n', "\r\n");
    }
    if let Err(fault) = new.parse::<toml_edit::DocumentMut>() {
        let said = fault.message().trim_end().replace('\n', ", ");
        return Err(field(&format!("this is not TOML: {said}")));
    }
    if text.len() == range.end && !text.ends_with('\n') {
        new.truncate(new.trim_end().len());
    }
    let done = splice(text, range, &new);
    let heading = format!("keep the heading [page.{on}.widget.{id}], and nothing else beside it");
    let others = |text: &str| -> Result<_, Unfit> {
        let mut all = meaning::of(text)?;
        let widgets = all.pointer_mut(&format!("/page/{on}/widget"));
        let table = widgets.and_then(serde_json::Value::as_object_mut);
        let own = table.and_then(|table| table.shift_remove(id));
        Ok((all, own.is_some()))
    };
    match (others(text), others(&done)) {
        (Ok(before), Ok(after)) if before == after => Ok(done),
        _ => Err(field(&heading)),
    }
}
