//! What narrows down the list of a table, and what its forms ask for.

use std::fmt::Write;

use super::parts::Parts;
use super::shape::Facts;
use super::sql;
use super::text::quoted;
use crate::data::ColumnType;

/// The longest text a form takes on one line, and over several, where the table does not
/// have longer ones; and from how many letters on it may become several lines.
const LINE: i64 = 200;
const LINES: i64 = 2_000;
const LONG: i64 = 100;

/// A filter: what the address may say, and what it means for the rows.
pub(super) struct Filter {
    pub(super) name: String,
    pub(super) condition: String,
    /// The settings of its parameter, in braces.
    pub(super) settings: String,
}

/// The filters of a list. `also` are columns of other tables that the search looks into;
/// `written` is how a column of this one stands in the statement.
pub(super) fn filters(
    parts: &Parts<'_>,
    also: &[String],
    written: &dyn Fn(&str) -> String,
) -> Vec<Filter> {
    let mut filters = Vec::new();
    let mut columns: Vec<String> = { parts.searched.iter() }
        .map(|facts| written(facts.name()))
        .collect();
    columns.extend_from_slice(also);
    if !columns.is_empty() {
        let name = free(parts, "search");
        filters.push(Filter {
            condition: sql::contains(&columns, &name),
            settings: format!("from = \"url.{name}\", type = \"text\", max = 80"),
            name,
        });
    }
    for facts in &parts.choices {
        let values: Vec<String> = facts.values.iter().map(|value| quoted(value)).collect();
        let (name, values) = (facts.name(), values.join(", "));
        filters.push(Filter {
            condition: sql::equals(&written(name), name),
            settings: format!("from = \"url.{name}\", type = \"enum\", values = [{values}]"),
            name: name.to_owned(),
        });
    }
    for facts in &parts.flags {
        let name = facts.name();
        filters.push(Filter {
            condition: sql::equals(&written(name), name),
            settings: format!("from = \"url.{name}\", type = \"bool\""),
            name: name.to_owned(),
        });
    }
    if let Some(moment) = parts.moment {
        for (name, condition) in [
            ("since", sql::since as fn(&str, ColumnType, &str) -> String),
            ("until", sql::until),
        ] {
            let name = free(parts, name);
            filters.push(Filter {
                condition: condition(&written(moment.name()), moment.kind(), &name),
                settings: format!("from = \"url.{name}\", type = \"date\""),
                name,
            });
        }
    }
    filters
}

/// The name, where no column of the table has it.
pub(super) fn free(parts: &Parts<'_>, name: &str) -> String {
    match parts.shape.table.column(name) {
        Some(_) => format!("{name}_is"),
        None => name.to_owned(),
    }
}

/// The parameters of the list, a line each.
pub(super) fn params(filters: &[Filter]) -> String {
    let each = filters
        .iter()
        .map(|filter| format!("{} = {{ {}, null = true }}\n", filter.name, filter.settings));
    each.collect()
}

pub(super) fn conditions(filters: &[Filter]) -> Vec<String> {
    let each = filters.iter().map(|filter| filter.condition.clone());
    each.collect()
}

/// The same parameters for another query.
pub(super) fn same(filters: &[Filter], list: &str, query: &str, out: &mut String) {
    if filters.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n[query.{query}.param]");
    for Filter { name, .. } in filters {
        let _ = writeln!(out, "{name} = {{ same_as = \"{list}.{name}\" }}");
    }
}

/// What the forms ask for, a line each.
pub(super) fn fields(parts: &Parts<'_>) -> String {
    let mut out = String::new();
    for (name, settings) in asked(parts) {
        let _ = writeln!(out, "{name} = {settings}");
    }
    out
}

/// The columns that forms ask for, each with the settings of its parameter in braces.
pub(in crate::apps::making) fn asked(parts: &Parts<'_>) -> Vec<(String, String)> {
    let mut first_text = true;
    let mut out = Vec::new();
    for facts in &parts.shape.columns {
        let is_text = facts.kind() == ColumnType::Text && !facts.is_choice();
        let is_first = is_text && std::mem::take(&mut first_text);
        let is_moment = parts
            .moment
            .is_some_and(|moment| moment.name() == facts.name());
        let is_choice = facts.is_choice() && facts.kind() == ColumnType::Text;
        let is_required = parts.is_filled(facts) && (is_choice || is_first || is_moment);
        let (name, mut settings) = (facts.name(), kind_of(facts));
        if !is_required {
            settings.push_str(", null = true");
        }
        let settings = format!("{{ from = \"form.{name}\", {settings} }}");
        out.push((name.to_owned(), settings));
    }
    out
}

fn kind_of(facts: &Facts) -> String {
    let kind = match facts.kind() {
        ColumnType::Text if facts.is_choice() => {
            let values: Vec<String> = facts.values.iter().map(|value| quoted(value)).collect();
            return format!("type = \"enum\", values = [{}]", values.join(", "));
        }
        ColumnType::Text => {
            let most = if facts.longest > LONG {
                facts.longest.max(LINES)
            } else {
                LINE
            };
            return format!("type = \"text\", max = {most}");
        }
        ColumnType::Integer => "int",
        ColumnType::Number => "decimal",
        ColumnType::Date => "date",
        ColumnType::DateTime => "datetime",
        ColumnType::Boolean => "bool",
    };
    format!("type = \"{kind}\"")
}
