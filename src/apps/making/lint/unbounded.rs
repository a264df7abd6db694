//! A query that gives all rows of a long table, page by page or not.

use super::fix::Fix;
use super::sql::COUNTED;
use super::{Finding, Rule, Sight, Weight, reading};
use crate::apps::editing::query as at;
use crate::apps::format::QueryKind;
use crate::apps::widgets::{Amount, named};
use crate::base::text::thousands;

pub(super) struct Unbounded;

pub(super) static KIND: Unbounded = Unbounded;

impl Rule for Unbounded {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for query in &sight.app.queries {
            let is_read = query.kind == QueryKind::Read && sight.app.is_own(&query.uses);
            if !is_read || query.paging.is_some() || reading::is_bounded(&query.sql) {
                continue;
            }
            let tables = sight.named_in(&query.sql);
            let long = tables.iter().find(|table| {
                sight
                    .facts
                    .rows
                    .get(&table.name)
                    .is_some_and(|rows| *rows >= COUNTED)
            });
            let amounts: Vec<Amount> = { sight.widgets() }
                .filter_map(|(_, widget)| named(&widget.kind)?.need(widget))
                .filter(|need| need.query == query.name)
                .map(|need| need.amount)
                .collect();
            let Some(table) = long.filter(|_| amounts.iter().any(|one| *one != Amount::One)) else {
                continue;
            };
            // Where every widget turns pages, the query can say how.
            let is_paged = amounts.iter().all(|one| *one == Amount::Page);
            let has_key = sight
                .columns(&query.name)
                .iter()
                .any(|column| column.name == table.key);
            let value = if has_key {
                format!("{{ size = 50, key = \"{}\" }}", table.key)
            } else {
                "{ size = 50 }".to_owned()
            };
            found.push(Finding {
                id: format!("unbounded:{}", query.name),
                weight: Weight::Should,
                line: query.position.line,
                place: format!("the query {}", query.name),
                why: format!(
                    "{} has {} rows or more, and nothing says how many of them are wanted: far pages get slow, and a chart leaves rows out",
                    table.title,
                    thousands(COUNTED)
                ),
                todo: if is_paged {
                    "say `paging` with a `key`".to_owned()
                } else {
                    "say `limit` in the statement, or have the database sum the rows up".to_owned()
                },
                fix: is_paged.then(|| Fix::Put {
                    path: at(&query.name),
                    key: "paging",
                    value,
                }),
            });
        }
        found
    }
}
