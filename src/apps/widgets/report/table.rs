//! The table itself, written cell by cell into the page: nothing is allocated per cell.

use super::setup::{RowLink, Setup};
use super::{Format, Listing, PageOfRows, Sight, part};
use crate::apps::widgets::cells;
use crate::apps::widgets::figures::{escape, integer};
use crate::apps::widgets::scene::{Scene, column_title};
use crate::data::{Cell, ColumnType, Rows};

/// Longer text is cut, with the whole of it on hover.
const LONG: usize = 48;

/// A column as it is shown.
pub(super) struct Column<'a> {
    /// Where it stands in the rows.
    at: usize,
    name: &'a str,
    title: String,
    format: Format<'a>,
    is_number: bool,
    /// Not on a phone.
    is_less: bool,
}

impl Column<'_> {
    fn open(&self) -> &'static str {
        match (self.is_number, self.is_less) {
            (false, false) => "<td>",
            (true, false) => "<td class=\"n\">",
            (false, true) => "<td class=\"less\">",
            (true, true) => "<td class=\"n less\">",
        }
    }
}

pub(super) struct Table<'a> {
    pub(super) sight: &'a Sight<'a>,
    pub(super) setup: &'a Setup<'a>,
    pub(super) page: &'a PageOfRows,
    pub(super) columns: &'a [Column<'a>],
}

/// The columns a report shows, in its order. On a phone two texts and a number stay.
pub(super) fn columns<'a>(scene: &Scene<'_>, listing: &Listing<'a>, rows: &'a Rows) -> Vec<Column<'a>> {
    let tables = scene.tables_of(listing.query);
    let all: Vec<usize> = if listing.columns.is_empty() {
        (0..rows.columns.len()).collect()
    } else {
        let named = listing.columns.iter();
        named.filter_map(|name| rows.column(name)).collect()
    };
    let (mut texts, mut numbers) = (0, 0);
    let column = |at: usize| {
        let column = &rows.columns[at];
        let format = Format::of(column, &listing.formats);
        let is_number = format.is_number()
            || (format == Format::Plain
                && column.kind.map_or_else(|| holds_numbers(rows, at), ColumnType::is_numeric));
        let seen = if is_number { &mut numbers } else { &mut texts };
        *seen += 1;
        let is_less = *seen > if is_number { 1 } else { 2 };
        Column {
            at,
            name: &column.name,
            title: column_title(column, &listing.labels, &tables),
            format,
            is_number,
            is_less,
        }
    };
    all.into_iter().map(column).collect()
}

fn holds_numbers(rows: &Rows, column: usize) -> bool {
    let cells = (0..rows.len()).map(|row| rows.get(row, column));
    let first = { cells }.find(|cell| *cell != Cell::Null);
    matches!(first, Some(Cell::Integer(_) | Cell::Real(_)))
}

