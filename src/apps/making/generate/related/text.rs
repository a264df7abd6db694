//! The text of an app of several tables, from its first line to its last.

use std::fmt::Write;

use super::family::Family;
use super::{forms, home, lists};
use crate::apps::making::generate::text::quoted;

/// The text of the app `id`.
pub(in crate::apps::making) fn family_text(id: &str, title: &str, family: &Family) -> String {
    let all = family.kin();
    let titles: Vec<String> = { all.iter() }
        .map(|kin| kin.title().to_lowercase())
        .collect();
    let mut out = String::new();
    let _ = write!(
        out,
        r#"# Made from tables of this workspace: {tables}.
# It is yours now: change what you like, and what is wrong is listed while you write.
format = 1
id     = "{id}"
title  = {title}
description = {description}

# This workspace's own database. "write" is for the forms and the delete buttons.
[uses.main]
kind  = "sqlite"
needs = ["read", "write"]
"#,
        tables = { all.iter() }
            .map(super::family::Kin::table)
            .collect::<Vec<_>>()
            .join(", "),
        title = quoted(title),
        description = quoted(&format!(
            "Find, look at and change {}.",
            enumerated(&titles)
        )),
    );
    home::queries(&all, &mut out);
    for kin in &all {
        lists::queries(kin, family, &mut out);
        for child in kin.children {
            lists::belonging(&all, family, child, &mut out);
        }
        forms::queries(kin, family, &mut out);
        for child in kin.children {
            forms::adding(&all, family, child, &mut out);
        }
    }
    home::page(&all, &mut out);
    for (at, kin) in all.iter().enumerate() {
        lists::list_page(kin, family, 20 + 10 * at, &mut out);
        lists::row_page(at, &all, family, &mut out);
        forms::pages(at, kin, family, &mut out);
        for child in kin.children {
            forms::adding_page(kin, &all, (family, child), &mut out);
        }
    }
    out
}

/// `a, b and c`
pub(super) fn enumerated(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A comment, after an empty line.
pub(super) fn commented(words: &str, out: &mut String) {
    let _ = writeln!(out, "\n# {words}");
}

/// The address of a page within the app.
pub(super) fn path(page: &str) -> String {
    format!("/{}", page.replace('_', "-"))
}

/// `name = "Title"` for each.
pub(super) fn labels(columns: &[(String, String)]) -> String {
    let each = columns.iter().map(|(name, title)| pair(name, title));
    each.collect::<Vec<_>>().join(", ")
}

pub(super) fn pair(name: &str, text: &str) -> String {
    format!("{name} = {}", quoted(text))
}
