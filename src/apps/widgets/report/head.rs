//! The titles of the columns, and those above several of them.

use super::setup::Setup;
use super::table::Column;
use super::{Settings, Sight};
use crate::apps::format::Order;
use crate::apps::widgets::figures::{escape, integer};

/// Notes columns that cannot stand under two titles.
pub(super) fn check(settings: &mut Settings<'_>) {
    let mut known: Vec<&str> = Vec::new();
    settings.tables("groups", |group| {
        for column in group.strings("columns") {
            if known.contains(&column) {
                let message = format!("`{column}` stands in two groups; take it out of one");
                group.problem("columns", message);
            }
            known.push(column);
        }
    });
}

/// Adds the row of titles above several columns; a group that is broken up by
/// another column is written twice.
pub(super) fn groups(setup: &Setup<'_>, columns: &[Column<'_>], has_more: bool, out: &mut String) {
    let of = |column: &Column<'_>| {
        let mut groups = setup.groups.iter();
        let found = groups.find(|(_, columns)| columns.contains(&column.name));
        found.map(|(label, _)| *label)
    };
    out.push_str("<tr class=\"groups not-phone\">");
    let mut at = 0;
    while let Some(column) = columns.get(at) {
        let label = of(column);
        let rest = columns[at..].iter();
        let wide = { rest }
            .take_while(|other| label.is_some() && of(other) == label)
            .count();
        match label {
            Some(label) => {
                out.push_str("<th scope=\"colgroup\" colspan=\"");
                integer(i64::try_from(wide).unwrap_or(1), out);
                out.push_str("\">");
                escape(label, out);
                out.push_str("</th>");
            }
            None => out.push_str(if column.is_less {
                "<td class=\"less\"></td>"
            } else {
                "<td></td>"
            }),
        }
        at += wide.max(1);
    }
    if has_more {
        out.push_str("<td></td>");
    }
    out.push_str("</tr>");
}

/// Adds a column's title; one that can be sorted by is a link.
pub(super) fn title(
    sight: &Sight<'_>,
    setup: &Setup<'_>,
    order: Option<&Order>,
    column: &Column<'_>,
    out: &mut String,
) {
    let scene = sight.scene;
    let query = scene.app.query(setup.listing.query);
    let paging = query.and_then(|query| query.paging.as_ref());
    let sorts = paging.is_some_and(|paging| paging.sort.iter().any(|name| name == column.name));
    let order = order.filter(|order| sorts && order.column == column.name);
    out.push_str("<th scope=\"col\"");
    column.class("", out);
    if let Some(order) = order {
        let direction = if order.descending {
            "descending"
        } else {
            "ascending"
        };
        out.push_str(" aria-sort=\"");
        out.push_str(direction);
        out.push('"');
    }
    out.push('>');
    if sorts {
        let words = ["sort", "after", "before"].map(|word| scene.word(sight.widget, word));
        let upwards = order.is_none_or(|order| order.descending);
        let sign = if upwards { "" } else { "-" };
        let sort = format!("{sign}{}", column.name);
        out.push_str("<a href=\"");
        let without = [words[0].as_ref(), words[1].as_ref(), words[2].as_ref()];
        scene.here(&without, &[(&words[0], &sort)], out);
        out.push_str("\">");
    }
    escape(&column.title, out);
    if let Some(unit) = column.format.unit() {
        out.push_str(" <small>");
        out.push_str(unit);
        out.push_str("</small>");
    }
    out.push_str(if sorts { "</a></th>" } else { "</th>" });
}
