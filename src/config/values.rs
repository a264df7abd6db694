//! What the values of some keys look like.

use toml_edit::Item;

use crate::base::{Bound, Limits};

/// The table of a workspace's limits: a whole number each, in its range.
pub(super) fn workspace(item: &Item) -> Result<Limits, Option<&'static str>> {
    const MUST: &str = "a table of limits with whole numbers, such as { page_seconds = 5, storage_megabytes = 20480 }; docs/tenants.md has their names and ranges";
    let table = item.as_table_like().ok_or(Some(MUST))?;
    let mut limits = Limits::default();
    for (name, value) in table.iter() {
        let bound = Bound::named(name).ok_or(Some(MUST))?;
        let value = value
            .as_integer()
            .and_then(|value| u64::try_from(value).ok());
        let value = value.ok_or(Some(MUST))?;
        limits = limits.with(bound, value);
        if limits.get(bound) != value {
            return Err(Some(MUST));
        }
    }
    Ok(limits)
}

pub(super) fn words(item: &Item) -> Option<Vec<String>> {
    let words = item.as_array()?.iter();
    words.map(|word| word.as_str().map(str::to_owned)).collect()
}
