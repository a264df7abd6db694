//! The table itself, written cell by cell into the page: nothing is allocated per cell.

use super::Sight;
use super::edit::Edits;
use super::head;
use super::setup::{Setup, of_row};
use crate::apps::format::Widget;
use crate::apps::widgets::acts::Buttons;
use crate::apps::widgets::cells::{self, Format};
use crate::apps::widgets::fields::words;
use crate::apps::widgets::figures::{escape, integer};
use crate::apps::widgets::links::Link;
use crate::apps::widgets::pager::part;
use crate::apps::widgets::scene::{PageOfRows, Scene, column_title};
use crate::data::{Cell, ColumnType, Rows};

/// Longer text is cut, with the whole of it on hover.
const LONG: usize = 48;

/// A column as it is shown.
pub(super) struct Column<'a> {
    /// Where it stands in the rows.
    pub(super) at: usize,
    pub(super) name: &'a str,
    pub(super) title: String,
    pub(super) format: Format<'a>,
    pub(super) is_number: bool,
    /// Not on a phone.
    pub(super) is_less: bool,
}

impl Column<'_> {
    /// Adds the classes of its cells, and `more`, as an attribute.
    pub(super) fn class(&self, more: &str, out: &mut String) {
        let words = [
            (self.is_number, "n"),
            (self.is_less, "less"),
            (!more.is_empty(), more),
        ];
        let mut mark = " class=\"";
        for (_, word) in words.iter().filter(|(is_there, _)| *is_there) {
            out.push_str(mark);
            out.push_str(word);
            mark = " ";
        }
        if mark == " " {
            out.push('"');
        }
    }
}

/// The columns a report shows, in its order. On a phone two texts and a number stay.
fn columns<'a>(scene: &Scene<'_>, setup: &Setup<'a>, rows: &'a Rows) -> Vec<Column<'a>> {
    let listing = &setup.listing;
    let tables = scene.tables_of(listing.query);
    let all: Vec<usize> = if listing.columns.is_empty() {
        (0..rows.columns.len()).collect()
    } else {
        let named = listing.columns.iter();
        named.filter_map(|name| rows.column(name)).collect()
    };
    let seen = all
        .into_iter()
        .filter(|at| !setup.hides(scene, &rows.columns[*at].name));
    let (mut texts, mut numbers) = (0, 0);
    let column = |at: usize| {
        let column = &rows.columns[at];
        let format = Format::of(column, &listing.formats);
        let is_number = format.is_number()
            || (format == Format::Plain
                && column
                    .kind
                    .map_or_else(|| holds_numbers(rows, at), ColumnType::is_numeric));
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
    seen.map(column).collect()
}

fn holds_numbers(rows: &Rows, column: usize) -> bool {
    let cells = (0..rows.len()).map(|row| rows.get(row, column));
    let first = { cells }.find(|cell| *cell != Cell::Null);
    matches!(first, Some(Cell::Integer(_) | Cell::Real(_)))
}

pub(super) struct Table<'a> {
    sight: &'a Sight<'a>,
    setup: &'a Setup<'a>,
    page: &'a PageOfRows,
    columns: Vec<Column<'a>>,
    /// The link of each column, where it has one.
    links: Vec<Option<Link<'a>>>,
    /// The row's own link, and the column it stands in.
    row: Option<(usize, Link<'a>)>,
    /// Links that stand by themselves at the end.
    ends: Vec<(&'a str, Link<'a>)>,
    buttons: Buttons<'a>,
    edits: Edits<'a>,
    today: String,
}

