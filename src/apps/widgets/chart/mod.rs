//! Numbers as a picture, with the table it is drawn from.

mod bins;
mod heat;
mod table;

use askama::Template;

use super::cells::FORMAT_WORDS;
use super::fields::{LABELS, check_formats, number};
use super::kind::{Amount, Kind, Need};
use super::links::{Lead, ROW};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::data::Rows;
use table::Table;

pub(super) struct Chart;

pub(super) static KIND: Chart = Chart;

const MARKS: &[&str] = &[
    "bar",
    "stacked",
    "line",
    "area",
    "pie",
    "scatter",
    "histogram",
    "heatmap",
    "combined",
];

/// Points a picture can show and a browser can hold.
const POINTS: usize = 5_000;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the picture."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
    Key::new("mark", KeyKind::OneOf(MARKS), "Its form; bar when absent."),
    Key::new(
        "x",
        KeyKind::Text,
        "The column along the bottom; the first when absent.",
    )
    .columns(),
    Key::new(
        "y",
        KeyKind::Texts,
        "The columns drawn; all numbers when absent.",
    )
    .columns(),
    Key::new(
        "right",
        KeyKind::Texts,
        "For combined: the columns drawn as lines, on an axis of their own.",
    )
    .columns(),
    Key::new(
        "series",
        KeyKind::Text,
        "The column whose values split one y into several; for heatmap the rows.",
    )
    .columns(),
    Key::new(
        "bins",
        KeyKind::Integer,
        "For histogram: into how many parts the numbers are sorted, 2 to 50.",
    ),
    Key::new("unit", KeyKind::Text, "What the numbers are counted in."),
    LABELS,
    Key::new(
        "format",
        KeyKind::TextTable,
        "How columns are written in the table.",
    )
    .columns()
    .known(FORMAT_WORDS),
    Key::new(
        "size",
        KeyKind::OneOf(&["small", "large"]),
        "How high it is.",
    ),
    Key::new(
        "row",
        KeyKind::Table(ROW),
        "Where a bar, a point or a slice leads.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/chart/view.html")]
struct View<'a> {
    assets: &'a str,
    title: &'a str,
    mark: &'a str,
    x: &'a str,
    y: String,
    right: String,
    series: Option<&'a str>,
    unit: Option<&'a str>,
    size: Option<&'a str>,
    table: String,
    is_cut: bool,
    unknown: String,
}

/// What a chart's author said about it.
struct Setup<'a> {
    query: &'a str,
    mark: &'a str,
    x: Option<&'a str>,
    y: Vec<&'a str>,
    right: Vec<&'a str>,
    series: Option<&'a str>,
    labels: Vec<(&'a str, &'a str)>,
    formats: Vec<(&'a str, &'a str)>,
    lead: Option<Lead<'a>>,
}

impl<'a> Setup<'a> {
    fn of(settings: &mut Settings<'a>) -> Setup<'a> {
        Setup {
            query: settings.read_query("query").unwrap_or_default(),
            mark: settings.string("mark").unwrap_or("bar"),
            x: settings.string("x"),
            y: settings.strings("y"),
            right: settings.strings("right"),
            series: settings.string("series"),
            labels: settings.texts("labels"),
            formats: settings.texts("format"),
            lead: Lead::of(settings, "row"),
        }
    }

    /// The columns it names and the query does not give.
    fn unknown(&self, rows: &Rows) -> String {
        let named = self
            .y
            .iter()
            .chain(&self.right)
            .copied()
            .chain(self.series)
            .chain(self.x);
        let unknown: Vec<&str> = named.filter(|name| rows.column(name).is_none()).collect();
        unknown.join(", ")
    }
}

impl Kind for Chart {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "chart",
            doc: "Numbers as bars, lines, slices, points or shades.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        check_formats(settings);
        let mark = settings.string("mark").unwrap_or("bar");
        if settings.has("series") && settings.strings("y").len() > 1 {
            settings.problem("series", "`series` splits one column; name one in `y`");
        }
        match (mark, settings.has("right")) {
            ("combined", false) => settings.problem(
                "mark",
                "a combined chart has two axes; name the columns of the second in `right`",
            ),
            ("combined", true) | (_, false) => {}
            _ => settings.problem(
                "right",
                "only `mark = \"combined\"` has a second axis; change `mark`, or take `right` away",
            ),
        }
        if mark == "combined" && settings.has("series") {
            settings.problem(
                "series",
                "a combined chart draws columns; take `series` away",
            );
        }
        if mark == "heatmap" && (!settings.has("series") || settings.strings("y").len() != 1) {
            settings.problem(
                "mark",
                "a heatmap needs `x` for its columns, `series` for its rows and one column in `y`",
            );
        }
        if let Some(bins) = settings.integer("bins") {
            if mark != "histogram" {
                settings.problem(
                    "bins",
                    "only a histogram has bins; change `mark`, or take `bins` away",
                );
            } else if !(2..=50).contains(&bins) {
                settings.problem("bins", format!("`bins` is {bins}; write 2 to 50"));
            }
        }
        if mark == "histogram" && (settings.has("series") || settings.strings("y").len() > 1) {
            settings.problem(
                "mark",
                "a histogram counts the numbers of one column; name it in `x`",
            );
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::All,
        })
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let mut settings = Settings::of(sight.widget);
        let mut setup = Setup::of(&mut settings);
        let unknown = setup.unknown(&page.rows);
        let binned;
        let mut rows = &page.rows;
        let title = sight.heading(settings.string("title"));
        if setup.mark == "histogram" && unknown.is_empty() {
            binned = bins::counted(rows, setup.x, settings.integer("bins"));
            rows = &binned;
            (setup.x, setup.y) = (Some(bins::RANGE), vec![bins::COUNT]);
        }
        let (table, is_cut) = match setup.mark {
            _ if !unknown.is_empty() => (String::new(), false),
            "heatmap" => heat::written(sight, &setup, rows),
            _ => Table {
                rows,
                setup: &setup,
            }
            .written(sight),
        };
        let first = rows
            .columns
            .first()
            .map_or("", |column| column.name.as_str());
        let view = View {
            assets: sight.scene.assets,
            title,
            mark: setup.mark,
            x: setup.x.unwrap_or(first),
            y: setup
                .y
                .iter()
                .chain(&setup.right)
                .copied()
                .collect::<Vec<_>>()
                .join(","),
            right: setup.right.join(","),
            series: setup.series,
            unit: settings.string("unit"),
            size: settings.string("size"),
            table,
            is_cut: page.rows.more || is_cut,
            unknown,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}
