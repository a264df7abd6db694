//! A parameter as something to fill in: its type decides what.

use std::borrow::Cow;
use std::fmt::Write;

use askama::Template;

use crate::apps::format::{Param, ParamType, Source};
use crate::base::text::title;

/// Text that may be longer gets room for several lines.
const LINE: f64 = 200.0;
/// As many values are seen at once; more go into a list.
const FEW: usize = 3;

/// One field: what it is called, what stands in it, what is wrong with it.
#[derive(Template)]
#[template(path = "apps/widgets/control.html")]
pub(super) struct Control<'a> {
    pub(super) id: String,
    pub(super) name: Cow<'a, str>,
    pub(super) label: String,
    pub(super) help: &'a str,
    pub(super) fault: String,
    /// Nothing may be left out.
    pub(super) is_required: bool,
    /// Says "optional" where it is not required; a filter always is.
    pub(super) is_filter: bool,
    /// Somebody goes on here.
    pub(super) is_first: bool,
    pub(super) shape: Shape,
    /// What the page has to know of it: attributes, escaped.
    pub(super) rules: String,
}

pub(super) enum Shape {
    Input {
        kind: &'static str,
        value: String,
        /// Attributes that say the limits, escaped.
        limits: String,
    },
    Area {
        value: String,
        limits: String,
    },
    /// What may be left open is called so.
    Select {
        any: Option<&'static str>,
        options: Vec<(String, bool)>,
    },
    /// What is saved, what is read, and whether it is chosen.
    Pick {
        any: Option<&'static str>,
        options: Vec<(String, String, bool)>,
    },
    /// A search among more than a list can hold, asked for at that address.
    Find {
        from: String,
        typed: String,
        any: &'static str,
        options: Vec<(String, String, bool)>,
    },
    Radios(Vec<(String, bool)>),
    Checks(Vec<(String, bool)>),
    /// One box, ticked or not.
    Box(bool),
}

/// What concerns a field besides its parameter.
pub(super) struct Words<'a> {
    /// The widget's id, in front of the field's.
    pub(super) widget: &'a str,
    pub(super) labels: &'a [(&'a str, &'a str)],
    pub(super) help: &'a [(&'a str, &'a str)],
    pub(super) is_filter: bool,
}

impl<'a> Control<'a> {
    /// `values` is what stands in the field.
    pub(super) fn of(param: &'a Param, words: &Words<'a>, values: &[&str]) -> Control<'a> {
        let name = param.source.key();
        let said = |pairs: &[(&str, &'a str)]| {
            let mut pairs = pairs.iter();
            let found = pairs.find(|(key, _)| *key == name || *key == param.name);
            found.map(|(_, text)| *text)
        };
        Control {
            id: format!("{}-{name}", words.widget),
            name: Cow::Borrowed(name),
            label: said(words.labels).map_or_else(|| title(name), str::to_owned),
            help: said(words.help).unwrap_or_default(),
            fault: String::new(),
            is_required: !words.is_filter && is_required(param),
            is_filter: words.is_filter,
            is_first: false,
            rules: String::new(),
            shape: shape(param, words.is_filter, values),
        }
    }

    /// The same under another name, in that widget.
    pub(super) fn called(&mut self, widget: &str, name: String) {
        self.id = format!("{widget}-{name}");
        self.name = Cow::Owned(name);
    }

    /// The same under rules; what is worked out is not typed.
    pub(super) fn follow(&mut self, rules: String, is_computed: bool) {
        self.rules = rules;
        if !is_computed {
            return;
        }
        self.is_required = false;
        if let Shape::Input { limits, .. } | Shape::Area { limits, .. } = &mut self.shape {
            limits.push_str(" readonly");
        }
    }

    /// Is it asked in some cases only?
    fn is_conditional(&self) -> bool {
        self.rules.contains(" data-when=")
    }

    /// Is it worked out?
    fn is_computed(&self) -> bool {
        self.rules.contains(" data-compute=")
    }

    /// Several inputs under one name are a group with a legend.
    fn is_group(&self) -> bool {
        matches!(self.shape, Shape::Radios(_) | Shape::Checks(_))
    }