impl<'a> Table<'a> {
    pub(super) fn new(
        sight: &'a Sight<'a>,
        setup: &'a Setup<'a>,
        page: &'a PageOfRows,
    ) -> Table<'a> {
        let (scene, rows) = (sight.scene, &page.rows);
        let columns = columns(scene, setup, rows);
        let links: Vec<Option<Link<'_>>> = { columns.iter() }
            .map(|column| {
                let mut links = setup.links.iter();
                let own = links.find(|link| link.column == Some(column.name))?;
                Some(Link::new(scene, &own.lead, rows))
            })
            .collect();
        let edits = Edits::of(sight, setup, rows);
        let is_free = |at: &usize| links[*at].is_none() && !edits.has(columns[*at].at);
        let row = setup.row.as_ref().and_then(|lead| {
            let at = (0..columns.len()).find(is_free)?;
            Some((at, Link::new(scene, lead, rows)))
        });
        let ends = setup.links.iter().filter(|link| link.column.is_none());
        let mut now = scene.context.now.rfc3339();
        now.truncate(10);
        Table {
            ends: ends
                .filter_map(|link| Some((link.label?, Link::new(scene, &link.lead, rows))))
                .collect(),
            buttons: Buttons::of(sight, setup.acts.clone(), rows),
            sight,
            setup,
            page,
            columns,
            links,
            row,
            edits,
            today: now,
        }
    }

    pub(super) fn draw(&self, out: &mut String) {
        let rows = &self.page.rows;
        out.reserve(rows.len() * self.columns.len() * 32 + 4_096);
        out.push_str(if self.setup.is_pinned {
            "<div class=\"report pinned\""
        } else {
            "<div class=\"report\""
        });
        out.push_str(" tabindex=\"0\" role=\"region\" aria-labelledby=\"t-");
        escape(&self.sight.widget.id, out);
        out.push_str("\"><table><thead>");
        if !self.setup.groups.is_empty() {
            head::groups(self.setup, &self.columns, self.has_ends(), out);
        }
        out.push_str("<tr>");
        for column in &self.columns {
            head::title(
                self.sight,
                self.setup,
                self.page.order.as_ref(),
                column,
                out,
            );
        }
        if self.has_ends() {
            out.push_str("<th scope=\"col\" class=\"tight\"><span class=\"hidden-text\">What can be done</span></th>");
        }
        out.push_str("</tr></thead><tbody>");
        for row in 0..rows.len() {
            self.row(row, out);
        }
        out.push_str("</tbody>");
        self.foot(out);
        out.push_str("</table></div>");
    }

    /// Is there one more column, with links and buttons?
    fn has_ends(&self) -> bool {
        !self.ends.is_empty() || !self.buttons.is_empty()
    }

    fn row(&self, row: usize, out: &mut String) {
        let rows = &self.page.rows;
        let lit = self.setup.highlights.iter().filter(|one| one.is_row);
        let tone = { lit }.find(|one| self.is_lit(one, row));
        match tone {
            Some(lit) => {
                out.push_str("<tr class=\"t-");
                out.push_str(lit.tone);
                out.push_str("\">");
            }
            None => out.push_str("<tr>"),
        }
        for position in 0..self.columns.len() {
            self.cell(row, position, out);
        }
        if self.has_ends() {
            out.push_str("<td class=\"tight\"><div class=\"row acts\">");
            let name = self.name(row);
            for (label, link) in &self.ends {
                link.open("btn small", rows, row, out);
                escape(label, out);
                if !name.is_empty() {
                    out.push_str("<span class=\"hidden-text\">: ");
                    escape(&name, out);
                    out.push_str("</span>");
                }
                out.push_str("</a>");
            }
            self.buttons.write(rows, row, &name, out);
            out.push_str("</div></td>");
        }
        out.push_str("</tr>");
    }

    /// What the row is called: what stands in its first column.
    fn name(&self, row: usize) -> String {
        let first = self.columns.first();
        first
            .map(|column| words(&self.page.rows, row, column.at))
            .unwrap_or_default()
    }

    fn is_lit(&self, one: &super::highlight::Highlight<'_>, row: usize) -> bool {
        let rows = &self.page.rows;
        rows.column(one.column)
            .is_some_and(|at| one.holds(rows.get(row, at), &self.today))
    }

    /// The class of a cell that stands out.
    fn tone(&self, row: usize, column: &Column<'_>) -> &'static str {
        let mut lit = self.setup.highlights.iter();
        let lit = lit.find(|one| !one.is_row && one.column == column.name && self.is_lit(one, row));
        match lit.map(|one| one.tone) {
            Some("good") => "t-good",
            Some("warn") => "t-warn",
            Some("bad") => "t-bad",
            Some(_) => "t-info",
            None => "",
        }
    }

    fn cell(&self, row: usize, position: usize, out: &mut String) {
        let (rows, column) = (&self.page.rows, &self.columns[position]);
        let cell = rows.get(row, column.at);
        let tone = self.tone(row, column);
        out.push_str("<td");
        match cell {
            Cell::Text(text) if text.len() > LONG => {
                column.class(if tone.is_empty() { "cut" } else { tone }, out);
                out.push_str(" title=\"");
                escape(text, out);
                out.push('"');
            }
            _ => column.class(tone, out),
        }
        out.push('>');
        let row_link = self.row.as_ref().filter(|(at, _)| *at == position);
        let (link, class) = match row_link {
            Some((_, link)) => (Some(link), "row-link"),
            None => (self.links[position].as_ref(), "link"),
        };
        if let Some(edit) = self.edits.at(column.at) {
            let name = self.name(row);
            let called = of_row(&column.title, if position == 0 { "" } else { &name });
            let mut value = String::new();
            self.value(cell, column.format, &mut value);
            self.edits.write(edit, row, (&called, &value), out);
        } else if let Some(link) = link {
            link.open(class, rows, row, out);
            match column.format {
                _ if cell == Cell::Null => out.push_str("<span class=\"muted\">Open</span>"),
                // A link within a link is none.
                Format::Link => cells::plain(cell, out),
                format => self.value(cell, format, out),
            }
            out.push_str("</a>");
        } else {
            self.value(cell, column.format, out);
        }
        out.push_str("</td>");
    }

    fn value(&self, cell: Cell<'_>, format: Format<'_>, out: &mut String) {
        cells::write(cell, format, &self.setup.tones, out);
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
        out.push_str(
            "\" hx-trigger=\"load\" hx-target=\"this\" hx-swap=\"outerHTML\"><td colspan=\"",
        );
        let wide = self.columns.len() + usize::from(self.has_ends());
        integer(i64::try_from(wide).unwrap_or(1), out);
        out.push_str("\">Totals …</td></tr></tfoot>");
    }
}

/// The row of totals, for the columns `sample` has; `sums` holds one row, a column
/// for each of the report's totals.
pub fn totals(scene: &Scene<'_>, widget: &Widget, sample: &Rows, sums: &Rows) -> String {
    let setup = Setup::of(widget);
    let totals = &setup.listing.totals;
    let mut out = String::from("<tr>");
    for column in columns(scene, &setup, sample) {
        out.push_str("<td");
        column.class("", &mut out);
        out.push('>');
        let total = totals.iter().position(|(name, _)| *name == column.name);
        if let Some(at) = total {
            let (_, how) = totals[at];
            if how != "sum" {
                out.push_str("<small class=\"muted\">");
                escape(how, &mut out);
                out.push_str("</small> ");
            }
            let format = if how == "count" {
                Format::Number(None)
            } else {
                column.format
            };
            cells::write(sums.get(0, at), format, &[], &mut out);
        }
        out.push_str("</td>");
    }
    if !setup.acts.is_empty() || setup.links.iter().any(|link| link.column.is_none()) {
        out.push_str("<td></td>");
    }
    out.push_str("</tr>");
    out
}
