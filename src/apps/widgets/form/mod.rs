//! Fields that are sent to a query that writes; its parameters are the fields. Below it
//! may stand lists of lines, each with queries of its own, saved with it or not at all.

mod check;
mod choices;
mod family;
mod fields;
mod lines;
mod rule_checks;
mod rules;
pub mod seen;

use askama::Template;

use super::acts::{THEN, sends};
use super::control::Control;
use super::kind::{Amount, Kind, Need, Sends};
use super::scene::{Once, Sight};
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use fields::Standing;
use lines::Drawing;

pub(super) use check::hangs;
pub use choices::{Choice, FEW, Offer, Pair, SEARCH};
pub use family::{Family, Line, Lines, MOST, joined, lines};
pub use lines::Below;
pub use rules::{Answers, Counts};

pub(super) struct Form;

pub(super) static KIND: Form = Form;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the form."),
    Key::new("submit", KeyKind::WriteQuery, "The query; its form parameters are the fields.").required(),
    Key::new("load", KeyKind::ReadQuery, "Its first row fills the fields of the same names."),
    Key::new("change", KeyKind::WriteQuery, "The query that takes the fields instead where `load` gave a row."),
    Key::new("prefill", KeyKind::Texts, "The fields that the address may fill in, each under its own name.").fields(),
    Key::new("labels", KeyKind::TextTable, "What people call the fields.").fields(),
    Key::new("help", KeyKind::TextTable, "What stands below the fields.").fields(),
    Key::new("choices", KeyKind::Tables(choices::CHOICES), "Fields whose choices are rows of a query."),
    rules::WHEN.fields(),
    rules::COMPUTE.fields(),
    Key::new("lines", KeyKind::Tables(family::LINES), "Lists of lines below it, saved together with it."),
    Key::new("key", KeyKind::Text, "The column of `load` that is the row's key, for its lines; id when absent."),
    Key::new("button", KeyKind::Text, "What the button says; Save when absent."),
    Key::new("then", KeyKind::Table(THEN), "What follows."),
];

#[derive(Template)]
#[template(path = "apps/widgets/form/view.html")]
struct View<'a> {
    title: Option<&'a str>,
    action: String,
    errors: Vec<(String, String)>,
    controls: Vec<Control<'a>>,
    lines: String,
    button: &'a str,
    /// Where other buttons stand before it: what Enter presses.
    enter: Option<&'a str>,
    /// The page follows its rules: an attribute.
    rules: &'static str,
    page: &'a str,
    widget: &'a str,
    at: String,
    once: String,
    is_preview: bool,
    /// It was to be filled from a row, and there is none.
    is_missing: bool,
    /// Something was typed that is not saved.
    is_begun: bool,
}

impl Kind for Form {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "form",
            doc: "Fields people fill in to add or change something.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, app: &AppOutline<'_>) {
        check::form(settings, app);
    }

    fn has_lines(&self) -> bool {
        true
    }

    fn family<'a>(&self, widget: &'a Widget) -> Family<'a> {
        Family::of(widget)
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("load")?,
            amount: Amount::One,
        })
    }

    fn sends<'a>(&self, widget: &'a Widget) -> Vec<Sends<'a>> {
        let mut settings = Settings::of(widget);
        let each = ["submit", "change"].into_iter();
        each.filter_map(|key| sends(&mut settings, key)).collect()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let scene = sight.scene;
        let mut settings = Settings::of(sight.widget);
        let is_empty = sight.rows.is_some_and(|page| page.rows.is_empty());
        let changes = settings.has("change");
        let key = if changes && !is_empty { "change" } else { "submit" };
        let Some(query) = settings.write_query(key).and_then(|name| scene.app.query(name)) else { return Ok(()) };
        let id = sight.widget.id.as_str();
        let tried = scene.tried.filter(|tried| tried.widget == id);
        let family = Family::of(sight.widget);
        let (labels, help) = (settings.texts("labels"), settings.texts("help"));
        let standing = Standing {
            path: "",
            labels: &labels,
            help: &help,
            is_typed: true,
            loaded: sight.rows.filter(|_| !is_empty).map(|page| (&page.rows, 0)),
            prefill: &settings.strings("prefill"),
            list: None,
            choices: &family.choices,
            rules: Some(&family.rules).filter(|_| family.is_ruled()),
        };
        let controls = standing.controls(sight, query);
        let told = controls.iter().map(|control| (control.name.to_string(), control.label.clone()));
        let mut below = Drawing {
            sight,
            family: &family,
            tried,
            told: told.collect(),
        };
        let mut lines = String::new();
        below.lists(None, "", &mut lines)?;
        let faults = tried.into_iter().flat_map(|tried| tried.faults.iter());
        let errors = faults.map(|(name, fault)| {
            let label = below.told.iter().find(|(known, _)| known == name);
            let said = label.map_or_else(|| fault.to_owned(), |(_, label)| format!("{label}: {fault}"));
            (format!("{id}-{name}"), said)
        });
        let sent = |name: &str| tried.and_then(|tried| tried.typed.get(name)).map(str::to_owned);
        let button = settings.string("button").unwrap_or("Save");
        let view = View {
            title: settings.string("title"),
            action: format!("{}/run/{}", scene.base, query.name),
            errors: errors.collect(),
            lines,
            button,
            rules: if family.is_ruled() { " data-rules" } else { "" },
            enter: Some(button).filter(|_| !family.lists.is_empty() || !family.choices.is_empty()),
            page: &scene.page.id,
            widget: id,
            at: sent("_at").unwrap_or_else(|| scene.fields.query()),
            once: sent("_once").unwrap_or_else(|| Once::new(scene.context.now).to_string()),
            is_preview: scene.is_read_only,
            is_missing: is_empty && !changes,
            is_begun: tried.is_some(),
            controls,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}
