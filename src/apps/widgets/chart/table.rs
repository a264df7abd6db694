//! The table a picture is drawn from: for those who read it, and for the script
//! that draws it.

use super::{POINTS, Setup, Sight, number};
use crate::apps::widgets::cells::{self, Format};
use crate::apps::widgets::figures::escape;
use crate::apps::widgets::links::Link;
use crate::apps::widgets::scene::column_title;
use crate::data::{Cell, Rows};

pub(super) struct Table<'a> {
    pub(super) rows: &'a Rows,
    pub(super) setup: &'a Setup<'a>,
}

impl Table<'_> {
    /// The rows with the values beside what is shown, as `onsight-chart` reads them, and
    /// whether there are more.
    pub(super) fn written(&self, sight: &Sight<'_>) -> (String, bool) {
        let setup = self.setup;
        let tables = sight.scene.tables_of(setup.query);
        let formats: Vec<Format<'_>> = { self.rows.columns.iter() }
            .map(|column| Format::of(column, &setup.formats))
            .collect();
        let numeric: Vec<bool> = (0..self.rows.columns.len())
            .map(|at| self.is_number(at))
            .collect();
        let x = setup
            .x
            .and_then(|name| self.rows.column(name))
            .unwrap_or_default();
        let link = setup
            .lead
            .as_ref()
            .map(|lead| Link::new(sight.scene, lead, self.rows));
        let mut out = String::from("<thead><tr>");
        for (at, column) in self.rows.columns.iter().enumerate() {
            out.push_str(if numeric[at] {
                "<th scope=\"col\" class=\"n\" data-name=\""
            } else {
                "<th scope=\"col\" data-name=\""
            });
            escape(&column.name, &mut out);
            out.push_str("\">");
            escape(&column_title(column, &setup.labels, &tables), &mut out);
            out.push_str("</th>");
        }
        out.push_str("</tr></thead><tbody>");
        for row in 0..self.rows.len().min(POINTS) {
            out.push_str("<tr>");
            for (at, cell) in self.rows.row(row).enumerate() {
                out.push_str(if numeric[at] {
                    "<td class=\"n\" data-value=\""
                } else {
                    "<td data-value=\""
                });
                escape(&cells::text(cell), &mut out);
                out.push_str("\">");
                let link = link.as_ref().filter(|_| at == x);
                if let Some(link) = link {
                    link.open("row-link", self.rows, row, &mut out);
                }
                match (link, formats[at]) {
                    (Some(_), _) if cell == Cell::Null => {
                        out.push_str("<span class=\"muted\">Open</span>");
                    }
                    (Some(_), Format::Link) => cells::plain(cell, &mut out),
                    (_, format) => cells::write(cell, format, &[], &mut out),
                }
                out.push_str(if link.is_some() { "</a></td>" } else { "</td>" });
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody>");
        (out, self.rows.len() > POINTS)
    }

    fn is_number(&self, at: usize) -> bool {
        let column = &self.rows.columns[at];
        if self.setup.y.contains(&column.name.as_str()) {
            return true;
        }
        let cells = (0..self.rows.len()).map(|row| self.rows.get(row, at));
        let first = { cells }.find(|cell| *cell != Cell::Null);
        first.and_then(number).is_some()
    }
}
