//! The queries of an app made from a table, as its text says them.

use std::fmt::Write;

use super::parts::Parts;
use super::shape::Facts;
use super::sql;
use super::text::quoted;
use crate::data::ColumnType;

/// The longest text a form takes where the table says nothing else.
const TEXT: i64 = 500;

/// A filter: what the address may say, and what it means for the rows.
struct Filter {
    name: String,
    condition: String,
    /// The settings of its parameter, in braces.
    settings: String,
}

/// The queries, and the names of what filters them.
pub(super) struct Queries {
    pub(super) text: String,
    pub(super) filters: Vec<String>,
}

pub(super) fn queries(parts: &Parts<'_>) -> Queries {
    let filters = filters(parts);
    let mut text = String::new();
    list(parts, &filters, &mut text);
    figures(parts, &filters, &mut text);
    one_row(parts, &mut text);
    Queries {
        text,
        filters: filters.into_iter().map(|filter| filter.name).collect(),
    }
}

fn filters(parts: &Parts<'_>) -> Vec<Filter> {
    let free = |name: &str| {
        let is_column = parts.shape.table.column(name).is_some();
        if is_column {
            format!("{name}_is")
        } else {
            name.to_owned()
        }
    };
    let mut filters = Vec::new();
    if !parts.searched.is_empty() {
        let name = free("search");
        filters.push(Filter {
            condition: sql::contains(&parts.searched, &name),
            settings: format!("from = \"url.{name}\", type = \"text\", max = 80"),
            name,
        });
    }
    for facts in &parts.choices {
        let values: Vec<String> = facts.values.iter().map(|value| quoted(value)).collect();
        let (name, values) = (facts.name(), values.join(", "));
        filters.push(Filter {
            condition: sql::equals(facts, name),
            settings: format!("from = \"url.{name}\", type = \"enum\", values = [{values}]"),
            name: name.to_owned(),
        });
    }
    for facts in &parts.flags {
        let name = facts.name();
        filters.push(Filter {
            condition: sql::equals(facts, name),
            settings: format!("from = \"url.{name}\", type = \"bool\""),
            name: name.to_owned(),
        });
    }
    if let Some(moment) = parts.moment {
        for (name, condition) in [
            ("since", sql::since as fn(&Facts, &str) -> String),
            ("until", sql::until),
        ] {
            let name = free(name);
            filters.push(Filter {
                condition: condition(moment, &name),
                settings: format!("from = \"url.{name}\", type = \"date\""),
                name,
            });
        }
    }
    filters
}

fn list(parts: &Parts<'_>, filters: &[Filter], out: &mut String) {
    explained(
        "The list. A filter nobody has set is left out of the question altogether,\nso the indexes on the columns are used.",
        "list",
        &sql::list(parts, &conditions(filters)),
        out,
    );
    let key = &parts.shape.table.key;
    let columns = parts.shown.iter().map(|facts| facts.name());
    let sort: Vec<String> = columns.chain([key.as_str()]).map(quoted).collect();
    let by_moment = parts.moment.filter(|moment| {
        parts
            .shown
            .iter()
            .any(|facts| facts.name() == moment.name())
    });
    let default = by_moment.map_or(key.clone(), |moment| format!("-{}", moment.name()));
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "paging = {{ size = 50, sort = [{}], default = {}, key = {} }}",
        sort.join(", "),
        quoted(&default),
        quoted(key)
    );
    if filters.is_empty() {
        return;
    }
    out.push_str("\n[query.list.param]\n");
    for filter in filters {
        let _ = writeln!(
            out,
            "{} = {{ {}, null = true }}",
            filter.name, filter.settings
        );
    }
}

