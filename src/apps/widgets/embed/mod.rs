//! A page of another site in a frame, if an operator allowed its origin.

use askama::Template;

use super::kind::{Kind, Reach};
use super::origins::{Shown, host, outside, preview, refused};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};

pub(super) struct Embed;

pub(super) static KIND: Embed = Embed;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What the frame shows.").required(),
    Key::new(
        "src",
        KeyKind::Text,
        "The page's address; an operator has to allow its origin.",
    )
    .required(),
    Key::new(
        "size",
        KeyKind::OneOf(&["small", "medium", "large"]),
        "How high it is; medium when absent.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/embed/view.html")]
struct View<'a> {
    assets: &'a str,
    title: &'a str,
    src: &'a str,
    size: &'a str,
    host: &'a str,
    /// What is said in place of the frame.
    instead: String,
}

impl Kind for Embed {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "embed",
            doc: "A page of another site, in a frame.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        if let Some(src) = settings.string("src")
            && outside(src, &[]) == Shown::Wrong
        {
            settings.problem(
                "src",
                "`src` is no address of a page elsewhere; write https://…",
            );
        }
    }

    fn reach(&self, _: &Widget) -> Reach {
        Reach::Frames
    }

    fn begun(&self, _: &str) -> String {
        "src = \"https://example.org/\"\n".to_owned()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let scene = sight.scene;
        let mut settings = Settings::of(sight.widget);
        let address = settings.string("src").unwrap_or_default();
        let host = host(address);
        let (src, instead) = match outside(address, scene.shown) {
            Shown::Outside(_) if scene.is_preview => ("", preview(host)),
            Shown::Outside(address) => (address, String::new()),
            _ if scene.is_builder => ("", refused(host)),
            _ => (
                "",
                "This cannot be shown yet. Tell whoever made this app.".to_owned(),
            ),
        };
        let view = View {
            assets: scene.assets,
            title: settings.string("title").unwrap_or_default(),
            src,
            size: settings.string("size").unwrap_or("medium"),
            host,
            instead,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}
