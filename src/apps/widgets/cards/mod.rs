//! Rows as cards or as a list: a heading, a text, a badge, a picture, a link.

use askama::Template;

use super::acts::{self, ACTIONS, Buttons};
use super::fields::{
    BADGES, FORMAT, Field, LABELS, Said, check_badges, check_formats, unknown, words,
};
use super::kind::{Amount, Kind, Listing, Need, Reach, Sends};
use super::links::{Lead, Link, ROW};
use super::origins::{Shown, picture};
use super::pager::Pager;
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::data::Rows;

pub(super) struct Cards;

pub(super) static KIND: Cards = Cards;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the cards."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
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
    Key::new(
        "image",
        KeyKind::Text,
        "The column with the address of a picture.",
    )
    .columns(),
    Key::new(
        "columns",
        KeyKind::Texts,
        "Further columns, each with its name; none when absent.",
    )
    .columns(),
    LABELS,
    FORMAT,
    BADGES,
    Key::new(
        "shape",
        KeyKind::OneOf(&["cards", "list"]),
        "Beside each other or below each other; cards when absent.",
    ),
    Key::new("row", KeyKind::Table(ROW), "Where a card leads."),
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
#[template(path = "apps/widgets/cards/view.html")]
struct View<'a> {
    assets: &'a str,
    id: &'a str,
    title: &'a str,
    unknown: String,
    refusal: String,
    empty: &'a str,
    is_filtered: bool,
    is_list: bool,
    cards: Vec<Card>,
    pager: Option<Pager<'a>>,
}

/// A row as it is shown; what is HTML already says so.
struct Card {
    /// HTML
    heading: String,
    /// HTML
    text: String,
    /// HTML
    badge: String,
    /// Its address, when it may be shown.
    image: String,
    /// Title and HTML.
    values: Vec<(String, String)>,
    /// HTML
    buttons: String,
}

/// Which column is which part of a card.
struct Parts<'a> {
    heading: Option<Field<'a>>,
    text: Option<Field<'a>>,
    badge: Option<Field<'a>>,
    image: Option<Field<'a>>,
    fields: Vec<Field<'a>>,
    link: Option<Link<'a>>,
    buttons: Buttons<'a>,
}

impl Kind for Cards {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "cards",
            doc: "Rows as cards or a list, each with its heading.",
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

    fn reach(&self, widget: &Widget) -> Reach {
        if Settings::of(widget).has("image") {
            Reach::Pictures
        } else {
            Reach::Nothing
        }
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let (scene, rows) = (sight.scene, &page.rows);
        let mut settings = Settings::of(sight.widget);
        let said = Said::of(&mut settings);
        let title = sight.heading(settings.string("title"));
        let own = ["heading", "text", "badge", "image"].map(|key| settings.string(key));
        let lead = Lead::of(&mut settings, "row");
        let [heading, text, badge, image] = own.map(|name| said.named(scene, rows, name));
        let parts = Parts {
            heading,
            text,
            badge: badge.map(Field::or_badge),
            image,
            // Here all of the columns would be no card any more.
            fields: if said.columns.is_empty() {
                Vec::new()
            } else {
                said.fields(scene, rows)
            },
            link: lead.map(|lead| Link::new(scene, &lead, rows)),
            buttons: Buttons::of(sight, acts::acts(&mut settings), rows),
        };
        let names = own
            .into_iter()
            .flatten()
            .chain(said.columns.iter().copied());
        let mut refusal = String::new();
        acts::refusal(sight, &mut refusal);
        let view = View {
            assets: scene.assets,
            id: &sight.widget.id,
            title,
            unknown: unknown(scene, names, rows),
            refusal,
            empty: settings
                .string("empty")
                .unwrap_or("There are no rows here yet."),
            is_filtered: scene.is_filtered(),
            is_list: settings.string("shape") == Some("list"),
            cards: (0..rows.len())
                .map(|row| parts.card(sight, &said, rows, row))
                .collect(),
            pager: (!rows.is_empty() || page.first > 1).then(|| Pager::of(sight, title, page)),
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

impl Parts<'_> {
    fn card(&self, sight: &Sight<'_>, said: &Said<'_>, rows: &Rows, row: usize) -> Card {
        let name = self
            .heading
            .as_ref()
            .map(|field| words(rows, row, field.at))
            .unwrap_or_default();
        let mut heading = String::new();
        let inner = self.heading.clone().map(Field::unlinked);
        let inner = said.written(inner.as_ref(), rows, row);
        let inner = if inner.is_empty() {
            "<span class=\"muted\">Open</span>"
        } else {
            inner.as_str()
        };
        match &self.link {
            Some(link) => {
                link.open("row-link", rows, row, &mut heading);
                heading.push_str(inner);
                heading.push_str("</a>");
            }
            None => heading.push_str(inner),
        }
        let image = self
            .image
            .as_ref()
            .map(|field| words(rows, row, field.at))
            .unwrap_or_default();
        let image = match picture(&image, sight.scene.shown) {
            Shown::Own(address) => address.to_owned(),
            Shown::Outside(address) if !sight.scene.is_preview => address.to_owned(),
            _ => String::new(),
        };
        let mut buttons = String::new();
        self.buttons.write(rows, row, &name, &mut buttons);
        let value = |field: &Field<'_>| (field.title.clone(), said.written(Some(field), rows, row));
        Card {
            heading,
            text: said.written(self.text.as_ref(), rows, row),
            badge: said.written(self.badge.as_ref(), rows, row),
            image,
            values: self.fields.iter().map(value).collect(),
            buttons,
        }
    }
}
