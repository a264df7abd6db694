//! A question as the fields of a form.

use super::model::{Filter, Guide, Measure, Op};
use crate::data::sql_text::Dialect;
use crate::web::Fields;

/// Empty lines for more filters.
const MORE: usize = 2;

/// What was filled in. The table, and whose SQL is spoken there, are known beside it.
pub(in crate::apps::making) fn typed(fields: &Fields, (table, dialect): (&str, Dialect)) -> Guide {
    let word = |name: &str| fields.get(name).unwrap_or_default().trim();
    let several = |name: &str| {
        let all = fields
            .all(name)
            .map(str::trim)
            .filter(|one| !one.is_empty());
        let mut seen: Vec<String> = Vec::new();
        for one in all {
            if !seen.iter().any(|known| known == one) {
                seen.push(one.to_owned());
            }
        }
        seen
    };
    let mut filters = Vec::new();
    for at in 0.. {
        let Some(column) = fields.get(&format!("f.{at}.column")) else {
            break;
        };
        let op = Op::named(word(&format!("f.{at}.op")));
        let Some(op) = op.filter(|_| !column.is_empty()) else {
            continue;
        };
        let is_asked = fields.get(&format!("f.{at}.asked")).is_some();
        let value = word(&format!("f.{at}.value")).to_owned();
        filters.push(Filter {
            column: column.to_owned(),
            value: (op.takes_value() && !is_asked).then_some(value),
            op,
        });
    }
    let measure = Measure::named(word("measure"));
    let sort = word("sort");
    Guide {
        dialect,
        table: table.to_owned(),
        columns: several("columns"),
        filters,
        group: several("group"),
        measure: measure.map(|measure| {
            let column = if measure == Measure::Count {
                ""
            } else {
                word("measured")
            };
            (measure, column.to_owned())
        }),
        sort: (!sort.is_empty()).then(|| (sort.to_owned(), fields.get("down").is_some())),
        limit: word("limit").parse().ok().filter(|limit| *limit > 0),
    }
}

/// A line of the form about one filter.
pub(in crate::apps::making) struct Row {
    /// What its fields begin with, and its number for people.
    pub(in crate::apps::making) name: String,
    pub(in crate::apps::making) number: usize,
    pub(in crate::apps::making) column: String,
    pub(in crate::apps::making) op: &'static str,
    pub(in crate::apps::making) value: String,
    pub(in crate::apps::making) is_asked: bool,
}

/// The filters with room for more.
pub(in crate::apps::making) fn rows(guide: &Guide) -> Vec<Row> {
    let filled = guide.filters.iter().map(|filter| Row {
        name: String::new(),
        number: 0,
        column: filter.column.clone(),
        op: filter.op.word(),
        is_asked: filter.value.is_none() && filter.op.takes_value(),
        value: filter.value.clone().unwrap_or_default(),
    });
    let empty = || Row {
        name: String::new(),
        number: 0,
        column: String::new(),
        op: "is",
        value: String::new(),
        is_asked: false,
    };
    let all = filled.chain((0..MORE).map(|_| empty())).enumerate();
    let named = |(at, row): (usize, Row)| Row {
        name: format!("f.{at}"),
        number: at + 1,
        ..row
    };
    all.map(named).collect()
}
