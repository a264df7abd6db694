//! Rows on the days of a month.

use askama::Template;
use jiff::civil::Date;

use super::fields::{
    BADGES, FORMAT, Field, LABELS, Said, check_badges, check_formats, unknown, words,
};
use super::figures::day as written_day;
use super::kind::{Amount, Kind, Need};
use super::links::{Lead, Link, ROW};
use super::months;
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::data::Rows;

pub(super) struct Calendar;

pub(super) static KIND: Calendar = Calendar;

/// Entries of a day that are seen at once.
const SEEN: usize = 4;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the month."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
    Key::new(
        "day",
        KeyKind::Text,
        "The column with the day, or the moment.",
    )
    .columns()
    .required(),
    Key::new("heading", KeyKind::Text, "The column that names a row.")
        .columns()
        .required(),
    Key::new("badge", KeyKind::Text, "The column shown as a badge.").columns(),
    LABELS,
    FORMAT,
    BADGES,
    Key::new("row", KeyKind::Table(ROW), "Where an entry leads."),
    Key::new(
        "empty",
        KeyKind::Text,
        "What is said below a month without entries.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/calendar/view.html")]
struct View<'a> {
    assets: &'a str,
    id: &'a str,
    title: &'a str,
    unknown: String,
    month: String,
    said: String,
    previous: String,
    next: String,
    /// The present month, where another one is shown.
    today: String,
    weeks: Vec<Vec<Day>>,
    /// What is said when nothing is in the month.
    empty: &'a str,
    is_cut: bool,
}

/// A day of the sheet.
struct Day {
    date: String,
    said: String,
    number: i8,
    is_other: bool,
    is_today: bool,
    /// HTML
    entries: Vec<String>,
    /// HTML, unseen until asked for.
    more: Vec<String>,
}

impl Kind for Calendar {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "calendar",
            doc: "Rows on the days of a month, month by month.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        check_formats(settings);
        check_badges(settings);
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::All,
        })
    }

    fn words(&self, widget: &Widget) -> Vec<String> {
        vec![widget.id.clone()]
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let (scene, rows) = (sight.scene, &page.rows);
        let id = sight.widget.id.as_str();
        let mut settings = Settings::of(sight.widget);
        let said = Said::of(&mut settings);
        let keys = ["day", "heading", "badge"].map(|key| settings.string(key));
        let [day, heading, badge] = keys.map(|name| said.named(scene, rows, name));
        let lead = Lead::of(&mut settings, "row");
        let entries = Entries {
            rows,
            said: &said,
            day,
            heading: heading.map(Field::unlinked),
            badge: badge.map(Field::or_badge),
            link: lead.map(|lead| Link::new(scene, &lead, rows)),
        };
        let now = months::month(None, scene.context.now);
        let month = months::month(scene.fields.get(id), scene.context.now);
        let to = |month: Date| {
            let mut href = String::new();
            scene.here(&[id], &[(id, &months::name(month))], &mut href);
            href
        };
        let today = scene.context.now.rfc3339();
        let weeks = months::weeks(month).into_iter();
        let weeks: Vec<Vec<Day>> = weeks
            .map(|week| {
                week.into_iter()
                    .map(|date| entries.day(date, month, &today[..10]))
                    .collect()
            })
            .collect();
        let mut days = weeks.iter().flatten();
        let is_empty = days.all(|day| day.is_other || day.entries.is_empty());
        let view = View {
            assets: scene.assets,
            id,
            title: sight.heading(settings.string("title")),
            unknown: unknown(scene, keys.into_iter().flatten(), rows),
            month: months::name(month),
            said: month.strftime("%B %Y").to_string(),
            previous: to(months::beside(month, -1)),
            next: to(months::beside(month, 1)),
            today: if month == now { String::new() } else { to(now) },
            weeks,
            empty: if is_empty {
                settings
                    .string("empty")
                    .unwrap_or("Nothing is in this month. Go to another one, or add something.")
            } else {
                ""
            },
            is_cut: rows.more,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

struct Entries<'a> {
    rows: &'a Rows,
    said: &'a Said<'a>,
    day: Option<Field<'a>>,
    heading: Option<Field<'a>>,
    badge: Option<Field<'a>>,
    link: Option<Link<'a>>,
}

impl Entries<'_> {
    fn day(&self, date: Date, month: Date, today: &str) -> Day {
        let written = date.to_string();
        let is_here = |row: &usize| {
            let day = self
                .day
                .as_ref()
                .map(|field| words(self.rows, *row, field.at));
            day.is_some_and(|day| day.starts_with(&written))
        };
        let mut entries: Vec<String> = (0..self.rows.len())
            .filter(is_here)
            .map(|row| self.entry(row))
            .collect();
        let more = entries.split_off(entries.len().min(SEEN));
        let mut said = String::new();
        written_day(&written, &mut said);
        Day {
            number: date.day(),
            is_other: date.month() != month.month(),
            is_today: written == today,
            date: written,
            said,
            entries,
            more,
        }
    }

    fn entry(&self, row: usize) -> String {
        let heading = self.said.written(self.heading.as_ref(), self.rows, row);
        let heading = if heading.is_empty() {
            "–".to_owned()
        } else {
            heading
        };
        let mut out = String::new();
        match &self.link {
            Some(link) => {
                link.open("cell-link", self.rows, row, &mut out);
                out.push_str(&heading);
                out.push_str("</a>");
            }
            None => out.push_str(&heading),
        }
        let badge = self.said.written(self.badge.as_ref(), self.rows, row);
        if !badge.is_empty() {
            out.push(' ');
            out.push_str(&badge);
        }
        out
    }
}
