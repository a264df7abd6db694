//! Groups of widgets of which one is seen; the address says which.

use askama::Template;

use super::kind::Kind;
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::web::Fields;

pub(super) struct Tabs;

pub(super) static KIND: Tabs = Tabs;

static TAB: &[Key] = &[
    Key::new("label", KeyKind::Text, "What stands on the tab.").required(),
    Key::new("widgets", KeyKind::Texts, "The widgets of the page it shows.").required().widgets(),
];

static KEYS: &[Key] = &[
    Key::new("label", KeyKind::Text, "What the tabs are about, for those who hear them."),
    Key::new("tabs", KeyKind::Tables(TAB), "The tabs; the first is open at first.").required(),
];

#[derive(Template)]
#[template(path = "apps/widgets/tabs/view.html")]
struct View<'a> {
    label: &'a str,
    /// Label, address, and whether it is open.
    tabs: Vec<(&'a str, String, bool)>,
}

/// Label and widgets of each tab.
fn tabs(widget: &Widget) -> Vec<(&str, Vec<&str>)> {
    Settings::of(widget).tables("tabs", |tab| {
        (tab.string("label").unwrap_or_default(), tab.strings("widgets"))
    })
}

/// The open tab; the first when the address names none.
fn open(widget: &Widget, count: usize, fields: &Fields) -> usize {
    let said = fields.get(&widget.id);
    let number: Option<usize> = said.and_then(|text| text.parse().ok());
    let number = number.and_then(|number| number.checked_sub(1));
    number.filter(|number| *number < count).unwrap_or_default()
}

impl Kind for Tabs {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "tabs",
            doc: "Groups of widgets in one place, one group seen at a time.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        if settings.has("tabs") && settings.tables("tabs", |_| ()).is_empty() {
            settings.problem("tabs", "there is no tab here; add one with `label` and `widgets`");
        }
    }

    fn hides<'a>(&self, widget: &'a Widget, fields: &Fields) -> Vec<&'a str> {
        let all = tabs(widget);
        let open = open(widget, all.len(), fields);
        let shown = all.get(open).map(|(_, shown)| shown.clone()).unwrap_or_default();
        let hidden = all.into_iter().flat_map(|(_, widgets)| widgets);
        hidden.filter(|id| !shown.contains(id)).collect()
    }

    fn words(&self, widget: &Widget) -> Vec<String> {
        vec![widget.id.clone()]
    }

    fn turns<'a>(&self, widget: &'a Widget) -> Vec<(&'a str, Vec<&'a str>)> {
        tabs(widget)
    }

    fn begun(&self, _: &str) -> String {
        "tabs = [\n  { label = \"First\", widgets = [] },\n  { label = \"Second\", widgets = [] },\n]\n".to_owned()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let all = tabs(sight.widget);
        let open = open(sight.widget, all.len(), sight.scene.fields);
        let id = sight.widget.id.as_str();
        let tab = |(at, (label, _)): (usize, (_, _))| {
            let mut href = String::new();
            let number = (at + 1).to_string();
            sight.scene.here(&[id], &[(id, &number)], &mut href);
            (label, href, at == open)
        };
        let label = Settings::of(sight.widget).string("label");
        let view = View {
            label: label.unwrap_or("Parts of this page"),
            tabs: all.iter().map(|(label, widgets)| (*label, widgets)).enumerate().map(tab).collect(),
        };
        sight.open("div", "", out);
        view.render_into(out)?;
        out.push_str("</div>");
        Ok(())
    }
}
