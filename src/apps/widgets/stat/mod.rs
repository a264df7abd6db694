//! One number, large, how it compares, and how it went before.

mod spark;

use askama::Template;

use super::cells::{self, FORMAT_WORDS, FORMATS, Format};
use super::fields::{number, words};
use super::kind::{Amount, Kind, Need};
use super::links::{Lead, Link, ROW};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::data::{Cell, Rows};

pub(super) struct Stat;

pub(super) static KIND: Stat = Stat;

static KEYS: &[Key] = &[
    Key::new("label", KeyKind::Text, "What the number is.").required(),
    Key::new("query", KeyKind::ReadQuery, "Its first row holds the number.").required(),
    Key::new("value", KeyKind::Text, "The column; the first when absent.").columns(),
    Key::new("format", KeyKind::Text, "How it is written, like money:EUR.").known(FORMAT_WORDS),
    Key::new("compare", KeyKind::Text, "The column with the number it is compared to.").columns(),
    Key::new("over", KeyKind::Text, "The column that says when: the last row is the number, the one before it is compared to, all are a line.").columns(),
    Key::new("better", KeyKind::OneOf(&["more", "less"]), "Which way is good; more when absent."),
    Key::new("row", KeyKind::Table(ROW), "Where the number leads."),
];

#[derive(Template)]
#[template(path = "apps/widgets/stat/view.html")]
struct View<'a> {
    label: &'a str,
    href: String,
    value: String,
    change: Option<Change>,
    /// What it is compared to, when rows say when they were.
    since: String,
    spark: String,
}

/// The difference to the number it is compared to.
struct Change {
    class: &'static str,
    arrow: &'static str,
    said: &'static str,
    by: String,
}

impl Kind for Stat {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "stat",
            doc: "One number with its name, and how it compares.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        if let Some(format) = settings.string("format")
            && Format::parse(format).is_none()
        {
            let message = format!("`{format}` is no format; known are {FORMATS}");
            settings.problem("format", message);
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        let mut settings = Settings::of(widget);
        let is_over = settings.has("over");
        Some(Need {
            query: settings.read_query("query")?,
            amount: if is_over { Amount::All } else { Amount::One },
        })
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let mut settings = Settings::of(sight.widget);
        let rows = &page.rows;
        let named = |name: Option<&str>| name.and_then(|name| rows.column(name));
        let over = named(settings.string("over"));
        let first = (0..rows.columns.len()).find(|at| Some(*at) != over);
        let at = named(settings.string("value"))
            .or(first)
            .unwrap_or_default();
        let row = if over.is_some() {
            rows.len().saturating_sub(1)
        } else {
            0
        };
        let value = rows.get(row, at);
        let format = format(settings.string("format"), rows, at);
        let before = match named(settings.string("compare")) {
            Some(at) => Some(rows.get(row, at)),
            None => over.and(row.checked_sub(1)).map(|row| rows.get(row, at)),
        };
        let is_less_better = settings.string("better") == Some("less");
        let since = match (over, row.checked_sub(1)) {
            (Some(over), Some(row)) if before.is_some() => said(rows, row, over),
            _ => String::new(),
        };
        let lead = Lead::of(&mut settings, "row").filter(|_| !rows.is_empty());
        let mut href = String::new();
        if let Some(lead) = lead {
            Link::new(sight.scene, &lead, rows).href(rows, row, &mut href);
        }
        let label = settings.string("label").unwrap_or_default();
        let view = View {
            label,
            href,
            value: written(value, format),
            change: before
                .and_then(|before| change(number(value)?, number(before)?, is_less_better, format)),
            since,
            spark: over
                .map(|over| spark::drawn(rows, at, over))
                .unwrap_or_default(),
        };
        sight.open("section", "card stat", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

/// What the author said, or else what the column's type suggests.
fn format<'a>(said: Option<&'a str>, rows: &Rows, at: usize) -> Format<'a> {
    match said.and_then(Format::parse) {
        Some(format) => format,
        None => {
            rows.columns
                .get(at)
                .map_or(Format::Plain, |column| match Format::of(column, &[]) {
                    Format::Plain => Format::Number(None),
                    format => format,
                })
        }
    }
}

/// A row's moment as HTML: a day is written in the reader's language.
fn said(rows: &Rows, row: usize, over: usize) -> String {
    let text = words(rows, row, over);
    let mut out = String::new();
    cells::write(Cell::Text(&text), Format::Date, &[], &mut out);
    out
}

fn written(cell: Cell<'_>, format: Format<'_>) -> String {
    let mut text = String::new();
    cells::write(cell, format, &[], &mut text);
    if text.is_empty() {
        "–".to_owned()
    } else {
        text
    }
}

fn change(now: f64, before: f64, is_less_better: bool, format: Format<'_>) -> Option<Change> {
    let by = now - before;
    if !by.is_finite() {
        return None;
    }
    let (arrow, said, is_good) = if by > 0.0 {
        ("▲", "up by", !is_less_better)
    } else if by < 0.0 {
        ("▼", "down by", is_less_better)
    } else {
        ("=", "the same", true)
    };
    let class = match (by == 0.0, is_good) {
        (true, _) => "same",
        (_, true) => "up",
        (_, false) => "down",
    };
    Some(Change {
        class,
        arrow,
        said,
        by: written(Cell::Real(by.abs()), format),
    })
}
