//! A column that people filter or sort by, in a long table, without an index.

use super::fix::Fix;
use super::{Finding, Rule, Sight, Weight, reading};
use crate::apps::format::{Query, QueryKind};
use crate::base::text::thousands;
use crate::data::tables::Table;

/// A shorter table is walked through before anybody notices.
const LONG: i64 = 1_000;

pub(super) struct NoIndex;

pub(super) static KIND: NoIndex = NoIndex;

impl Rule for NoIndex {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        let mut found: Vec<Finding> = Vec::new();
        let reads = sight.app.queries.iter();
        for query in reads.filter(|query| query.kind == QueryKind::Read && sight.app.is_own(&query.uses)) {
            let filtered = filtered(sight, query).into_iter().map(|of| (of, "filter"));
            let sorted = sorted(sight, query).into_iter().map(|of| (of, "sort"));
            for ((table, column), verb) in filtered.chain(sorted) {
                let id = format!("no_index:{}:{column}", table.name);
                let rows = sight
                    .facts
                    .rows
                    .get(&table.name)
                    .copied()
                    .unwrap_or_default();
                let indices = sight.facts.indexed.get(&table.name);
                // An index that is not known of may well be there.
                let is_indexed = indices.is_none_or(|all| all.contains(&column));
                if rows < LONG || is_indexed || found.iter().any(|known| known.id == id) {
                    continue;
                }
                found.push(Finding {
                    id,
                    weight: Weight::Should,
                    line: query.position.line,
                    place: format!("the query {}", query.name),
                    why: format!(
                        "people {verb} by {column}, and each time the database walks through all of {} ({} rows or more)",
                        table.title,
                        thousands(rows)
                    ),
                    todo: format!("make an index on {}.{column}", table.name),
                    fix: Some(Fix::Index {
                        table: table.name.clone(),
                        column,
                    }),
                });
            }
        }
        found
    }
}

/// Columns compared with a parameter, of tables that the engine says it scans.
fn filtered<'a>(sight: &Sight<'a>, query: &Query) -> Vec<(&'a Table, String)> {
    let Some(asked) = sight.facts.asked.get(&query.name) else {
        return Vec::new();
    };
    let named = sight.named_in(&query.sql);
    // A plan calls a table as the statement does, which may be a short name.
    let is_scanned = |table: &Table| {
        let line = format!("SCAN {}", table.name);
        let is_alone = named.len() == 1 && !asked.scans.is_empty();
        is_alone || asked.scans.contains(&line)
    };
    let columns = reading::compared(&query.sql).into_iter();
    let of_table = |column: String| {
        let mut tables = named.iter();
        let table = tables.find(|table| table.column(&column).is_some())?;
        is_scanned(table).then_some((*table, column))
    };
    columns.filter_map(of_table).collect()
}

/// Columns of `paging`, as far as they come straight from a table.
fn sorted<'a>(sight: &Sight<'a>, query: &Query) -> Vec<(&'a Table, String)> {
    let sort = query.paging.iter().flat_map(|paging| &paging.sort);
    let of_table = |name: &String| {
        let mut columns = sight.columns(&query.name).iter();
        let (table, column) = columns.find(|column| column.name == *name)?.from.as_ref()?;
        let table = sight.tables.iter().find(|known| known.name == *table)?;
        Some((table, column.clone()))
    };
    sort.filter_map(of_table).collect()
}
