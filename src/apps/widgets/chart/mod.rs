//! Numbers as a picture, with the table it is drawn from.

use askama::Template;

use super::cells::{self, FORMAT_WORDS, FORMATS, Format};
use super::figures::escape;
use super::kind::{Amount, Kind, Need};
use super::scene::{Sight, column_title};
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::data::{Cell, Rows};

pub(super) struct Chart;

pub(super) static KIND: Chart = Chart;

const MARKS: &[&str] = &["bar", "stacked", "line", "area", "pie", "scatter"];

/// Points a picture can show and a browser can hold.
const POINTS: usize = 5_000;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the picture."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
    Key::new("mark", KeyKind::OneOf(MARKS), "Its form; bar when absent."),
    Key::new("x", KeyKind::Text, "The column along the bottom; the first when absent.").columns(),
    Key::new("y", KeyKind::Texts, "The columns drawn; all numbers when absent.").columns(),
    Key::new("series", KeyKind::Text, "The column whose values split one y into several.").columns(),
    Key::new("unit", KeyKind::Text, "What the numbers are counted in."),
    Key::new("labels", KeyKind::TextTable, "What people call the columns.").columns(),
    Key::new("format", KeyKind::TextTable, "How columns are written in the table.").columns().known(FORMAT_WORDS),
    Key::new("size", KeyKind::OneOf(&["small", "large"]), "How high it is."),
];

#[derive(Template)]
#[template(path = "apps/widgets/chart/view.html")]
struct View<'a> {
    assets: &'a str,
    title: &'a str,
    mark: &'a str,
    x: &'a str,
    y: String,
    series: Option<&'a str>,
    unit: Option<&'a str>,
    size: Option<&'a str>,
    table: String,
    is_cut: bool,
    unknown: String,
}

impl Kind for Chart {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "chart",
            doc: "Numbers as bars, lines, slices or points.",
            keys: KEYS,
        }
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        for (column, format) in settings.texts("format") {
            if Format::parse(format).is_none() {
                let message = format!("`{format}` is no format for {column}; known are {FORMATS}");
                settings.problem("format", message);
            }
        }
        if settings.has("series") && settings.strings("y").len() > 1 {
            settings.problem("series", "`series` splits one column; name one in `y`");
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::All,
        })
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else { return Ok(()) };
        let mut settings = Settings::of(sight.widget);
        let rows = &page.rows;
        let first = rows.columns.first().map_or("", |column| column.name.as_str());
        let x = settings.string("x").unwrap_or(first);
        let y = settings.strings("y");
        let series = settings.string("series");
        let named = y.iter().copied().chain(series).chain([x]);
        let unknown: Vec<&str> = named.filter(|name| rows.column(name).is_none()).collect();
        let table = Table {
            rows,
            labels: settings.texts("labels"),
            formats: settings.texts("format"),
            query: settings.read_query("query").unwrap_or_default(),
            y: &y,
        };
        let view = View {
            assets: sight.scene.assets,
            title: sight.heading(settings.string("title")),
            mark: settings.string("mark").unwrap_or("bar"),
            x,
            y: y.join(","),
            series,
            unit: settings.string("unit"),
            size: settings.string("size"),
            table: table.written(sight),
            is_cut: rows.more || rows.len() > POINTS,
            unknown: unknown.join(", "),
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

struct Table<'a> {
    rows: &'a Rows,
    labels: Vec<(&'a str, &'a str)>,
    formats: Vec<(&'a str, &'a str)>,
    query: &'a str,
    y: &'a [&'a str],
}

impl Table<'_> {
    /// The rows with the values beside what is shown, as `onsight-chart` reads them.
    fn written(&self, sight: &Sight<'_>) -> String {
        let tables = sight.scene.tables_of(self.query);
        let formats: Vec<Format<'_>> = { self.rows.columns.iter() }
            .map(|column| Format::of(column, &self.formats))
            .collect();
        let numeric: Vec<bool> = (0..self.rows.columns.len())
            .map(|at| self.is_number(at))
            .collect();
        let mut out = String::from("<thead><tr>");
        for (at, column) in self.rows.columns.iter().enumerate() {
            out.push_str(if numeric[at] { "<th scope=\"col\" class=\"n\" data-name=\"" } else { "<th scope=\"col\" data-name=\"" });
            escape(&column.name, &mut out);
            out.push_str("\">");
            escape(&column_title(column, &self.labels, &tables), &mut out);
            out.push_str("</th>");
        }
        out.push_str("</tr></thead><tbody>");
        for row in 0..self.rows.len().min(POINTS) {
            out.push_str("<tr>");
            for (at, cell) in self.rows.row(row).enumerate() {
                out.push_str(if numeric[at] { "<td class=\"n\" data-value=\"" } else { "<td data-value=\"" });
                escape(&cells::text(cell), &mut out);
                out.push_str("\">");
                cells::write(cell, formats[at], &[], &mut out);
                out.push_str("</td>");
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody>");
        out
    }

    fn is_number(&self, at: usize) -> bool {
        let column = &self.rows.columns[at];
        if self.y.contains(&column.name.as_str()) {
            return true;
        }
        let cells = (0..self.rows.len()).map(|row| self.rows.get(row, at));
        let first = { cells }.find(|cell| *cell != Cell::Null);
        matches!(first, Some(Cell::Integer(_) | Cell::Real(_)))
    }
}