    fn is_box(&self) -> bool {
        matches!(self.shape, Shape::Box(_))
    }
}

fn is_required(param: &Param) -> bool {
    let is_box = param.kind == ParamType::Bool && matches!(param.source, Source::Form(_));
    !param.null && param.default.is_none() && !is_box
}

fn shape(param: &Param, is_filter: bool, values: &[&str]) -> Shape {
    let value = values.last().copied().unwrap_or_default();
    let options = || -> Vec<(String, bool)> {
        let each = param.values.iter();
        each.map(|option| (option.clone(), values.contains(&option.as_str())))
            .collect()
    };
    let open =
        (param.null && param.default.is_none()).then_some(if is_filter { "Any" } else { "" });
    if param.kind == ParamType::Enum && param.list {
        return Shape::Checks(options());
    }
    if param.list {
        return Shape::Input {
            kind: "text",
            value: values.join(", "),
            limits: String::new(),
        };
    }
    match param.kind {
        ParamType::Enum if !is_filter && open.is_none() && param.values.len() <= FEW => {
            Shape::Radios(options())
        }
        ParamType::Enum => {
            let is_unset = open.is_none() && !is_filter && param.default.is_none();
            Shape::Select {
                any: open.or(is_unset.then_some("Choose…")),
                options: options(),
            }
        }
        ParamType::Bool if is_filter || param.null => Shape::Select {
            any: open,
            options: ["yes", "no"]
                .map(|word| (word.to_owned(), truth(value) == Some(word == "yes")))
                .into(),
        },
        ParamType::Bool => Shape::Box(truth(value) == Some(true)),
        ParamType::Json => Shape::Area {
            value: value.to_owned(),
            limits: String::new(),
        },
        ParamType::Text
            if !is_filter && param.max.is_none_or(|max| max > LINE) && param.max.is_some() =>
        {
            Shape::Area {
                value: value.to_owned(),
                limits: lengths(param),
            }
        }
        kind => input(param, kind, value, is_filter),
    }
}

fn input(param: &Param, kind: ParamType, value: &str, is_filter: bool) -> Shape {
    let (kind, limits, value) = match kind {
        ParamType::Int => ("number", numbers(param, "1"), value.to_owned()),
        ParamType::Decimal => {
            let step = param.scale.map(|digits| match digits {
                0 => "1".to_owned(),
                digits => format!(
                    "0.{:0>width$}",
                    1,
                    width = usize::try_from(digits).unwrap_or(2)
                ),
            });
            (
                "number",
                numbers(param, step.as_deref().unwrap_or("any")),
                value.to_owned(),
            )
        }
        ParamType::Date => ("date", String::new(), value.to_owned()),
        // The browser's field knows no zone; what it sends has none.
        ParamType::DateTime => (
            "datetime-local",
            " step=\"1\"".to_owned(),
            value.trim_end_matches('Z').replace(' ', "T"),
        ),
        ParamType::Email => ("email", lengths(param), value.to_owned()),
        ParamType::Url => ("url", lengths(param), value.to_owned()),
        ParamType::Phone => ("tel", lengths(param), value.to_owned()),
        _ if is_filter => ("search", lengths(param), value.to_owned()),
        _ => ("text", lengths(param), value.to_owned()),
    };
    Shape::Input {
        kind,
        value,
        limits,
    }
}

fn numbers(param: &Param, step: &str) -> String {
    let mut out = format!(" step=\"{step}\" inputmode=\"decimal\"");
    for (name, limit) in [("min", param.min), ("max", param.max)] {
        if let Some(limit) = limit {
            let _ = write!(out, " {name}=\"{limit}\"");
        }
    }
    out
}

fn lengths(param: &Param) -> String {
    let mut out = String::new();
    for (name, limit) in [("minlength", param.min), ("maxlength", param.max)] {
        if let Some(limit) = limit {
            let _ = write!(out, " {name}=\"{limit}\"");
        }
    }
    out
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "on" | "true" | "yes" => Some(true),
        "0" | "off" | "false" | "no" => Some(false),
        _ => None,
    }
}
