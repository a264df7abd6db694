//! The reference as the handbook has it, to be held against what the handbook says.

use std::fmt::Write;

use super::example::Example;
use super::limits;
use super::reference::{self, Entry, Section};
use crate::apps::format::{Key, SOURCES, VALUE_TYPES, Word};
use crate::apps::widgets::{ALL, Kind};

const HEAD: &str = "# The app file, key by key

Every section and every key of an app file, as the program itself declares them; the same
stands in the product under `/help/format` and `/help/widgets`, with each widget drawn.
[From a file to an app](builder.md) explains how they go together,
[the widgets](widgets.md) shows them at work, and `/schema/app.json` of each server has
all of it as a JSON Schema.

This chapter is written by a test. Change the declarations, then have it written anew:

    DOCS_UPDATE=always cargo test --lib help

";

/// The whole chapter.
pub(super) fn chapter() -> String {
    let mut out = HEAD.to_owned();
    let mut add = |text: &str| out.push_str(text);
    add("## Sections\n");
    for section in reference::of_app() {
        let name = match section.path.as_str() {
            "" => "The app".to_owned(),
            path => format!("`{path}`"),
        };
        add(&told(&section, &name, ""));
    }
    add("\n## Types of values\n\n<a id=\"types\"></a>\n\n");
    add(&words(VALUE_TYPES));
    add("\n`list<…>` of each of them but `json` and `file` holds many, for `in (:name)`.\n");
    add("\n## Sources\n\n<a id=\"sources\"></a>\n\n");
    add(&words(SOURCES));
    add("\n## Limits\n\n| of | at most |\n|---|---|\n");
    for limit in limits::all() {
        add(&format!("| {} | {} |\n", limit.what, limit.most));
    }
    add("\nWhat is *usually* so can be changed for a workspace by whoever runs the server.\n");
    add("\n## Widgets\n\nEach has `type` and `at` besides.\n");
    for kind in ALL {
        add(&widget(*kind));
    }
    out
}

fn widget(kind: &dyn Kind) -> String {
    let schema = kind.schema();
    let mut out = String::new();
    for section in reference::of_widget(schema) {
        let prefix = format!("{}-", schema.name);
        if section.path.is_empty() {
            let about = Example::of(kind).about;
            out.push_str(&told(&section, &format!("`{}`", schema.name), &prefix));
            out = out.replacen(schema.doc, &format!("{} {about}", schema.doc), 1);
        } else {
            let name = format!("`{}` of `{}`", section.path, schema.name);
            out.push_str(&told(&section, &name, &prefix));
        }
    }
    out
}

/// A section with its heading.
fn told(section: &Section, name: &str, prefix: &str) -> String {
    let mut out = String::new();
    let (anchor, doc) = (section.anchor(), section.doc);
    let depth = if section.path.is_empty() || prefix.is_empty() {
        "###"
    } else {
        "####"
    };
    let _ = write!(
        out,
        "\n{depth} {name}\n\n<a id=\"{prefix}{anchor}\"></a>{doc}\n\n"
    );
    out.push_str("| key | takes | what |\n|---|---|---|\n");
    for key in &section.keys {
        let must = if key.is_required {
            ", must be there"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "| `{}` | {}{must} | {} |",
            key.name,
            takes(key, prefix),
            what(key)
        );
    }
    out
}

fn takes(key: &Entry, prefix: &str) -> String {
    if key.is_typed() {
        return "the [type of a value](#types)".to_owned();
    }
    match key.leads_to().as_str() {
        "" if key.choices.is_empty() => key.takes.to_owned(),
        "" => format!("{} {}", key.takes, listed(key.choices)),
        anchor => format!("[{}](#{prefix}{anchor})", key.takes),
    }
}

fn what(key: &Entry) -> String {
    if key.known.is_empty() {
        key.doc.to_owned()
    } else {
        format!("{} Known: {}.", key.doc, listed(key.known))
    }
}

fn listed(words: &[&str]) -> String {
    let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    all.join(", ")
}

fn words(words: &[Word]) -> String {
    let mut out = "| word | what |\n|---|---|\n".to_owned();
    for word in words {
        let _ = writeln!(out, "| `{}` | {} |", word.name, word.doc);
    }
    out
}

/// The table of all kinds in the builder's chapter.
pub(super) fn kinds() -> String {
    let mut out = "| type | shows | must have | may have |\n|---|---|---|---|\n".to_owned();
    for kind in ALL {
        let schema = kind.schema();
        let names = |is_required: bool| {
            let keys = schema.keys.iter().filter(|key| key.required == is_required);
            listed(&keys.map(|key: &Key| key.name).collect::<Vec<_>>())
        };
        let (name, doc) = (schema.name, schema.doc);
        let (must, may) = (names(true), names(false));
        let _ = writeln!(
            out,
            "| [`{name}`](format.md#{name}-top) | {doc} | {must} | {may} |"
        );
    }
    out
}
