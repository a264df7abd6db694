//! Names that are there, and names that are free.

use crate::base::written::edit::{Body, listed};
use toml_edit::{Item, Table};

/// All questions with their page and their place on it.
pub(super) fn asks(root: &Table) -> Vec<(usize, usize, Body<'_>)> {
    let mut found = Vec::new();
    for (at, page) in pages(root).into_iter().enumerate() {
        let asks = page.get("ask").map(listed).unwrap_or_default();
        found.extend(asks.into_iter().enumerate().map(|(on, ask)| (at, on, ask)));
    }
    found
}

pub(super) fn pages(root: &Table) -> Vec<Body<'_>> {
    root.get("page").map(listed).unwrap_or_default()
}

/// The names under `key`: of lists, quotas, entries.
pub(super) fn names(root: &Table, key: &str) -> Vec<String> {
    let table = root.get(key).and_then(Item::as_table_like);
    let names = table
        .into_iter()
        .flat_map(|table| table.iter().map(|(name, _)| name.to_owned()));
    names.collect()
}

/// Every name that a new question could not have.
pub(super) fn taken(root: &Table) -> Vec<String> {
    let mut taken = Vec::new();
    for page in pages(root) {
        let leaves = page.get("leave").map(listed).unwrap_or_default();
        let ids = leaves.iter().chain([&page]);
        taken.extend(ids.filter_map(|one| one.text("id").map(str::to_owned)));
    }
    let asks = asks(root);
    taken.extend(
        asks.iter()
            .filter_map(|(_, _, ask)| ask.text("id").map(str::to_owned)),
    );
    taken.extend(names(root, "entry"));
    taken
}

/// `q3`, or `q4` where that is taken. A number never stands behind `_`: the variables of
/// a question are called so.
pub(super) fn free(taken: &[String], wanted: &str) -> String {
    let is_free = |name: &String| !taken.iter().any(|known| known == name);
    let stem: String = wanted
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .chars()
        .take(56)
        .collect();
    let number = wanted
        .get(stem.len()..)
        .and_then(|digits| digits.parse::<u32>().ok());
    let first = match number {
        Some(number) => format!("{stem}{number}"),
        None => stem.clone(),
    };
    if is_free(&first) {
        return first;
    }
    let mut tries = (number.unwrap_or(1) + 1..).map(|number| format!("{stem}{number}"));
    tries.find(is_free).unwrap_or(first)
}
