//! Fields that are sent to a query that writes; its parameters are the fields.

use askama::Template;

use super::acts::{THEN, check_then, sends};
use super::cells;
use super::control::{Control, Words};
use super::kind::{Amount, Kind, Need, Sends};
use super::scene::{Once, Sight};
use crate::apps::format::{AppOutline, Bound, Key, KeyKind, KindSchema, Param, Settings, Source, Widget};

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
    button: &'a str,
    page: &'a str,
    widget: &'a str,
    at: String,
    once: String,
    is_preview: bool,
    /// It was to be filled from a row, and there is none.
    is_missing: bool,
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
        check_then(settings, app);
        check_change(settings, app);
        let Some(query) = settings.write_query("submit").and_then(|name| app.query(name)) else {
            return;
        };
        let change = settings.write_query("change").and_then(|name| app.query(name));
        let params = query.params.iter().chain(change.into_iter().flat_map(|change| &change.params));
        let fields: Vec<&Param> = params.filter(|param| matches!(param.source, Source::Form(_))).collect();
        for key in ["labels", "help", "prefill"] {
            let named = if key == "prefill" {
                settings.strings(key)
            } else {
                settings.texts(key).into_iter().map(|(name, _)| name).collect()
            };
            for name in named {
                // An address says what the browser sends, which is the key alone.
                let is_called = |param: &&Param| param.source.key() == name || (key != "prefill" && param.name == name);
                if !fields.iter().any(is_called) {
                    let message = format!("`{}` has no field `{name}`; its fields come from parameters with `from = \"form.…\"`", query.name);
                    settings.problem(key, message);
                }
            }
        }
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
        let query = settings.write_query(key).and_then(|name| scene.app.query(name));
        let Some(query) = query else { return Ok(()) };
        let prefill = settings.strings("prefill");
        let (labels, help) = (settings.texts("labels"), settings.texts("help"));
        let id = sight.widget.id.as_str();
        let tried = scene.tried.filter(|tried| tried.widget == id);
        let mut controls: Vec<Control<'_>> = Vec::new();
        for param in &query.params {
            let name = param.source.key();
            let is_field = matches!(param.source, Source::Form(_));
            if !is_field || controls.iter().any(|known| known.name == name) {
                continue;
            }
            let values = values(sight, param, &prefill);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let words = Words {
                widget: id,
                labels: &labels,
                help: &help,
                is_filter: false,
            };
            let fault = tried.and_then(|tried| tried.faults.at(name));
            let mut control = Control::of(param, &words, &values);
            control.fault.push_str(fault.unwrap_or_default());
            controls.push(control);
        }
        let faults = tried.into_iter().flat_map(|tried| tried.faults.iter());
        let errors = faults.map(|(name, fault)| {
            let label = controls.iter().find(|control| control.name == name).map(|control| control.label.as_str());
            let said = label.map_or_else(|| fault.to_owned(), |label| format!("{label}: {fault}"));
            (format!("{id}-{name}"), said)
        });
        let sent = |name: &str| tried.and_then(|tried| tried.typed.get(name)).map(str::to_owned);
        let view = View {
            title: settings.string("title"),
            action: format!("{}/run/{}", scene.base, query.name),
            errors: errors.collect(),
            button: settings.string("button").unwrap_or("Save"),
            page: &scene.page.id,
            widget: id,
            at: sent("_at").unwrap_or_else(|| scene.fields.query()),
            once: sent("_once").unwrap_or_else(|| Once::new(scene.context.now).to_string()),
            is_preview: scene.is_read_only,
            is_missing: is_empty && !changes,
            controls,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

/// Notes what keeps one form from adding as well as changing.
fn check_change(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    if !settings.has("change") {
        return;
    }
    let Some(load) = settings.read_query("load") else {
        return settings.problem("change", "nothing says which row is changed; name a query that reads it in `load`");
    };
    let params = app.query(load).into_iter().flat_map(|query| &query.params);
    let mut asked = params.filter(|param| matches!(param.source, Source::Url(_)));
    if let Some(param) = asked.find(|param| !param.null && param.default.is_none()) {
        let message = format!("`{load}` needs `{}` in the address, and whoever adds has none; give it `null = true`", param.name);
        settings.problem("load", message);
    }
}

/// What stands in the field: what was typed, or the loaded row's, or what the address
/// may say and says, or the default.
fn values(sight: &Sight<'_>, param: &Param, prefill: &[&str]) -> Vec<String> {
    let scene = sight.scene;
    let name = param.source.key();
    if let Some(tried) = scene.tried.filter(|tried| tried.widget == sight.widget.id) {
        return tried.typed.all(name).map(str::to_owned).collect();
    }
    let loaded = sight.rows.filter(|page| !page.rows.is_empty());
    let column = loaded.and_then(|page| {
        let rows = &page.rows;
        let at = rows.column(name).or_else(|| rows.column(&param.name))?;
        Some(cells::text(rows.get(0, at)))
    });
    match column {
        Some(text) if param.list => {
            return text.split(',').map(|each| each.trim().to_owned()).collect();
        }
        Some(text) => return vec![text],
        None => {}
    }
    if loaded.is_none() && prefill.contains(&name) && scene.fields.get(name).is_some() {
        return scene.fields.all(name).map(str::to_owned).collect();
    }
    match param.default.as_ref().map(|_| param.bind(None, &scene.context)) {
        Some(Ok(Bound::Text(text))) => vec![text],
        _ => param.default.iter().cloned().collect(),
    }
}
