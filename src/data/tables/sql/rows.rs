//! Rows of one table, read as a view asks for them.
//!
//! Pages are found by what the last row held, not by counting rows, so page
//! 10,000 costs what page 1 costs. Rows without a value come first (last when
//! descending), and asking for them apart from the others lets the engine walk
//! an index in both halves.

use std::ops::ControlFlow;

use super::define::quoted;
use crate::data::tables::model::Table;
use crate::data::tables::view::{Filter, Place, Test, View};
use crate::data::{Caps, Catalog, Question, Rows, Value, each, fetch};
use crate::store::{Error, Guarded};

/// A page of rows, and whether there are more on either side.
pub(in crate::data) struct Found {
    pub(in crate::data) rows: Rows,
    pub(in crate::data) has_previous: bool,
    pub(in crate::data) has_next: bool,
}

/// Which half of the order a statement walks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Nulls,
    Values,
    /// The key is never null: one walk is enough.
    Whole,
}

/// The page of at most `most` rows that the view asks for.
pub(in crate::data) fn page(
    guarded: &Guarded,
    catalog: &Catalog,
    (table, view): (&Table, &View),
    most: usize,
) -> Result<Found, Error> {
    let place = match &view.place {
        Some(place) => looked_up(guarded, catalog, (table, view), place)?,
        None => None,
    };
    let is_before = place.as_ref().is_some_and(|place| place.is_before);
    // Walking backwards is walking forwards through the opposite order.
    let descending = view.sort.descending != is_before;
    let mut rows = Rows::default();
    for half in halves(table, view, descending) {
        let left = most + 1 - rows.len();
        let Some(question) = walk(table, view, (half, descending), place.as_ref(), left) else {
            continue;
        };
        let columns = each(guarded, catalog, &question, &mut |columns, cells| {
            if rows.columns.is_empty() {
                rows = Rows::new(columns.to_vec());
            }
            for cell in cells {
                rows.push(*cell);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if rows.columns.is_empty() {
            rows = Rows::new(columns);
        }
        if rows.len() > most {
            break;
        }
    }
    let more = rows.len() > most;
    if more {
        rows.pop();
    }
    Ok(Found {
        rows: if is_before { reversed(&rows) } else { rows },
        has_previous: if is_before { more } else { place.is_some() },
        has_next: if is_before { true } else { more },
    })
}

/// The place with what its row held. A row that is gone and whose value did not
/// travel leaves no place: the view begins anew.
fn looked_up(
    guarded: &Guarded,
    catalog: &Catalog,
    (table, view): (&Table, &View),
    place: &Place,
) -> Result<Option<Place>, Error> {
    if place.value.is_some() || view.sort.column == table.key {
        return Ok(Some(place.clone()));
    }
    let question = Question {
        sql: format!(
            "select {} from {} where {} = :key",
            quoted(&view.sort.column),
            quoted(&table.name),
            quoted(&table.key)
        ),
        values: vec![("key".to_owned(), Value::Integer(place.key))],
    };
    let rows = fetch(guarded, catalog, &question, Caps::PAGE)?;
    Ok((!rows.is_empty()).then(|| Place {
        value: Some(Value::of(rows.get(0, 0))),
        ..place.clone()
    }))
}

fn halves(table: &Table, view: &View, descending: bool) -> Vec<Half> {
    if view.sort.column == table.key {
        vec![Half::Whole]
    } else if descending {
        vec![Half::Values, Half::Nulls]
    } else {
        vec![Half::Nulls, Half::Values]
    }
}

/// One half of the order from the place on; `None` when the place lies past it.
fn walk(
    table: &Table,
    view: &View,
    (half, descending): (Half, bool),
    place: Option<&Place>,
    most: usize,
) -> Option<Question> {
    let (key, column) = (quoted(&table.key), quoted(&view.sort.column));
    let (past, order) = if descending {
        ("<", "desc")
    } else {
        (">", "asc")
    };
    let (mut terms, mut values) = conditions(&view.filters);
    match half {
        Half::Nulls => terms.push(format!("{column} is null")),
        Half::Values => terms.push(format!("{column} is not null")),
        Half::Whole => {}
    }
    if let Some(place) = place {
        let from_key = format!("{key} {past} :place");
        match (half, &place.value) {
            (Half::Whole, _) | (Half::Nulls, Some(Value::Null)) => terms.push(from_key),
            (Half::Values, Some(Value::Null)) if descending => return None,
            (Half::Nulls, _) if !descending => return None,
            (Half::Values, Some(Value::Null)) | (Half::Nulls, _) => {}
            (Half::Values, value) => {
                terms.push(format!("({column}, {key}) {past} (:value, :place)"));
                values.push(("value".to_owned(), value.clone().unwrap_or(Value::Null)));
            }
        }
        values.push(("place".to_owned(), Value::Integer(place.key)));
    }
    values.push(("most".to_owned(), Value::Integer(i64::try_from(most).ok()?)));
    let order = match half {
        Half::Values => format!("{column} {order}, {key} {order}"),
        Half::Nulls | Half::Whole => format!("{key} {order}"),
    };
    let sql = format!(
        "select {} from {}{} order by {order} limit :most",
        columns(table),
        quoted(&table.name),
        filtered(&terms)
    );
    Some(Question { sql, values })
}

fn columns(table: &Table) -> String {
    let names: Vec<_> = table.columns.iter().map(|one| quoted(&one.name)).collect();
    names.join(", ")
}

fn filtered(terms: &[String]) -> String {
    if terms.is_empty() {
        String::new()
    } else {
        format!(" where {}", terms.join(" and "))
    }
}

fn conditions(filters: &[Filter]) -> (Vec<String>, Vec<(String, Value)>) {
    let mut terms = Vec::new();
    let mut values = Vec::new();
    for (at, filter) in filters.iter().enumerate() {
        let column = quoted(&filter.column.name);
        let mut bind = |letter: char, value: &Value| {
            let name = format!("{letter}{at}");
            values.push((name.clone(), value.clone()));
            format!(":{name}")
        };
        terms.push(match &filter.test {
            Test::Contains(part) => {
                let part = bind('f', &Value::Text(part.clone()));
                format!("instr(lower({column}), lower({part})) > 0")
            }
            Test::Is(value) => format!("{column} = {}", bind('f', value)),
            Test::From(value) => format!("{column} >= {}", bind('f', value)),
            Test::To(value) => format!("{column} <= {}", bind('f', value)),
            Test::Before(value) => format!("{column} < {}", bind('f', value)),
            Test::Within(first, end) => {
                let (first, end) = (bind('f', first), bind('g', end));
                format!("({column} >= {first} and {column} < {end})")
            }
            Test::Empty => format!("({column} is null or {column} = '')"),
            Test::Filled => format!("({column} is not null and {column} <> '')"),
        });
    }
    (terms, values)
}

fn reversed(rows: &Rows) -> Rows {
    let mut turned = Rows::new(rows.columns.clone());
    for row in (0..rows.len()).rev() {
        rows.row(row).for_each(|cell| turned.push(cell));
    }
    turned
}

/// How many rows the view holds, counted up to `most`.
pub(in crate::data) fn count(table: &Table, filters: &[Filter], most: i64) -> Question {
    let (terms, mut values) = conditions(filters);
    values.push(("most".to_owned(), Value::Integer(most)));
    let sql = format!(
        "select count(*) from (select 1 from {}{} limit :most)",
        quoted(&table.name),
        filtered(&terms)
    );
    Question { sql, values }
}

/// Every row of the view, in its order.
pub(in crate::data) fn all(table: &Table, view: &View) -> Question {
    let (terms, values) = conditions(&view.filters);
    let order = if view.sort.descending { "desc" } else { "asc" };
    let sql = format!(
        "select {} from {}{} order by {} {order}, {} {order}",
        columns(table),
        quoted(&table.name),
        filtered(&terms),
        quoted(&view.sort.column),
        quoted(&table.key)
    );
    Question { sql, values }
}
