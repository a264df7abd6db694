//! One number, large, and how it compares.

use askama::Template;

use super::cells::{self, FORMAT_WORDS, FORMATS, Format};
use super::kind::{Amount, Kind, Need};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::data::Cell;

pub(super) struct Stat;

pub(super) static KIND: Stat = Stat;

static KEYS: &[Key] = &[
    Key::new("label", KeyKind::Text, "What the number is.").required(),
    Key::new("query", KeyKind::ReadQuery, "Its first row holds the number.").required(),
    Key::new("value", KeyKind::Text, "The column; the first when absent.").columns(),
    Key::new("format", KeyKind::Text, "How it is written, like money:EUR.").known(FORMAT_WORDS),
    Key::new("compare", KeyKind::Text, "The column with the number it is compared to.").columns(),
    Key::new("better", KeyKind::OneOf(&["more", "less"]), "Which way is good; more when absent."),
];

#[derive(Template)]
#[template(path = "apps/widgets/stat/view.html")]
struct View<'a> {
    label: &'a str,
    value: String,
    change: Option<Change>,
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

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        if let Some(format) = settings.string("format")
            && Format::parse(format).is_none()
        {
            let message = format!("`{format}` is no format; known are {FORMATS}");
            settings.problem("format", message);
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::One,
        })
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else { return Ok(()) };
        let mut settings = Settings::of(sight.widget);
        let rows = &page.rows;
        let named = |name: Option<&str>| name.and_then(|name| rows.column(name));
        let at = named(settings.string("value")).unwrap_or_default();
        let value = rows.get(0, at);
        let format = match settings.string("format").and_then(Format::parse) {
            Some(format) => format,
            None => rows.columns.get(at).map_or(Format::Plain, |column| {
                match Format::of(column, &[]) {
                    Format::Plain => Format::Number(None),
                    format => format,
                }
            }),
        };
        let before = named(settings.string("compare")).map(|at| rows.get(0, at));
        let is_less_better = settings.string("better") == Some("less");
        let view = View {
            label: settings.string("label").unwrap_or_default(),
            value: written(value, format),
            change: before.and_then(|before| change(number(value)?, number(before)?, is_less_better, format)),
        };
        sight.open("section", "card stat", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

fn written(cell: Cell<'_>, format: Format<'_>) -> String {
    let mut text = String::new();
    cells::write(cell, format, &[], &mut text);
    if text.is_empty() { "–".to_owned() } else { text }
}

fn number(cell: Cell<'_>) -> Option<f64> {
    match cell {
        #[expect(clippy::cast_precision_loss, reason = "a difference for people to read")]
        Cell::Integer(number) => Some(number as f64),
        Cell::Real(number) => Some(number),
        _ => None,
    }
}

fn change(
    now: f64,
    before: f64,
    is_less_better: bool,
    format: Format<'_>,
) -> Option<Change> {
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
    Some(Change { class, arrow, said, by: written(Cell::Real(by.abs()), format) })
}
