//! The queries of an app made from a table, as its text says them.

use std::fmt::Write;

use super::filters::{Filter, conditions, fields, filters, params, same};
use super::parts::Parts;
use super::sql;
use super::text::quoted;

/// The queries, and the names of what filters them.
pub(super) struct Queries {
    pub(super) text: String,
    pub(super) filters: Vec<String>,
}

pub(super) fn queries(parts: &Parts<'_>) -> Queries {
    let filters = filters(parts, &[], &sql::name);
    let mut text = String::new();
    list(parts, &filters, &mut text);
    figures(parts, &filters, &mut text);
    one_row(parts, &mut text);
    Queries {
        text,
        filters: filters.into_iter().map(|filter| filter.name).collect(),
    }
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
    let _ = write!(out, "\n[query.list.param]\n{}", params(filters));
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
    same(filters, "list", "totals", out);
    if let Some(moment) = parts.moment {
        let sql = sql::over_time(parts, moment, &conditions);
        query("over_time", "read", &sql, out);
        same(filters, "list", "over_time", out);
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
    same(filters, "list", "counted", out);
    if parts.moment.is_none() && parts.measure.is_some() {
        let sql = sql::measured_by(parts, category, &conditions);
        query("measured", "read", &sql, out);
        same(filters, "list", "measured", out);
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

pub(super) fn query(name: &str, kind: &str, sql: &str, out: &mut String) {
    out.push('\n');
    section(name, kind, sql, out);
}

/// A query with a comment above it.
pub(super) fn explained(comment: &str, name: &str, sql: &str, out: &mut String) {
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
