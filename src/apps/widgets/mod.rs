//! Kinds of widget a page can hold. To add one: a folder here with its code
//! and template, and its name in the list below.

mod acts;
mod cells;
mod control;
mod fields;
mod figures;
mod kind;
mod links;
mod months;
mod origins;
mod pager;
mod scene;
mod sums;
#[cfg(test)]
mod tests;

use super::format::{AppOutline, KindSchema, Kinds, Settings};
use crate::kinds;

pub(in crate::apps) use cells::text as cell_text;
pub(in crate::apps) use figures::escape;
pub use form::{
    Answers, Below, Choice, Counts, FEW, Family, Line, Lines, MOST, Offer, Pair, SEARCH, joined,
    lines, seen,
};
pub use kind::{Amount, Kind, Listing, Need, Reach, Sends};
pub use report::totals;
pub use scene::{Once, PageOfRows, Place, Scene, Sight, Tried, Trouble, address, column_title};
pub(in crate::apps) use text::clean as markdown;

kinds! {
    pub dyn Kind: report, cards, detail, chart, stat, pivot, calendar, timeline, kanban, form,
    filter, button, modal, tabs, text, image, embed
}

/// The kind of that name.
pub fn named(name: &str) -> Option<&'static dyn Kind> {
    let found = ALL.iter().find(|kind| kind.schema().name == name);
    found.copied()
}

/// Notes queries that hang on the row above a line, where there are no lines.
fn refuse_lines(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    let queries = settings.named().into_iter();
    let hanging = queries.filter(|name| app.query(name).is_some_and(form::hangs));
    for name in hanging.collect::<Vec<_>>() {
        settings.problem(
            "query",
            format!("`{name}` takes `parent.id`, which there is in the lines of a form alone"),
        );
    }
}

/// The kinds, as the format asks about them.
pub struct Known;

impl Kinds for Known {
    fn check(&self, kind: &str, settings: &mut Settings<'_>, app: &AppOutline<'_>) -> bool {
        let Some(kind) = named(kind) else {
            return false;
        };
        settings.finish(kind.schema().keys);
        kind.check(settings, app);
        if !kind.has_lines() {
            refuse_lines(settings, app);
        }
        true
    }

    fn schema(&self) -> Vec<KindSchema> {
        ALL.iter().map(|kind| kind.schema()).collect()
    }
}
