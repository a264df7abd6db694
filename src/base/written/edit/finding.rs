//! Where in a text a table stands, and what is written there.

use std::ops::Range;

use toml_edit::{Document, InlineTable, Item, Table, TableLike, Value};

use crate::base::written::place;

/// One step on the way from the top of the text to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(String),
    At(usize),
}

impl Step {
    pub fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }
}

/// Why an edit does not fit the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("line {0} is no TOML: mend it in the text first")]
    Syntax(usize),
    #[error("`{0}` is not there any more; open the page anew")]
    Missing(String),
    #[error("line {0} is written in a way that cannot be changed here; change it in the text")]
    Shape(usize),
    /// What was typed into a field of that name.
    #[error("{1}")]
    Field(String, String),
}

/// A table as it is written: under a heading, or in braces.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    Lines(&'a Table),
    Braces(&'a InlineTable),
}

pub struct Found<'a> {
    pub body: Body<'a>,
    /// What stands before its keys, like `text.`: it is written as dotted keys.
    pub dotted: String,
}

pub fn parse(text: &str) -> Result<Document<&str>, Unfit> {
    Document::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Unfit::Syntax(place(text, at).0)
    })
}

/// The text, if it can still be read: no edit may leave another one behind.
pub fn whole(text: String, line: usize) -> Result<String, Unfit> {
    match Document::parse(text.as_str()) {
        Ok(_) => Ok(text),
        Err(_) => Err(Unfit::Shape(line)),
    }
}

pub fn splice(text: &str, range: Range<usize>, new: &str) -> String {
    let mut out = String::with_capacity(text.len() + new.len());
    out.push_str(&text[..range.start]);
    out.push_str(new);
    out.push_str(&text[range.end..]);
    out
}

impl<'a> Body<'a> {
    pub fn table(self) -> &'a dyn TableLike {
        match self {
            Body::Lines(table) => table,
            Body::Braces(table) => table,
        }
    }

    pub fn get(self, key: &str) -> Option<&'a Item> {
        self.table().get(key)
    }

    pub fn text(self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// Where it begins.
    pub fn start(self) -> usize {
        let span = match self {
            Body::Lines(table) => table.span(),
            Body::Braces(table) => table.span(),
        };
        span.map_or(0, |span| span.start)
    }

    fn of(item: &'a Item) -> Option<Body<'a>> {
        match item {
            Item::Table(table) => Some(Body::Lines(table)),
            Item::Value(Value::InlineTable(table)) => Some(Body::Braces(table)),
            _ => None,
        }
    }

    fn is_dotted(self) -> bool {
        match self {
            Body::Lines(table) => table.is_dotted(),
            Body::Braces(table) => table.is_dotted(),
        }
    }
}

/// The tables of a list, whichever way it is written.
pub fn listed(item: &Item) -> Vec<Body<'_>> {
    match item {
        Item::ArrayOfTables(tables) => tables.iter().map(Body::Lines).collect(),
        Item::Value(Value::Array(array)) => {
            let tables = array.iter().filter_map(Value::as_inline_table);
            tables.map(Body::Braces).collect()
        }
        _ => Vec::new(),
    }
}

pub fn find<'a>(root: &'a Table, path: &[Step]) -> Option<Found<'a>> {
    let (mut body, mut dotted) = (Body::Lines(root), String::new());
    let mut steps = path.iter().peekable();
    while let Some(step) = steps.next() {
        let Step::Key(key) = step else { return None };
        let item = body.get(key)?;
        if let Some(Step::At(at)) = steps.peek() {
            steps.next();
            body = *listed(item).get(*at)?;
        } else {
            body = Body::of(item)?;
        }
        if body.is_dotted() {
            dotted.push_str(key);
            dotted.push('.');
        } else {
            dotted.clear();
        }
    }
    Some(Found { body, dotted })
}

/// The same, or that it is gone.
pub fn found<'a>(root: &'a Table, path: &[Step]) -> Result<Found<'a>, Unfit> {
    find(root, path).ok_or_else(|| Unfit::Missing(told(path)))
}

/// A path for people: `page 2`, `quota male`.
pub fn told(path: &[Step]) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Key(key) => key.clone(),
        Step::At(at) => (at + 1).to_string(),
    });
    steps.collect::<Vec<_>>().join(" ")
}

/// The line a byte of the text is in, from 1.
pub fn line_at(text: &str, at: usize) -> usize {
    place(text, at.min(text.len())).0
}