/// The queries of the tiles and charts: over the same rows as the list.
fn figures(parts: &Parts<'_>, filters: &[Filter], out: &mut String) {
    let conditions = conditions(filters);
    explained(
        "The figures on top, over the rows the filters leave.",
        "totals",
        &sql::totals(parts, &conditions),
        out,
    );
    same(filters, "totals", out);
    if let Some(moment) = parts.moment {
        let sql = sql::over_time(parts, moment, &conditions);
        query("over_time", "read", &sql, out);
        same(filters, "over_time", out);
    }
    let Some(category) = parts.category else {
        return;
    };
    query(
        "counted",
        "read",
        &sql::counted_by(parts, category, &conditions),
        out,
    );
    same(filters, "counted", out);
    if parts.moment.is_none() && parts.measure.is_some() {
        let sql = sql::measured_by(parts, category, &conditions);
        query("measured", "read", &sql, out);
        same(filters, "measured", out);
    }
}

fn one_row(parts: &Parts<'_>, out: &mut String) {
    let (key, one) = (&parts.shape.table.key, &parts.one);
    let words = format!(
        "One {one}: read, changed, added, removed. `expect` says how many rows a\nwrite may touch; anything else is undone."
    );
    explained(&words, "one", &sql::one(parts), out);
    let by_key = format!("{key} = {{ from = \"url.{key}\", type = \"int\" }}\n");
    let _ = write!(out, "\n[query.one.param]\n{by_key}");
    let audit = crate::base::text::identifier(one);

    query("change", "write", &sql::change(parts), out);
    let _ = write!(out, "audit  = \"{audit}.changed\"\nexpect = 1\n");
    let _ = write!(out, "\n[query.change.param]\n{by_key}{}", fields(parts));

    query("add", "write", &sql::add(parts), out);
    let _ = write!(out, "audit  = \"{audit}.added\"\nexpect = 1\n");
    let _ = write!(out, "\n[query.add.param]\n{}", fields(parts));

    query("remove", "write", &sql::remove(parts), out);
    let _ = write!(out, "audit  = \"{audit}.removed\"\nexpect = 1\n");
    let _ = write!(out, "\n[query.remove.param]\n{by_key}");
}

/// What the forms ask for, a line each.
fn fields(parts: &Parts<'_>) -> String {
    let mut first_text = true;
    let mut out = String::new();
    for facts in &parts.shape.columns {
        let is_text = facts.kind() == ColumnType::Text && !facts.is_choice();
        let is_first = is_text && std::mem::take(&mut first_text);
        let is_filled = parts.shape.rows > 0 && facts.filled == parts.shape.rows;
        let is_moment = parts
            .moment
            .is_some_and(|moment| moment.name() == facts.name());
        let is_choice = facts.is_choice() && facts.kind() == ColumnType::Text;
        let is_required = is_filled && (is_choice || is_first || is_moment);
        let (name, mut settings) = (facts.name(), kind_of(facts));
        if !is_required {
            settings.push_str(", null = true");
        }
        let _ = writeln!(out, "{name} = {{ from = \"form.{name}\", {settings} }}");
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
            let most = facts.longest.max(TEXT);
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

fn conditions(filters: &[Filter]) -> Vec<String> {
    let each = filters.iter().map(|filter| filter.condition.clone());
    each.collect()
}

fn same(filters: &[Filter], query: &str, out: &mut String) {
    if filters.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n[query.{query}.param]");
    for Filter { name, .. } in filters {
        let _ = writeln!(out, "{name} = {{ same_as = \"list.{name}\" }}");
    }
}

fn query(name: &str, kind: &str, sql: &str, out: &mut String) {
    out.push('\n');
    section(name, kind, sql, out);
}

/// A query with a comment above it.
fn explained(comment: &str, name: &str, sql: &str, out: &mut String) {
    out.push('\n');
    for line in comment.lines() {
        let _ = writeln!(out, "# {line}");
    }
    section(name, "read", sql, out);
}

fn section(name: &str, kind: &str, sql: &str, out: &mut String) {
    let _ = write!(
        out,
        "[query.{name}]\nuse  = \"main\"\nkind = \"{kind}\"\nsql  = '''\n{sql}\n'''\n"
    );
}
