//! The numbers an app is held to.

use crate::apps::format::{LIST, NAME, PAGE_ROWS, SCALE};
use crate::apps::making::MOST;
use crate::base::Bound;
use crate::base::text::thousands;

/// A bound, and what it is about.
pub(super) struct Limit {
    pub(super) what: &'static str,
    pub(super) most: String,
}

/// What holds for every app; then what an operator sets for a workspace, as it usually is.
pub(super) fn all() -> Vec<Limit> {
    let (least, most) = PAGE_ROWS;
    let mut all = vec![
        limit("Text of an app", format!("{} MiB", MOST >> 20)),
        limit("Characters of a name", NAME.to_string()),
        limit(
            "Rows of a page, in `paging`",
            format!("{least} to {}", grouped(u64::from(most))),
        ),
        limit("Values of a list", grouped(LIST as u64)),
        limit(
            "Digits of a decimal after its point",
            format!("0 to {SCALE}"),
        ),
        limit("Columns of a page's grid", "12".to_owned()),
    ];
    let bounds = [
        Bound::Page,
        Bound::Rows,
        Bound::Answer,
        Bound::Export,
        Bound::AtOnce,
    ];
    all.extend(
        bounds.map(|bound| limit(bound.title(), format!("usually {}", grouped(bound.usual())))),
    );
    all
}

fn limit(what: &'static str, most: String) -> Limit {
    Limit { what, most }
}

fn grouped(number: u64) -> String {
    thousands(i128::from(number))
}
