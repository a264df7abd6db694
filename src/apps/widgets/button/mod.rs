//! One thing to do: go to a page, or have a query change something.

use askama::Template;

use super::acts::{THEN, check_then, sends};
use super::kind::{Kind, Sends};
use super::scene::{Once, Sight};
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};

pub(super) struct Button;

pub(super) static KIND: Button = Button;

static KEYS: &[Key] = &[
    Key::new("label", KeyKind::Text, "What the button says it does.").required(),
    Key::new("goto", KeyKind::Page, "The page it opens."),
    Key::new("with", KeyKind::TextTable, "What that page is told: a name there, a name of the address here."),
    Key::new("run", KeyKind::WriteQuery, "The query it has run."),
    Key::new("confirm", KeyKind::Text, "What is asked before that."),
    Key::new("then", KeyKind::Table(THEN), "What follows."),
    Key::new("style", KeyKind::OneOf(&["primary", "plain", "danger"]), "How it looks; plain when absent."),
];

#[derive(Template)]
#[template(path = "apps/widgets/button/view.html")]
struct View<'a> {
    label: &'a str,
    class: &'static str,
    /// Where it leads, when it only leads.
    href: Option<String>,
    action: String,
    confirm: &'a str,
    page: &'a str,
    widget: &'a str,
    at: String,
    once: Once,
    is_preview: bool,
}

impl Kind for Button {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "button",
            doc: "Opens a page, or changes something at a press.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, app: &AppOutline<'_>) {
        check_then(settings, app);
        match (settings.has("goto"), settings.has("run")) {
            (false, false) => settings.problem("label", "this button does nothing; give it `goto` or `run`"),
            (true, true) => settings.problem("goto", "a button leads or runs; move this page to `then = { goto = … }`"),
            _ => {}
        }
    }

    fn begun(&self, page: &str) -> String {
        format!("goto = \"{page}\"\n")
    }

    fn sends<'a>(&self, widget: &'a Widget) -> Vec<Sends<'a>> {
        sends(&mut Settings::of(widget), "run").into_iter().collect()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let scene = sight.scene;
        let mut settings = Settings::of(sight.widget);
        let href = settings.page("goto").map(|page| {
            let mut address = scene.page(page);
            let with = settings.texts("with").into_iter();
            let told = with.filter_map(|(name, from)| Some((name, scene.fields.get(from)?)));
            let mut told = form_urlencoded::Serializer::new(String::new()).extend_pairs(told).finish();
            if !told.is_empty() {
                told.insert(0, '?');
                address.push_str(&told);
            }
            address
        });
        let query = settings.write_query("run").unwrap_or_default();
        let view = View {
            label: settings.string("label").unwrap_or_default(),
            class: match settings.string("style") {
                Some("primary") => "btn primary",
                Some("danger") => "btn danger",
                _ => "btn",
            },
            href,
            action: format!("{}/run/{query}", scene.base),
            confirm: settings.string("confirm").unwrap_or_default(),
            page: &scene.page.id,
            widget: &sight.widget.id,
            at: scene.fields.query(),
            once: Once::new(scene.context.now),
            is_preview: scene.is_read_only,
        };
        sight.open("div", "", out);
        view.render_into(out)?;
        out.push_str("</div>");
        Ok(())
    }
}
