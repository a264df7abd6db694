//! Rows as a table: sorted and paged by the server, exported, added up, worked on.

mod edit;
mod head;
mod highlight;
mod setup;
mod table;

use askama::Template;

use super::acts::{self, ACTIONS, THEN};
use super::fields::{BADGES, FORMAT, LABELS, check_badges, check_formats, unknown};
use super::kind::{Amount, Kind, Listing, Need, Sends};
use super::links::ROW;
use super::pager::Pager;
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use setup::Setup;
pub use table::totals;

pub(super) struct Report;

pub(super) static KIND: Report = Report;

static GROUP: &[Key] = &[
    Key::new("label", KeyKind::Text, "The title above the columns.").required(),
    Key::new(
        "columns",
        KeyKind::Texts,
        "Columns that stand beside each other.",
    )
    .columns()
    .required(),
];

static HIGHLIGHT: &[Key] = &[
    Key::new("column", KeyKind::Text, "The column looked at.")
        .columns()
        .required(),
    Key::new(
        "when",
        KeyKind::Text,
        "A comparison like < 0, >= today, = late; or empty, filled.",
    )
    .required(),
    Key::new(
        "tone",
        KeyKind::OneOf(&["good", "warn", "bad", "info"]),
        "How it looks then.",
    )
    .required(),
    Key::new(
        "row",
        KeyKind::Boolean,
        "Whether the whole row does; only the cell when absent.",
    ),
];

static LINKS: &[Key] = &[
    Key::new(
        "label",
        KeyKind::Text,
        "What the link says; the cell itself when `column` is there.",
    ),
    Key::new(
        "column",
        KeyKind::Text,
        "The column whose cells are the link; one more at the end when absent.",
    )
    .columns(),
    Key::new("goto", KeyKind::Page, "The page it opens.").required(),
    Key::new(
        "with",
        KeyKind::TextTable,
        "What that page is told: a name there, and the column it comes from.",
    ),
];

static EDIT: &[Key] = &[
    Key::new(
        "column",
        KeyKind::Text,
        "The column whose cells can be changed.",
    )
    .columns()
    .required(),
    Key::new(
        "run",
        KeyKind::WriteQuery,
        "The query; its form.… parameter is the new value, its row.… the one before.",
    )
    .required(),
    Key::new("then", KeyKind::Table(THEN), "What follows."),
];

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the table."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
    Key::new(
        "columns",
        KeyKind::Texts,
        "The columns shown; all when absent.",
    )
    .columns(),
    Key::new(
        "hidden",
        KeyKind::Texts,
        "Columns not shown until somebody asks for all.",
    )
    .columns(),
    Key::new(
        "pinned",
        KeyKind::Boolean,
        "Whether the first column stays in sight; false when absent.",
    ),
    Key::new(
        "groups",
        KeyKind::Tables(GROUP),
        "Titles above several columns.",
    ),
    LABELS,
    FORMAT,
    BADGES,
    Key::new(
        "highlight",
        KeyKind::Tables(HIGHLIGHT),
        "Cells and rows that stand out.",
    ),
    Key::new(
        "export",
        KeyKind::SomeOf(&["csv", "xlsx"]),
        "The files offered.",
    ),
    Key::new(
        "empty",
        KeyKind::Text,
        "What is said when there are no rows.",
    ),
    Key::new("row", KeyKind::Table(ROW), "Where a row leads."),
    Key::new(
        "links",
        KeyKind::Tables(LINKS),
        "Further pages a row leads to.",
    ),
    Key::new(
        "actions",
        KeyKind::Tables(ACTIONS),
        "What can be done to each row.",
    ),
    Key::new(
        "edit",
        KeyKind::Tables(EDIT),
        "Columns people change in the table.",
    ),
    Key::new(
        "totals",
        KeyKind::TextTable,
        "Columns added up: sum, avg, min, max or count.",
    )
    .columns()
    .known(&["sum", "avg", "min", "max", "count"]),
];

#[derive(Template)]
#[template(path = "apps/widgets/report/view.html", block = "head")]
struct Head<'a> {
    assets: &'a str,
    id: &'a str,
    title: &'a str,
    /// The name of a kind of file, and where it is to be had.
    files: Vec<(&'static str, String)>,
    /// Shows the hidden columns, or hides them again; its address.
    columns: Option<(&'static str, String)>,
    unknown: String,
    refusal: String,
    is_empty: bool,
    empty: &'a str,
    is_filtered: bool,
}

impl Kind for Report {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "report",
            doc: "Rows as a table that people sort, page through and take along.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, app: &AppOutline<'_>) {
        check_formats(settings);
        check_badges(settings);
        acts::check_acts(settings, app);
        highlight::check(settings);
        head::check(settings);
        edit::check(settings, app);
        settings.tables("links", |link| {
            if !link.has("label") && !link.has("column") {
                link.problem(
                    "goto",
                    "this link says nothing; give it `label`, or the `column` whose cells it is",
                );
            }
        });
        for (column, total) in settings.texts("totals") {
            if !["sum", "avg", "min", "max", "count"].contains(&total) {
                let message =
                    format!("{column} cannot be `{total}`; a total is sum, avg, min, max or count");
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

    fn sends<'a>(&self, widget: &'a Widget) -> Vec<Sends<'a>> {
        let mut settings = Settings::of(widget);
        let edits = settings.tables("edit", |edit| acts::sends(edit, "run"));
        let acts = acts::all_sent(&mut settings).into_iter();
        acts.chain(edits.into_iter().flatten()).collect()
    }

    fn words(&self, widget: &Widget) -> Vec<String> {
        if Settings::of(widget).strings("hidden").is_empty() {
            return Vec::new();
        }
        vec![setup::own_word(widget, "columns")]
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
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let setup = Setup::of(sight.widget);
        let title = sight.heading(setup.listing.title);
        let mut refusal = String::new();
        acts::refusal(sight, &mut refusal);
        sight.open("section", "card", out);
        let files = setup
            .listing
            .files
            .iter()
            .filter(|_| !sight.scene.is_preview);
        let head = Head {
            assets: sight.scene.assets,
            id: &sight.widget.id,
            title,
            files: files.map(|format| file(sight, format)).collect(),
            columns: setup.toggle(sight),
            unknown: unknown(sight.scene, setup.named(), &page.rows),
            refusal,
            is_empty: page.rows.is_empty(),
            empty: setup.empty.unwrap_or("There are no rows here yet."),
            is_filtered: sight.scene.is_filtered(),
        };
        head.render_into(out)?;
        if !page.rows.is_empty() {
            table::Table::new(sight, &setup, page).draw(out);
        }
        if !page.rows.is_empty() || page.first > 1 {
            Pager::of(sight, title, page).render_into(out)?;
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
    let (after, before) = (
        scene.word(sight.widget, "after"),
        scene.word(sight.widget, "before"),
    );
    scene.here(&[&after, &before], &[], &mut href);
    (if format == "xlsx" { "Excel" } else { "CSV" }, href)
}
