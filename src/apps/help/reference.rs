//! The keys of the format as sections to read, made of what the loader knows.

use crate::apps::format::{Hint, Key, KeyKind, KindSchema, Names, ROOT, TYPES, WIDGET};

/// A table of the file and its keys.
#[derive(Debug)]
pub(super) struct Section {
    /// Where it stands, such as `query.<name>.paging`; empty for the outermost.
    pub(super) path: String,
    pub(super) doc: &'static str,
    pub(super) keys: Vec<Entry>,
}

/// A key: what may stand there, and what it is for.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) takes: &'static str,
    /// The words that may stand there, and no others.
    pub(super) choices: &'static [&'static str],
    /// What a value may look like.
    pub(super) known: &'static [&'static str],
    /// The section about what stands there.
    pub(super) see: String,
    pub(super) doc: &'static str,
}

/// The app file, from the outside in. Widgets have sections of their own.
pub(super) fn of_app() -> Vec<Section> {
    let mut all = Vec::new();
    walk(
        "",
        "The app itself, at the top of the file.",
        ROOT,
        &mut all,
    );
    all
}

/// A kind of widget: its own keys, then the tables that stand in it.
pub(super) fn of_widget(schema: KindSchema) -> Vec<Section> {
    let mut all = Vec::new();
    walk("", schema.doc, schema.keys, &mut all);
    all
}

fn walk(path: &str, doc: &'static str, keys: &[Key], all: &mut Vec<Section>) {
    let below = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    let entries = keys.iter().map(|key| entry(key, &below(key.name)));
    all.push(Section {
        keys: entries.collect(),
        doc,
        path: path.to_owned(),
    });
    for key in keys {
        let at = inner(&below(key.name), key.kind);
        match key.kind {
            KeyKind::Table(keys) | KeyKind::Tables(keys) | KeyKind::Named(keys) => {
                walk(&at, key.doc, keys, all);
            }
            KeyKind::Widgets => walk(&at, key.doc, WIDGET, all),
            _ => {}
        }
    }
}

/// What the section about a key's value is called; nothing where there is none.
fn inner(path: &str, kind: KeyKind) -> String {
    match kind {
        KeyKind::Table(_) => path.to_owned(),
        KeyKind::Tables(_) => format!("{path}[]"),
        KeyKind::Named(_) | KeyKind::Widgets => format!("{path}.<name>"),
        _ => String::new(),
    }
}

fn entry(key: &Key, path: &str) -> Entry {
    let is_typed = matches!(key.kind, KeyKind::OneOf(known) if known == TYPES);
    Entry {
        name: key.name,
        is_required: key.required,
        takes: if is_typed {
            "the type of a value"
        } else {
            takes(key.kind, key.hint)
        },
        choices: match key.kind {
            KeyKind::OneOf(known) | KeyKind::SomeOf(known) if !is_typed => known,
            _ => &[],
        },
        known: key.hint.known,
        see: inner(path, key.kind),
        doc: key.doc,
    }
}

fn takes(kind: KeyKind, hint: Hint) -> &'static str {
    match (kind, hint.names) {
        (KeyKind::Text, Names::Columns) => "a column",
        (KeyKind::Text, _) if hint.is_long => "text, also over several lines",
        (KeyKind::Text, _) => "text",
        (KeyKind::Integer, _) => "a whole number",
        (KeyKind::Number, _) => "a number",
        (KeyKind::Boolean, _) => "true or false",
        (KeyKind::Scalar, _) => "text, a number, true or false, or a date",
        (KeyKind::Texts, Names::Columns) => "a list of columns",
        (KeyKind::Texts, Names::Widgets) => "a list of widgets of the page",
        (KeyKind::Texts, _) => "a list of texts",
        (KeyKind::TextTable, Names::Columns) => "a table: a text for each column",
        (KeyKind::TextTable, Names::Fields) => "a table: a text for each field",
        (KeyKind::TextTable, _) => "a table of texts",
        (KeyKind::OneOf(_), _) => "one of",
        (KeyKind::SomeOf(_), _) => "a list out of",
        (KeyKind::Grid, _) => "[row, column, width] on 12 columns",
        (KeyKind::ReadQuery, _) => "a query that reads",
        (KeyKind::WriteQuery, _) => "a query that writes",
        (KeyKind::Page, _) => "a page of the app",
        (KeyKind::Inputs, _) => "a list of query.parameter, each from the address",
        (KeyKind::Table(_), _) => "a table",
        (KeyKind::Tables(_), _) => "a list of tables",
        (KeyKind::Named(_) | KeyKind::Widgets, _) => "tables under names you choose",
        (KeyKind::Any, _) => "a table of anything",
    }
}

impl Section {
    /// What links to it are called.
    pub(super) fn anchor(&self) -> String {
        anchor(&self.path)
    }
}

impl Entry {
    /// Where the link to what stands there leads, if there is one.
    pub(super) fn leads_to(&self) -> String {
        if self.see.is_empty() {
            String::new()
        } else {
            anchor(&self.see)
        }
    }

    pub(super) fn is_typed(&self) -> bool {
        self.takes == "the type of a value"
    }
}

/// `query.<name>.paging` gives `query-name-paging`.
fn anchor(path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => "top".to_owned(),
        words => words.join("-"),
    }
}
