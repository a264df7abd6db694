//! A picture: one the app names, or one a row names.

use askama::Template;

use super::fields::{unknown, words};
use super::kind::{Amount, Kind, Need, Reach};
use super::origins::{Shown, host, picture, preview, refused};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};

pub(super) struct Image;

pub(super) static KIND: Image = Image;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the picture."),
    Key::new(
        "src",
        KeyKind::Text,
        "Its address on a site the operator allowed, or the picture itself as data:image/png;base64.",
    ),
    Key::new(
        "query",
        KeyKind::ReadQuery,
        "Its first row names the picture.",
    ),
    Key::new("column", KeyKind::Text, "The column with the address.").columns(),
    Key::new(
        "alt",
        KeyKind::Text,
        "What the picture shows, for those who do not see it.",
    )
    .required(),
    Key::new("caption", KeyKind::Text, "What stands below the picture."),
    Key::new(
        "empty",
        KeyKind::Text,
        "What is said when the row names no picture.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/image/view.html")]
struct View<'a> {
    assets: &'a str,
    title: Option<&'a str>,
    unknown: String,
    src: String,
    alt: &'a str,
    caption: Option<&'a str>,
    /// What is said in place of the picture.
    instead: String,
}

impl Kind for Image {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "image",
            doc: "A picture with words for those who do not see it.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        let (src, query, column) = (
            settings.has("src"),
            settings.has("query"),
            settings.has("column"),
        );
        match (src, query, column) {
            (false, false, _) => settings.problem(
                "src",
                "this image shows nothing; give it `src`, or `query` and `column`",
            ),
            (true, true, _) => settings.problem(
                "query",
                "an image has `src` or `query`, not both; take one away",
            ),
            (false, true, false) => settings.problem(
                "column",
                "`column` is missing here; name the column with the address",
            ),
            _ => {}
        }
        if let Some(src) = settings.string("src")
            && !src.is_empty()
            && picture(src, &[]) == Shown::Wrong
        {
            let message =
                "`src` is no address of a picture; write https://… or data:image/png;base64,…";
            settings.problem("src", message);
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::One,
        })
    }

    fn reach(&self, _: &Widget) -> Reach {
        Reach::Pictures
    }

    fn begun(&self, _: &str) -> String {
        "src = \"\"\n".to_owned()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let scene = sight.scene;
        let mut settings = Settings::of(sight.widget);
        let column = settings.string("column");
        let address = match (settings.string("src"), sight.rows) {
            (Some(src), _) => src.to_owned(),
            (None, Some(page)) => {
                let at = column.and_then(|name| page.rows.column(name));
                at.map(|at| words(&page.rows, 0, at)).unwrap_or_default()
            }
            (None, None) => String::new(),
        };
        let empty = settings
            .string("empty")
            .unwrap_or("There is no picture here.");
        let (src, instead) = match picture(&address, scene.shown) {
            Shown::Outside(address) if scene.is_preview => ("", preview(host(address))),
            Shown::Own(address) | Shown::Outside(address) => (address, String::new()),
            Shown::Refused(address) if scene.is_builder => ("", refused(host(address))),
            _ => ("", empty.to_owned()),
        };
        let rows = sight
            .rows
            .map(|page| &page.rows)
            .filter(|rows| !rows.is_empty());
        let view = View {
            assets: scene.assets,
            title: settings.string("title"),
            unknown: rows
                .map(|rows| unknown(scene, column, rows))
                .unwrap_or_default(),
            src: src.to_owned(),
            alt: settings.string("alt").unwrap_or_default(),
            caption: settings.string("caption"),
            instead,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}
