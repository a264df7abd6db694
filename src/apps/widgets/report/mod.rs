//! Rows as a table: sorted and paged by the server, exported, added up.

mod setup;
mod table;

use std::fmt::Write;

use askama::Template;

use super::cells::{FORMAT_WORDS, FORMATS, Format};
use super::figures::grouped;
use super::kind::{Amount, Kind, Listing, Need};
use super::scene::{PageOfRows, Sight};
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use setup::Setup;
pub use table::totals;

pub(super) struct Report;

pub(super) static KIND: Report = Report;

static ROW: &[Key] = &[
    Key::new("goto", KeyKind::Page, "The page a row opens.").required(),
    Key::new(
        "with",
        KeyKind::TextTable,
        "What that page is told: a name there, and the column it comes from.",
    ),
];

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the table."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
    Key::new("columns", KeyKind::Texts, "The columns shown; all when absent.").columns(),
    Key::new("labels", KeyKind::TextTable, "What people call the columns.").columns(),
    Key::new("format", KeyKind::TextTable, "How columns are written, like money:EUR.").columns().known(FORMAT_WORDS),
    Key::new("badges", KeyKind::TextTable, "Which words of badges are good, warn, bad or info.").known(&["good", "warn", "bad", "info", "none"]),
    Key::new("export", KeyKind::SomeOf(&["csv", "xlsx"]), "The files offered."),
    Key::new("empty", KeyKind::Text, "What is said when there are no rows."),
    Key::new("row", KeyKind::Table(ROW), "Where a row leads."),
    Key::new("totals", KeyKind::TextTable, "Columns added up: sum, avg, min, max or count.").columns().known(&["sum", "avg", "min", "max", "count"]),
];

#[derive(Template)]
#[template(path = "apps/widgets/report/view.html", block = "head")]
struct Head<'a> {
    assets: &'a str,
    id: &'a str,
    title: &'a str,
    /// The name of a kind of file, and where it is to be had.
    files: Vec<(&'static str, String)>,
    unknown: String,
    is_empty: bool,
    empty: &'a str,
    is_filtered: bool,
}

#[derive(Template)]
#[template(path = "apps/widgets/report/view.html", block = "foot")]
struct Foot<'a> {
    title: &'a str,
    summary: String,
    /// Where the number of all rows is to be asked; empty when it is known.
    count: String,
    has_pages: bool,
    previous: String,
    next: String,
}

impl Kind for Report {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "report",
            doc: "Rows as a table that people sort, page through and take along.",
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
        for (word, tone) in settings.texts("badges") {
            if !["good", "warn", "bad", "info", "none"].contains(&tone) {
                let message = format!("`{word}` cannot be {tone}; a badge is good, warn, bad, info or none");
                settings.problem("badges", message);
            }
        }
        for (column, total) in settings.texts("totals") {
            if !["sum", "avg", "min", "max", "count"].contains(&total) {
                let message = format!("{column} cannot be `{total}`; a total is sum, avg, min, max or count");
                settings.problem("totals", message);
            }
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::Page,
        })
    }

    fn listing<'a>(&self, widget: &'a Widget) -> Option<Listing<'a>> {
        let mut settings = Settings::of(widget);
        Some(Listing {
            query: settings.read_query("query")?,
            title: settings.string("title"),
            columns: settings.strings("columns"),
            labels: settings.texts("labels"),
            formats: settings.texts("format"),
            files: settings.strings("export"),
            totals: settings.texts("totals"),
        })
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else { return Ok(()) };
        let setup = Setup::of(sight.widget);
        let title = sight.heading(setup.listing.title);
        let columns = table::columns(sight.scene, &setup.listing, &page.rows);
        sight.open("section", "card", out);
        let files = setup.listing.files.iter().filter(|_| !sight.scene.is_preview);
        let head = Head {
            assets: sight.scene.assets,
            id: &sight.widget.id,
            title,
            files: files.map(|format| file(sight, format)).collect(),
            unknown: setup.unknown(sight, &page.rows),
            is_empty: page.rows.is_empty(),
            empty: setup.empty.unwrap_or("There are no rows here yet."),
            is_filtered: sight.scene.fields.iter().any(|(_, value)| !value.is_empty()),
        };
        head.render_into(out)?;
        if !page.rows.is_empty() {
            let table = table::Table { sight, setup: &setup, page, columns: &columns };
            table.draw(out);
        }
        if !page.rows.is_empty() || page.first > 1 {
            foot(sight, title, page).render_into(out)?;
        }
        out.push_str("</section>");
        Ok(())
    }
}

/// The name of a kind of file, and its address, ready for an attribute.
fn file(sight: &Sight<'_>, format: &str) -> (&'static str, String) {
    let scene = sight.scene;
    let (page, widget) = (&scene.page.id, &sight.widget.id);
    let mut href = format!("{}/export/{page}/{widget}/{format}", scene.base);
    let (after, before) = (scene.word(sight.widget, "after"), scene.word(sight.widget, "before"));
    scene.here(&[&after, &before], &[], &mut href);
    (if format == "xlsx" { "Excel" } else { "CSV" }, href)
}

fn foot<'a>(sight: &Sight<'a>, title: &'a str, page: &PageOfRows) -> Foot<'a> {
    let scene = sight.scene;
    let count = u64::try_from(page.rows.len()).unwrap_or_default();
    let (after, before) = (scene.word(sight.widget, "after"), scene.word(sight.widget, "before"));
    let link = |word: &str, place: &Option<String>| {
        let mut href = String::new();
        if let Some(place) = place {
            scene.here(&[&after, &before], &[(word, place)], &mut href);
        }
        href
    };
    let has_pages = page.previous.is_some() || page.next.is_some();
    let mut summary = String::new();
    let last = page.first + count.saturating_sub(1);
    if count == 0 {
        summary.push_str("Nothing more");
    } else if has_pages {
        grouped(i64::try_from(page.first).unwrap_or(i64::MAX), &mut summary);
        summary.push_str(" to ");
        grouped(i64::try_from(last).unwrap_or(i64::MAX), &mut summary);
        if page.next.is_none() {
            summary.push_str(" of ");
            grouped(i64::try_from(last).unwrap_or(i64::MAX), &mut summary);
        }
    } else {
        let _ = write!(summary, "{count} row{}", if count == 1 { "" } else { "s" });
    }
    Foot {
        title,
        summary,
        count: if page.next.is_some() { part(sight, "count") } else { String::new() },
        has_pages,
        previous: link(&before, &page.previous),
        next: link(&after, &page.next),
    }
}

/// Where a part of the report is fetched from later; nowhere in a preview.
fn part(sight: &Sight<'_>, part: &str) -> String {
    let scene = sight.scene;
    if scene.is_preview {
        return String::new();
    }
    let (page, widget) = (&scene.page.id, &sight.widget.id);
    let mut href = format!("{}/part/{page}/{widget}/{part}", scene.base);
    let (after, before) = (scene.word(sight.widget, "after"), scene.word(sight.widget, "before"));
    scene.here(&[&after, &before], &[], &mut href);
    href
}
