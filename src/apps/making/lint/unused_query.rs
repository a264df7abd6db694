//! A query that no widget and no test names.

use super::fix::Fix;
use super::{Finding, Rule, Sight, Weight};

pub(super) struct UnusedQuery;

pub(super) static KIND: UnusedQuery = UnusedQuery;

impl Rule for UnusedQuery {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        let app = sight.app;
        let unused = app.queries.iter().filter(|query| {
            let of_it = format!("{}.", query.name);
            let is_shown = sight
                .widgets()
                .any(|(_, widget)| widget.queries.contains(&query.name));
            let is_tested = app.tests.iter().any(|test| test.run == query.name);
            let mut params = app.queries.iter().flat_map(|other| &other.params);
            let is_copied = params.any(|param| {
                let same = param.same_as.as_ref();
                same.is_some_and(|same| same.starts_with(&of_it))
            });
            !is_shown && !is_tested && !is_copied
        });
        let finding = |query: &crate::apps::format::Query| {
            let is_for_programs = query.is_for_programs();
            Finding {
                id: format!("unused_query:{}", query.name),
                weight: Weight::Should,
                line: query.position.line,
                place: format!("the query {}", query.name),
                why: if is_for_programs {
                    "no widget and no test names it; a program with a key may still read it"
                        .to_owned()
                } else {
                    "no widget and no test names it, and no program may run it".to_owned()
                },
                todo: if is_for_programs {
                    "leave it if a program reads it; otherwise take it out".to_owned()
                } else {
                    "show it in a widget, or take it out".to_owned()
                },
                fix: Some(Fix::Take {
                    above: "query",
                    name: query.name.clone(),
                }),
            }
        };
        unused.map(finding).collect()
    }
}
