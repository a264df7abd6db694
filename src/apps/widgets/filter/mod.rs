//! Fields that set the address, and with it what the page shows.

use askama::Template;

use super::control::{Control, Words};
use super::kind::Kind;
use super::scene::Sight;
use crate::apps::format::{Bound, Key, KeyKind, KindSchema, Param, Settings};

pub(super) struct Filter;

pub(super) static KIND: Filter = Filter;

static KEYS: &[Key] = &[
    Key::new("inputs", KeyKind::Inputs, "The parameters to set, as query.parameter.").required(),
    Key::new("labels", KeyKind::TextTable, "What people call them.").fields(),
];

#[derive(Template)]
#[template(path = "apps/widgets/filter/view.html")]
struct View<'a> {
    controls: Vec<Control<'a>>,
    /// How many are set.
    count: usize,
    /// What else the address says and has to keep.
    kept: Vec<(&'a str, &'a str)>,
    clear: String,
}

impl Kind for Filter {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "filter",
            doc: "Fields that narrow down what the page shows.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let scene = sight.scene;
        let mut settings = Settings::of(sight.widget);
        let labels = settings.texts("labels");
        let mut params: Vec<&Param> = Vec::new();
        for input in settings.inputs("inputs") {
            let param = scene.app.param(input);
            let is_new = |param: &&Param| {
                let mut known = params.iter();
                !known.any(|known| known.source.key() == param.source.key())
            };
            params.extend(param.filter(is_new));
        }
        let names: Vec<&str> = params.iter().map(|param| param.source.key()).collect();
        let is_set = |name: &&&str| scene.fields.all(name).any(|value| !value.is_empty());
        let turned = |name: &str| ["after", "before"].iter().any(|word| {
            name == *word || name.strip_suffix(word).is_some_and(|widget| widget.ends_with('.'))
        });
        let kept = scene.fields.iter();
        let kept = kept.filter(|(name, value)| !names.contains(name) && !value.is_empty() && !turned(name));
        let mut clear = String::new();
        scene.here(&names, &[], &mut clear);
        let view = View {
            count: names.iter().filter(is_set).count(),
            controls: params.iter().map(|param| control(sight, param, &labels)).collect(),
            kept: kept.collect(),
            clear,
        };
        sight.open("div", "", out);
        view.render_into(out)?;
        out.push_str("</div>");
        Ok(())
    }
}

fn control<'a>(sight: &Sight<'a>, param: &'a Param, labels: &'a [(&'a str, &'a str)]) -> Control<'a> {
    let scene = sight.scene;
    let sent = scene.sent(param);
    let bound = param.bind_all(&sent, &scene.context);
    let is_sent = sent.iter().any(|value| !value.is_empty());
    // What is not said is what the default says, so that people see it.
    let usual: Vec<String> = match &bound {
        Ok(value) if !is_sent => texts(value),
        _ => Vec::new(),
    };
    let values: Vec<&str> = if is_sent { sent } else { usual.iter().map(String::as_str).collect() };
    let fault = bound.err().filter(|_| is_sent).map(|fault| fault.0);
    let words = Words {
        widget: &sight.widget.id,
        labels,
        help: &[],
        is_filter: true,
    };
    let mut control = Control::of(param, &words, &values);
    control.fault = fault.unwrap_or_default();
    control
}

fn texts(value: &Bound) -> Vec<String> {
    match value {
        Bound::Null => Vec::new(),
        Bound::Integer(number) => vec![number.to_string()],
        Bound::Real(number) => vec![number.to_string()],
        Bound::Text(text) => vec![text.clone()],
        Bound::List(all) => all.iter().flat_map(texts).collect(),
    }
}
