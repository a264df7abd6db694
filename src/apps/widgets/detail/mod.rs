//! One row as labelled values, with what can be done to it.

use askama::Template;

use super::acts::{self, ACTIONS, Buttons};
use super::fields::{BADGES, FORMAT, LABELS, Said, check_badges, check_formats, unknown};
use super::kind::{Amount, Kind, Need, Sends};
use super::links::{LINKS, Lead, Link};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};

pub(super) struct Detail;

pub(super) static KIND: Detail = Detail;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the values."),
    Key::new("query", KeyKind::ReadQuery, "Its first row is shown.").required(),
    Key::new(
        "columns",
        KeyKind::Texts,
        "The columns shown; all when absent.",
    )
    .columns(),
    LABELS,
    FORMAT,
    BADGES,
    Key::new("links", KeyKind::Tables(LINKS), "Pages the row leads to."),
    Key::new(
        "actions",
        KeyKind::Tables(ACTIONS),
        "What can be done to the row.",
    ),
    Key::new(
        "empty",
        KeyKind::Text,
        "What is said when there is no such row.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/detail/view.html")]
struct View<'a> {
    assets: &'a str,
    title: &'a str,
    unknown: String,
    empty: &'a str,
    is_filtered: bool,
    /// What went wrong with what was sent.
    refusal: String,
    /// Label and address.
    links: Vec<(&'a str, String)>,
    /// Title and value.
    values: Vec<(String, String)>,
    buttons: String,
}

impl Kind for Detail {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "detail",
            doc: "One row, each value with its name.",
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
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::One,
        })
    }

    fn sends<'a>(&self, widget: &'a Widget) -> Vec<Sends<'a>> {
        acts::all_sent(&mut Settings::of(widget))
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let (scene, rows) = (sight.scene, &page.rows);
        let mut settings = Settings::of(sight.widget);
        let said = Said::of(&mut settings);
        let title = sight.heading(settings.string("title"));
        let (mut links, mut values) = (Vec::new(), Vec::new());
        let (mut buttons, mut refusal) = (String::new(), String::new());
        acts::refusal(sight, &mut refusal);
        if !rows.is_empty() {
            for (label, lead) in Lead::all(&mut settings, "links") {
                let mut href = String::new();
                Link::new(scene, &lead, rows).href(rows, 0, &mut href);
                links.push((label, href));
            }
            for field in said.fields(scene, rows) {
                let value = said.written(Some(&field), rows, 0);
                values.push((field.title, value));
            }
            let acts = acts::acts(&mut settings);
            Buttons::of(sight, acts, rows).write(rows, 0, "", &mut buttons);
        }
        let view = View {
            assets: scene.assets,
            title,
            unknown: unknown(scene, said.columns.iter().copied(), rows),
            empty: settings
                .string("empty")
                .unwrap_or("There is no such entry. Go back and choose another."),
            is_filtered: false,
            refusal,
            links,
            values,
            buttons,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}
