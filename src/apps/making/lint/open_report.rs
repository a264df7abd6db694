//! Personal columns that everybody in the workspace may see, or take along as a file.

use super::personal::personal;
use super::{Finding, Rule, Sight, Weight, listed, place_of};
use crate::apps::widgets::named;

pub(super) struct OpenReport;

pub(super) static KIND: OpenReport = OpenReport;

impl Rule for OpenReport {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        if !sight.facts.is_open {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (page, widget) in sight.widgets() {
            let Some(kind) = named(&widget.kind) else {
                continue;
            };
            let Some(need) = kind.need(widget) else {
                continue;
            };
            let listing = kind.listing(widget);
            let (chosen, is_taken) = listing.map_or((Vec::new(), false), |listing| {
                (listing.columns, !listing.files.is_empty())
            });
            let mut columns: Vec<String> = Vec::new();
            let mut weight = Weight::Should;
            for column in sight.columns(need.query) {
                let is_shown = chosen.is_empty() || chosen.contains(&column.name.as_str());
                let by_origin = column.from.as_ref().and_then(|(_, name)| personal(name));
                let Some((its, what)) = personal(&column.name).or(by_origin) else {
                    continue;
                };
                // What helps people to reach each other is there to be seen, and not to be
                // carried off.
                let matters = its == Weight::Must || is_taken;
                if is_shown && matters && !sight.is_governed(column.from.as_ref()) {
                    columns.push(format!("`{}` ({what})", column.name));
                    weight = weight.max(its);
                }
            }
            if columns.is_empty() {
                continue;
            }
            let verb = if is_taken {
                "take along as a file"
            } else {
                "see"
            };
            found.push(Finding {
                id: format!("open_report:{}:{}", page.id, widget.id),
                weight,
                line: widget.position.line,
                place: place_of(page, widget),
                why: format!(
                    "everybody in the workspace may open it and {verb} {}, as far as the names tell",
                    listed(&columns)
                ),
                todo: "name under [access] or on the page Sharing who needs it, leave the columns out, or narrow them with a [policy.…]"
                    .to_owned(),
                fix: None,
            });
        }
        found
    }
}