impl Table<'_> {
    pub(super) fn draw(&self, out: &mut String) {
        let rows = &self.page.rows;
        out.reserve(rows.len() * self.columns.len() * 32 + 4_096);
        out.push_str("<div class=\"report\" tabindex=\"0\" role=\"region\" aria-labelledby=\"t-");
        escape(&self.sight.widget.id, out);
        out.push_str("\"><table><thead><tr>");
        for column in self.columns {
            self.head(column, out);
        }
        out.push_str("</tr></thead><tbody>");
        let link = self.setup.row.as_ref().map(|row| Link::new(self.sight, row, rows));
        for row in 0..rows.len() {
            out.push_str("<tr>");
            for (position, column) in self.columns.iter().enumerate() {
                let link = link.as_ref().filter(|_| position == 0);
                self.cell(row, column, link, out);
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody>");
        self.foot(out);
        out.push_str("</table></div>");
    }

    fn head(&self, column: &Column<'_>, out: &mut String) {
        let scene = self.sight.scene;
        let query = scene.app.query(self.setup.listing.query);
        let paging = query.and_then(|query| query.paging.as_ref());
        let sorts = paging.is_some_and(|paging| paging.sort.iter().any(|name| name == column.name));
        let order = self.page.order.as_ref();
        let order = order.filter(|order| sorts && order.column == column.name);
        out.push_str("<th scope=\"col\"");
        out.push_str(match (column.is_number, column.is_less) {
            (false, false) => "",
            (true, false) => " class=\"n\"",
            (false, true) => " class=\"less\"",
            (true, true) => " class=\"n less\"",
        });
        if let Some(order) = order {
            let direction = if order.descending { "descending" } else { "ascending" };
            out.push_str(" aria-sort=\"");
            out.push_str(direction);
            out.push('"');
        }
        out.push('>');
        if sorts {
            let words = ["sort", "after", "before"].map(|word| scene.word(self.sight.widget, word));
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

    fn cell(&self, row: usize, column: &Column<'_>, link: Option<&Link<'_>>, out: &mut String) {
        let rows = &self.page.rows;
        let cell = rows.get(row, column.at);
        match cell {
            Cell::Text(text) if text.len() > LONG => {
                out.push_str(if column.is_less {
                    "<td class=\"cut less\" title=\""
                } else {
                    "<td class=\"cut\" title=\""
                });
                escape(text, out);
                out.push_str("\">");
            }
            _ => out.push_str(column.open()),
        }
        match link {
            None => cells::write(cell, column.format, &self.setup.tones, out),
            Some(link) => {
                link.open(rows, row, out);
                match column.format {
                    _ if cell == Cell::Null => out.push_str("<span class=\"muted\">Open</span>"),
                    // A link within a link is none.
                    Format::Link => cells::plain(cell, out),
                    format => cells::write(cell, format, &self.setup.tones, out),
                }
                out.push_str("</a>");
            }
        }
        out.push_str("</td>");
    }

    /// A row that fetches the totals once the page stands.
    fn foot(&self, out: &mut String) {
        let href = if self.setup.listing.totals.is_empty() {
            String::new()
        } else {
            part(self.sight, "totals")
        };
        if href.is_empty() {
            return;
        }
        out.push_str("<tfoot><tr hx-get=\"");
        out.push_str(&href);
        out.push_str("\" hx-trigger=\"load\" hx-target=\"this\" hx-swap=\"outerHTML\"><td colspan=\"");
        integer(i64::try_from(self.columns.len()).unwrap_or(1), out);
        out.push_str("\">Totals …</td></tr></tfoot>");
    }
}

/// The row of totals, for the columns `sample` has; `sums` holds one row, a column
/// for each of the listing's totals.
pub fn totals(scene: &Scene<'_>, listing: &Listing<'_>, sample: &Rows, sums: &Rows) -> String {
    let mut out = String::from("<tr>");
    for column in columns(scene, listing, sample) {
        out.push_str(column.open());
        let total = listing.totals.iter().position(|(name, _)| *name == column.name);
        if let Some(at) = total {
            let (_, how) = listing.totals[at];
            if how != "sum" {
                out.push_str("<small class=\"muted\">");
                escape(how, &mut out);
                out.push_str("</small> ");
            }
            let format = if how == "count" { Format::Number(None) } else { column.format };
            cells::write(sums.get(0, at), format, &[], &mut out);
        }
        out.push_str("</td>");
    }
    out.push_str("</tr>");
    out
}

/// The address a row leads to: what is the same for all, and which columns follow.
struct Link<'a> {
    start: String,
    parts: Vec<(&'a str, usize)>,
}

impl<'a> Link<'a> {
    fn new(sight: &Sight<'_>, row: &RowLink<'a>, rows: &Rows) -> Link<'a> {
        let mut start = String::from("<a class=\"row-link\" href=\"");
        escape(&sight.scene.page(row.goto), &mut start);
        let with = row.with.iter();
        Link {
            start,
            parts: with
                .filter_map(|(name, column)| Some((*name, rows.column(column)?)))
                .collect(),
        }
    }

    fn open(&self, rows: &Rows, row: usize, out: &mut String) {
        out.push_str(&self.start);
        let mut mark = "?";
        for (name, column) in &self.parts {
            out.push_str(mark);
            out.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            out.push('=');
            match rows.get(row, *column) {
                Cell::Text(text) => {
                    out.extend(form_urlencoded::byte_serialize(text.as_bytes()));
                }
                Cell::Blob(_) => {}
                number => cells::plain(number, out),
            }
            mark = "&amp;";
        }
        out.push_str("\">");
    }
}
