//! The text of an app made from a table: its head and its pages.

use std::fmt::Write;

use super::parts::Parts;
use super::queries::queries;
use crate::base::text::thousands;
use crate::data::ColumnType;

/// The text of the app `id`.
pub(in crate::apps::making) fn app_text(id: &str, parts: &Parts<'_>) -> String {
    let table = &parts.shape.table;
    let asked = queries(parts);
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"# Made from the table `{name}`, which had {rows} rows then. It is yours now:
# change what you like, and what is wrong is listed below while you write.
format = 1
id     = "{id}"
title  = {title}
description = {description}

# This workspace's own database. "write" is for the forms and the delete button.
[uses.main]
kind  = "sqlite"
needs = ["read", "write"]
"#,
        name = table.name,
        rows = thousands(parts.shape.rows),
        title = quoted(&table.title),
        description = quoted(&format!(
            "Find, look at and change {}.",
            table.title.to_lowercase()
        )),
    );
    out.push_str(&asked.text);
    list_page(parts, &asked.filters, &mut out);
    detail_page(parts, &mut out);
    new_page(parts, &mut out);
    out
}

/// Text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}

/// `title = "…"` for each column that is called otherwise than its name.
fn labels(parts: &Parts<'_>) -> String {
    let each = parts.shape.columns.iter().map(|facts| {
        let title = quoted(&facts.column.title);
        format!("{} = {title}", facts.name())
    });
    each.collect::<Vec<_>>().join(", ")
}

fn list_page(parts: &Parts<'_>, filters: &[String], out: &mut String) {
    let table = &parts.shape.table;
    let _ = write!(
        out,
        r#"
# The first page. A widget stands at = [row, column, width] on a grid of 12
# columns; on a phone they stand one below the other.
[page.home]
title = {title}
path  = "/"
order = 10

[page.home.widget.new]
type  = "button"
at    = [1, 1, 12]
label = {new}
goto  = "new"
style = "primary"
"#,
        title = quoted(&table.title),
        new = quoted(&format!("New {}", parts.one)),
    );
    if !filters.is_empty() {
        let inputs = filters.iter().map(|name| quoted(&format!("list.{name}")));
        let _ = write!(
            out,
            r#"
[page.home.widget.filters]
type   = "filter"
at     = [2, 1, 12]
inputs = [{}]
"#,
            inputs.collect::<Vec<_>>().join(", ")
        );
    }
    stats(parts, out);
    charts(parts, out);
    report(parts, out);
}

/// Figures: their widgets, the columns they show, their labels and formats.
fn tiles(parts: &Parts<'_>) -> Vec<(&'static str, String, String, &'static str)> {
    let title = parts.shape.table.title.clone();
    let mut tiles = vec![("how_many", parts.count_alias(), title, "number")];
    if let Some(measure) = &parts.measure {
        let format = if measure.adds_up && measure.facts.kind() == ColumnType::Integer {
            "number"
        } else {
            "number:2"
        };
        tiles.push(("measure", measure.alias(), measure.title(), format));
        if measure.adds_up && parts.moment.is_none() {
            let title = format!("Average {}", measure.facts.column.title.to_lowercase());
            let name = format!("avg_{}", measure.facts.name());
            tiles.push(("average", name, title, "number:2"));
        }
    }
    if let Some(moment) = parts.moment {
        let format = match moment.kind() {
            ColumnType::DateTime => "datetime",
            _ => "date",
        };
        let title = format!("Latest {}", moment.column.title.to_lowercase());
        tiles.push(("latest", "latest".to_owned(), title, format));
    }
    tiles
}

fn stats(parts: &Parts<'_>, out: &mut String) {
    let tiles = tiles(parts);
    let width = 12 / tiles.len().max(1);
    for (at, (id, value, label, format)) in tiles.iter().enumerate() {
        let _ = write!(
            out,
            r#"
[page.home.widget.{id}]
type   = "stat"
at     = [3, {column}, {width}]
query  = "totals"
value  = "{value}"
label  = {label}
format = "{format}"
"#,
            column = at * width + 1,
            label = quoted(label),
        );
    }
}

