//! A query that writes and does not say how many rows it changes.

use super::fix::Fix;
use super::{Finding, Rule, Sight, Weight, reading};
use crate::apps::editing::query as at;
use crate::apps::format::QueryKind;

pub(super) struct NoExpect;

pub(super) static KIND: NoExpect = NoExpect;

impl Rule for NoExpect {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        let writes = sight.app.queries.iter();
        let writes =
            writes.filter(|query| query.kind == QueryKind::Write && query.expect.is_none());
        let finding = |query: &crate::apps::format::Query| {
            let picks = reading::picks_rows(&query.sql);
            Finding {
                id: format!("no_expect:{}", query.name),
                weight: if picks { Weight::Should } else { Weight::Must },
                line: query.position.line,
                place: format!("the query {}", query.name),
                why: if picks {
                    "it says nothing of how many rows it changes: where somebody else was faster, or a condition is wrong, nobody notices"
                        .to_owned()
                } else {
                    "it has no `where` and no `expect`: one press changes every row of the table"
                        .to_owned()
                },
                todo: "say `expect`, the number of rows; anything else is undone then".to_owned(),
                fix: reading::adds_one(&query.sql).then(|| Fix::Put {
                    path: at(&query.name),
                    key: "expect",
                    value: "1".to_owned(),
                }),
            }
        };
        writes.map(finding).collect()
    }
}
