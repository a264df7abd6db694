//! A survey at a glance: its pages and questions, as far as the text can be read at all.

use crate::base::written::edit::{Body, Unfit, line_at, listed, parse};
use toml_edit::{Item, Table, Value};

use super::naming::{names, pages};
use super::part::Part;
use super::sheet::text_of;
use super::words::held;

#[derive(Clone, Debug)]
pub struct Outline {
    pub langs: Vec<String>,
    pub pages: Vec<Paged>,
    pub lists: Vec<String>,
    pub sections: Vec<String>,
    pub quotas: Vec<String>,
    pub exits: Vec<String>,
    /// The first line of each part, in the order of the text.
    starts: Vec<(usize, Option<Part>)>,
}

#[derive(Clone, Debug)]
pub struct Paged {
    pub id: String,
    pub title: String,
    pub when: String,
    /// What it goes round with, as it is written.
    pub repeat: String,
    pub line: usize,
    pub questions: Vec<Asked>,
    pub leaves: Vec<Leaving>,
}

#[derive(Clone, Debug)]
pub struct Asked {
    pub id: String,
    pub kind: String,
    /// In the first language that has one.
    pub text: String,
    /// The languages in which something of it is missing.
    pub missing: Vec<String>,
    pub when: String,
    /// `true`, an expression, or nothing.
    pub required: String,
    pub line: usize,
}

/// A way out after a page.
#[derive(Clone, Debug)]
pub struct Leaving {
    pub id: String,
    pub outcome: String,
    pub when: String,
    pub line: usize,
}

impl Outline {
    pub fn of(text: &str) -> Result<Outline, Unfit> {
        let toml = parse(text)?;
        let root = toml.as_table();
        let langs = langs(root);
        let pages = pages(root);
        let mut starts = starts(text, root);
        let mut read = Vec::new();
        for (at, page) in pages.into_iter().enumerate() {
            starts.push((line_at(text, page.start()), Some(Part::Page(at))));
            let asks = page.get("ask").map(listed).unwrap_or_default();
            for (on, ask) in asks.iter().enumerate() {
                starts.push((line_at(text, ask.start()), Some(Part::Ask(at, on))));
            }
            let leaves = page.get("leave").map(listed).unwrap_or_default();
            for leave in &leaves {
                starts.push((line_at(text, leave.start()), Some(Part::Page(at))));
            }
            read.push(Paged {
                id: text_of(page, "id"),
                title: first(page, "title", &langs),
                when: text_of(page, "when"),
                repeat: repeat(page),
                line: line_at(text, page.start()),
                questions: asks.iter().map(|ask| asked(text, *ask, &langs)).collect(),
                leaves: leaves.iter().map(|leave| leaving(text, *leave)).collect(),
            });
        }
        starts.sort_by_key(|(line, _)| *line);
        Ok(Outline {
            pages: read,
            lists: names(root, "list"),
            sections: names(root, "section"),
            quotas: names(root, "quota"),
            exits: names(root, "exit"),
            starts,
            langs,
        })
    }

    /// What a line of the text belongs to; nothing where it is the survey itself.
    pub fn owner(&self, line: usize) -> Option<&Part> {
        let mut before = self.starts.iter().rev();
        before.find(|(start, _)| *start <= line)?.1.as_ref()
    }
}

/// Where tables of the survey itself begin.
fn starts(text: &str, root: &Table) -> Vec<(usize, Option<Part>)> {
    type Make = fn(String) -> Option<Part>;
    let kinds: [(&str, Make); 5] = [
        ("entry", |_| None),
        ("section", |_| None),
        ("list", |name| Some(Part::List(name))),
        ("quota", |name| Some(Part::Quota(name))),
        ("exit", |name| Some(Part::Exit(name))),
    ];
    let mut found = Vec::new();
    for (key, make) in kinds {
        let Some(table) = root.get(key).and_then(Item::as_table_like) else {
            continue;
        };
        for (name, _) in table.iter() {
            let span = table.key(name).and_then(toml_edit::Key::span);
            found.extend(span.map(|span| (line_at(text, span.start), make(name.to_owned()))));
        }
    }
    found
}

/// The survey's languages; English where it names none.
fn langs(root: &Table) -> Vec<String> {
    let langs = root.get("langs").and_then(Item::as_array);
    let langs = langs.into_iter().flat_map(toml_edit::Array::iter);
    let mut found: Vec<String> = Vec::new();
    for lang in langs.filter_map(Value::as_str) {
        if !found.iter().any(|known| known == lang) {
            found.push(lang.to_owned());
        }
    }
    if found.is_empty() {
        found.push("en".to_owned());
    }
    found
}

/// A text in the first language that has it, on one line.
fn first(body: Body<'_>, key: &str, langs: &[String]) -> String {
    let texts = held(body, key, langs).unwrap_or_default();
    let text = texts.into_iter().find(|text| !text.trim().is_empty());
    let words: Vec<String> = text
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect();
    words.join(" ")
}

fn asked(text: &str, ask: Body<'_>, langs: &[String]) -> Asked {
    let required = match ask.get("required") {
        Some(item) if item.as_bool() == Some(true) => "true".to_owned(),
        Some(item) => item.as_str().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    Asked {
        id: text_of(ask, "id"),
        kind: text_of(ask, "type"),
        text: first(ask, "text", langs),
        missing: missing(ask, langs),
        when: text_of(ask, "when"),
        required,
        line: line_at(text, ask.start()),
    }
}

/// The languages in which the question, its help, or an answer of its own has no text.
fn missing(ask: Body<'_>, langs: &[String]) -> Vec<String> {
    let mut texts = vec![held(ask, "text", langs), held(ask, "help", langs)];
    for key in ["items", "rows"] {
        let items = ask.get(key).map(listed).unwrap_or_default();
        texts.extend(items.into_iter().map(|item| held(item, "text", langs)));
    }
    let is_missing = |at: usize| {
        let mut texts = texts.iter().flatten();
        texts.any(|texts| {
            texts[at].trim().is_empty() && texts.iter().any(|text| !text.trim().is_empty())
        })
    };
    let langs = langs.iter().enumerate().filter(|(at, _)| is_missing(*at));
    langs.map(|(_, lang)| lang.clone()).collect()
}

fn leaving(text: &str, leave: Body<'_>) -> Leaving {
    Leaving {
        id: text_of(leave, "id"),
        outcome: text_of(leave, "outcome"),
        when: text_of(leave, "when"),
        line: line_at(text, leave.start()),
    }
}

/// `list brands`, `chosen brands` or `times ${n}`.
fn repeat(page: Body<'_>) -> String {
    let Some(table) = page.get("loop").and_then(Item::as_table_like) else {
        return String::new();
    };
    let over = ["list", "chosen", "times"];
    let found = over
        .iter()
        .find_map(|key| Some((key, table.get(key)?.as_str()?)));
    found.map_or_else(String::new, |(key, what)| match *key {
        "list" => format!("each answer of the list {what}"),
        "chosen" => format!("each answer chosen in {what}"),
        _ => format!("as often as {what}"),
    })
}
