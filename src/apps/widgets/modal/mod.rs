//! Other widgets of the page in a box that a button opens.

use askama::Template;

use super::kind::Kind;
use super::scene::Sight;
use crate::apps::format::{Key, KeyKind, KindSchema, Settings, Widget};

pub(super) struct Modal;

pub(super) static KIND: Modal = Modal;

static KEYS: &[Key] = &[
    Key::new(
        "label",
        KeyKind::Text,
        "What the button says that opens it.",
    )
    .required(),
    Key::new(
        "title",
        KeyKind::Text,
        "What stands above the box; the label when absent.",
    ),
    Key::new(
        "widgets",
        KeyKind::Texts,
        "The widgets of the page that stand in it.",
    )
    .widgets()
    .required(),
    Key::new(
        "shape",
        KeyKind::OneOf(&["box", "drawer"]),
        "In the middle, or along the side; box when absent.",
    ),
    Key::new(
        "style",
        KeyKind::OneOf(&["primary", "plain"]),
        "How the button looks; plain when absent.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/modal/view.html")]
struct View<'a> {
    assets: &'a str,
    id: &'a str,
    label: &'a str,
    title: &'a str,
    /// The classes of the button and of what it opens.
    button: &'a str,
    shape: &'a str,
    is_open: bool,
    /// For whoever makes the app: what it names and the page does not have.
    missing: String,
    /// For whoever makes the app: nothing stands in it.
    is_bare: bool,
    open: String,
    close: String,
    inside: &'a str,
}

impl Kind for Modal {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "modal",
            doc: "Other widgets in a box or a drawer that a button opens.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn holds<'a>(&self, widget: &'a Widget) -> Vec<&'a str> {
        Settings::of(widget).strings("widgets")
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let scene = sight.scene;
        let id = sight.widget.id.as_str();
        let mut settings = Settings::of(sight.widget);
        let label = settings.string("label").unwrap_or_default();
        let held = settings.strings("widgets");
        let is_tried = scene
            .tried
            .is_some_and(|tried| held.contains(&tried.widget));
        let is_there = |id: &&&str| scene.page.widgets.iter().any(|widget| widget.id == **id);
        let missing = held.iter().filter(|id| scene.is_builder && !is_there(id));
        let missing: Vec<&str> = missing.copied().collect();
        let (mut open, mut close) = (String::new(), String::new());
        scene.here(&[id], &[(id, "open")], &mut open);
        scene.here(&[id], &[], &mut close);
        let view = View {
            assets: scene.assets,
            id,
            label,
            title: settings.string("title").unwrap_or(label),
            button: match settings.string("style") {
                Some("plain") | None => "btn",
                Some(_) => "btn primary",
            },
            shape: match settings.string("shape") {
                Some("drawer") => "drawer",
                _ => "box wide",
            },
            // What has to be put right is in sight.
            is_open: is_tried || scene.fields.get(id) == Some("open"),
            missing: missing.join(", "),
            is_bare: scene.is_builder && held.is_empty(),
            open,
            close,
            inside: sight.inside,
        };
        sight.open("div", "", out);
        view.render_into(out)?;
        out.push_str("</div>");
        Ok(())
    }
}