/// A chart over time, and one by category; without a time the second is of
/// the measure.
fn charts(parts: &Parts<'_>, out: &mut String) {
    let table = &parts.shape.table;
    let count = parts.count_alias();
    let mut drawn = Vec::new();
    if parts.moment.is_some() {
        let (period, mark) = if parts.is_by_day() {
            ("day", "line")
        } else {
            ("month", "bar")
        };
        let summed = parts.measure.filter(|measure| measure.adds_up);
        let (y, title) = match &summed {
            Some(measure) => (measure.alias(), measure.title()),
            None => (count.clone(), table.title.clone()),
        };
        let title = format!("{title} by {period}");
        drawn.push(("over_time", mark, period.to_owned(), y, title));
    }
    if let Some(category) = parts.category {
        let (x, by) = (
            category.name().to_owned(),
            category.column.title.to_lowercase(),
        );
        let title = format!("{} by {by}", table.title);
        drawn.push(("counted", "bar", x.clone(), count, title));
        if parts.moment.is_none()
            && let Some(measure) = &parts.measure
        {
            let title = format!("{} by {by}", measure.title());
            drawn.push(("measured", "bar", x, measure.alias(), title));
        }
    }
    let width = 12 / drawn.len().max(1);
    for (at, (query, mark, x, y, title)) in drawn.iter().enumerate() {
        let _ = write!(
            out,
            r#"
[page.home.widget.{query}]
type  = "chart"
at    = [4, {column}, {width}]
query = "{query}"
mark  = "{mark}"                     # bar, stacked, line, area, pie or scatter
x     = "{x}"
y     = ["{y}"]
title = {title}
"#,
            column = at * width + 1,
            title = quoted(title),
        );
    }
}

fn report(parts: &Parts<'_>, out: &mut String) {
    let table = &parts.shape.table;
    let columns = parts.shown.iter().map(|facts| quoted(facts.name()));
    let badges: Vec<String> = parts
        .choices
        .iter()
        .filter(|facts| {
            facts.kind() == ColumnType::Text
                && facts.values.len() <= 8
                && parts.shown.iter().any(|shown| shown.name() == facts.name())
        })
        .map(|facts| format!("{} = \"badge\"", facts.name()))
        .collect();
    let _ = write!(
        out,
        r#"
# Press a row to open it: `with` hands its key to the page.
[page.home.widget.list]
type    = "report"
at      = [5, 1, 12]
title   = {title}
query   = "list"
columns = [{columns}]
labels  = {{ {labels} }}
"#,
        title = quoted(&table.title),
        columns = columns.collect::<Vec<_>>().join(", "),
        labels = shown_labels(parts),
    );
    if !badges.is_empty() {
        let _ = writeln!(out, "format  = {{ {} }}", badges.join(", "));
    }
    let _ = write!(
        out,
        r#"export  = ["csv", "xlsx"]
empty   = "Nothing matches these filters."
row     = {{ goto = "detail", with = {{ {key} = "{key}" }} }}
"#,
        key = table.key,
    );
}

fn shown_labels(parts: &Parts<'_>) -> String {
    let each = parts.shown.iter().map(|facts| {
        let title = quoted(&facts.column.title);
        format!("{} = {title}", facts.name())
    });
    each.collect::<Vec<_>>().join(", ")
}

fn detail_page(parts: &Parts<'_>, out: &mut String) {
    let _ = write!(
        out,
        r#"
# The page behind a row: a form with what stands there.
[page.detail]
title = {title}
path  = "/detail"
order = 20
menu  = false

[page.detail.widget.form]
type   = "form"
at     = [1, 1, 8]
title  = {change}
load   = "one"
submit = "change"
labels = {{ {labels} }}
then   = {{ goto = "home", toast = {saved} }}

[page.detail.widget.remove]
type    = "button"
at      = [2, 1, 8]
label   = {delete}
run     = "remove"
confirm = {sure}
style   = "danger"
then    = {{ goto = "home", toast = {gone} }}
"#,
        title = quoted(&first_upper(&parts.one)),
        change = quoted(&format!("Change this {}", parts.one)),
        labels = labels(parts),
        saved = quoted(&format!("{} saved", first_upper(&parts.one))),
        delete = quoted(&format!("Delete this {}", parts.one)),
        gone = quoted(&format!("{} deleted", first_upper(&parts.one))),
        sure = quoted(&format!("Delete this {}? It is gone for good.", parts.one)),
    );
}

fn new_page(parts: &Parts<'_>, out: &mut String) {
    let _ = write!(
        out,
        r#"
[page.new]
title = {title}
path  = "/new"
order = 30
menu  = false

# Fields, limits and messages come from the parameters of `add`.
[page.new.widget.form]
type   = "form"
at     = [1, 1, 8]
submit = "add"
labels = {{ {labels} }}
then   = {{ goto = "home", toast = {added} }}
"#,
        title = quoted(&format!("New {}", parts.one)),
        labels = labels(parts),
        added = quoted(&format!("{} added", first_upper(&parts.one))),
    );
}

pub(super) fn first_upper(text: &str) -> String {
    crate::base::text::title(text)
}
