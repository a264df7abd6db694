//! What happened, one after the other, under its days.

use askama::Template;

use super::acts::{self, ACTIONS, Buttons};
use super::fields::{
    BADGES, FORMAT, Field, LABELS, Said, check_badges, check_formats, unknown, words,
};
use super::figures::{day, is_day};
use super::kind::{Amount, Kind, Listing, Need, Sends};
use super::links::{Lead, Link, ROW};
use super::pager::Pager;
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::data::Rows;

pub(super) struct Timeline;

pub(super) static KIND: Timeline = Timeline;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the entries."),
    Key::new(
        "query",
        KeyKind::ReadQuery,
        "The rows, in the order they are shown.",
    )
    .required(),
    Key::new(
        "when",
        KeyKind::Text,
        "The column with the day, or the moment.",
    )
    .columns()
    .required(),
    Key::new("heading", KeyKind::Text, "The column that names a row.")
        .columns()
        .required(),
    Key::new(
        "text",
        KeyKind::Text,
        "The column with a few words below it.",
    )
    .columns(),
    Key::new("badge", KeyKind::Text, "The column shown as a badge.").columns(),
    LABELS,
    FORMAT,
    BADGES,
    Key::new("row", KeyKind::Table(ROW), "Where an entry leads."),
    Key::new(
        "actions",
        KeyKind::Tables(ACTIONS),
        "What can be done to each row.",
    ),
    Key::new(
        "empty",
        KeyKind::Text,
        "What is said when there are no rows.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/timeline/view.html")]
struct View<'a> {
    assets: &'a str,
    title: &'a str,
    unknown: String,
    refusal: String,
    empty: &'a str,
    is_filtered: bool,
    days: Vec<Day>,
    pager: Option<Pager<'a>>,
}

/// Entries of one day that follow each other.
struct Day {
    date: String,
    said: String,
    entries: Vec<Entry>,
}

/// All of it HTML.
struct Entry {
    /// The hour, as it stands in the row.
    clock: String,
    heading: String,
    badge: String,
    text: String,
    buttons: String,
}

impl Kind for Timeline {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "timeline",
            doc: "What happened, day by day.",
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
            amount: Amount::Page,
        })
    }

    fn sends<'a>(&self, widget: &'a Widget) -> Vec<Sends<'a>> {
        acts::all_sent(&mut Settings::of(widget))
    }

    fn listing<'a>(&self, widget: &'a Widget) -> Option<Listing<'a>> {
        Listing::counted(widget)
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let (scene, rows) = (sight.scene, &page.rows);
        let mut settings = Settings::of(sight.widget);
        let said = Said::of(&mut settings);
        let title = sight.heading(settings.string("title"));
        let keys = ["when", "heading", "text", "badge"].map(|key| settings.string(key));
        let [when, heading, text, badge] = keys.map(|name| said.named(scene, rows, name));
        let lead = Lead::of(&mut settings, "row");
        let parts = Parts {
            rows,
            said: &said,
            when,
            heading: heading.map(Field::unlinked),
            text,
            badge: badge.map(Field::or_badge),
            link: lead.map(|lead| Link::new(scene, &lead, rows)),
            buttons: Buttons::of(sight, acts::acts(&mut settings), rows),
        };
        let mut refusal = String::new();
        acts::refusal(sight, &mut refusal);
        let view = View {
            assets: scene.assets,
            title,
            unknown: unknown(scene, keys.into_iter().flatten(), rows),
            refusal,
            empty: settings
                .string("empty")
                .unwrap_or("Nothing has happened here yet."),
            is_filtered: scene.is_filtered(),
            days: parts.days(),
            pager: (!rows.is_empty() || page.first > 1).then(|| Pager::of(sight, title, page)),
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

struct Parts<'a> {
    rows: &'a Rows,
    said: &'a Said<'a>,
    when: Option<Field<'a>>,
    heading: Option<Field<'a>>,
    text: Option<Field<'a>>,
    badge: Option<Field<'a>>,
    link: Option<Link<'a>>,
    buttons: Buttons<'a>,
}

impl Parts<'_> {
    fn days(&self) -> Vec<Day> {
        let mut days: Vec<Day> = Vec::new();
        for row in 0..self.rows.len() {
            let when = self
                .when
                .as_ref()
                .map(|field| words(self.rows, row, field.at))
                .unwrap_or_default();
            let date = if is_day(&when) {
                when[..10].to_owned()
            } else {
                String::new()
            };
            if days.last().is_none_or(|last| last.date != date) {
                let mut said = String::new();
                day(&date, &mut said);
                days.push(Day {
                    date,
                    said,
                    entries: Vec::new(),
                });
            }
            if let Some(last) = days.last_mut() {
                last.entries.push(self.entry(row, &when));
            }
        }
        days
    }

    fn entry(&self, row: usize, when: &str) -> Entry {
        let name = self
            .heading
            .as_ref()
            .map(|field| words(self.rows, row, field.at))
            .unwrap_or_default();
        let words = self.said.written(self.heading.as_ref(), self.rows, row);
        let words = if words.is_empty() {
            "–".to_owned()
        } else {
            words
        };
        let mut heading = String::new();
        match &self.link {
            Some(link) => {
                link.open("row-link", self.rows, row, &mut heading);
                heading.push_str(&words);
                heading.push_str("</a>");
            }
            None => heading.push_str(&words),
        }
        let mut buttons = String::new();
        self.buttons.write(self.rows, row, &name, &mut buttons);
        Entry {
            clock: clock(when).to_owned(),
            heading,
            badge: self.said.written(self.badge.as_ref(), self.rows, row),
            text: self.said.written(self.text.as_ref(), self.rows, row),
            buttons,
        }
    }
}

/// The hour and minute of a moment, digits only; empty for a day.
fn clock(when: &str) -> &str {
    let clock = when.get(11..16).unwrap_or_default();
    let is_clock = clock.bytes().enumerate().all(|(at, byte)| {
        if at == 2 {
            byte == b':'
        } else {
            byte.is_ascii_digit()
        }
    });
    if is_clock { clock } else { "" }
}
