//! Kinds of widget a page can hold. To add one: a folder here with its code,
//! template and style, and its name in the list below.

use super::format::{AppOutline, KindSchema, Kinds, Settings};

/// The kinds, as the format asks about them.
pub struct Known;

impl Kinds for Known {
    fn check(&self, _: &str, _: &mut Settings<'_>, _: &AppOutline<'_>) -> bool {
        false
    }

    fn schema(&self) -> Vec<KindSchema> {
        Vec::new()
    }
}
