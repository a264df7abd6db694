//! The inputs of a form: which column each fills, with what sort of value.

use std::collections::HashSet;

use super::building::{Building, param};
use super::draft::Param;
use super::json::{Node, Value};
use super::record::Record;
use super::statement::{self, Engine, literal};
use super::types::{SHORT, default_of};
use super::write::quoted;
use crate::base::text;

const COLUMN: &[&str] = &[
    "column",
    "table_column",
    "column_name",
    "name",
    "input_name",
];
/// A column and what fills it.
pub(super) struct Field {
    pub(super) column: String,
    pub(super) fill: Fill,
}

pub(super) enum Fill {
    /// A parameter; what people see of it.
    Asked {
        param: Param,
        label: Option<String>,
        help: Option<String>,
        is_shown: bool,
    },
    /// Always the same, as SQL.
    Fixed(String),
}

/// The key whose list holds the inputs of a form.
pub(super) fn inputs_key<'a>(record: &Record<'a>) -> Option<(&'a str, &'a Node)> {
    let is_input = |node: &Node| {
        let Value::Table(members) = &node.value else {
            return false;
        };
        let mut members = members.iter();
        members.any(|(name, _)| name == "input_category" || name == "input_type")
    };
    let mut members = record.members();
    members.find(|(_, node)| matches!(&node.value, Value::List(all) if all.iter().any(is_input)))
}

/// What `options` lets people choose, each once; where it has no value, its label.
pub(super) fn values_of(record: &Record<'_>) -> Vec<String> {
    let Some(Value::List(all)) = record.get(&["options"]).map(|node| &node.value) else {
        return Vec::new();
    };
    let text = |node: &Node| match &node.value {
        Value::Text(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Table(members) => {
            let of = |name: &str| members.iter().find(|(known, _)| known == name);
            let found = of("value").or_else(|| of("label"))?;
            match &found.1.value {
                Value::Text(text) | Value::Number(text) => Some(text.clone()),
                Value::Bool(truth) => Some(truth.to_string()),
                _ => None,
            }
        }
        _ => None,
    };
    let mut found: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for value in all.iter().filter_map(text) {
        if !value.trim().is_empty() && seen.insert(value.clone()) {
            found.push(value.trim().to_owned());
        }
    }
    found
}

impl<'a> Building<'a> {
    /// The field of an input; nothing where it is left out, which is noted.
    pub(super) fn field(
        &mut self,
        input: &Record<'a>,
        taken: &mut HashSet<String>,
    ) -> Option<Field> {
        let sort = input.text(&["input_type"]);
        let sort = sort.map_or("text", |said| said.is);
        let Some(column) = input.text(COLUMN) else {
            self.leave(
                input,
                "this input names no column of the table, so it is left out",
            );
            return None;
        };
        let helper = input.flag(&["helper_input"]).is_some_and(|said| said.is);
        let why = match sort {
            _ if helper => Some("an input that is not stored has no place here; it is left out"),
            _ if column.is.contains(['\0', '\n']) || column.is.len() > 120 => {
                Some("this cannot be a column's name, so the input is left out")
            }
            "file" => Some("files cannot be sent with a form of an app; the input is left out"),
            _ => None,
        };
        if let Some(why) = why {
            self.leave(input, why);
            return None;
        }
        let name = statement::param(column.is);
        if !taken.insert(name.clone()) {
            self.leave(
                input,
                "another input of this form fills a column of that name; this one is left out",
            );
            return None;
        }
        self.ledger.carried(column.key, format!("form.{name}"));
        input.carry(&["input_category", "input_type"], &format!("form.{name}"));
        around(input);
        let fill = self.filled(input, name, sort);
        Some(Field {
            column: column.is.to_owned(),
            fill,
        })
    }

    /// What fills the column: the system, always the same, or the person.
    fn filled(&mut self, input: &Record<'a>, name: String, sort: &str) -> Fill {
        let hidden = input.flag(&["hidden"]);
        if let Some(said) = &hidden {
            self.ledger.carried(said.key, format!("form.{name}"));
        }
        let is_hidden = sort == "hidden" || hidden.is_some_and(|said| said.is);
        let value = input.scalar(&["value"]);
        let braces = value.as_ref().and_then(|said| {
            let inside = said.is.trim().strip_prefix("{{")?.strip_suffix("}}")?;
            Some(inside.trim().to_owned())
        });
        if let (Some(system), Some(said)) = (braces.as_deref().and_then(Building::system), &value) {
            let (keys, note) = system;
            self.ledger.carried(said.key, keys[0].1.trim_matches('"'));
            if let Some(note) = note {
                self.ledger.noted(said.key, note);
            }
            if !is_hidden {
                self.ledger.noted(
                    said.key,
                    "the server fills this in when the form is sent, and the form does not show it",
                );
            }
            self.unseen(input);
            return Fill::Asked {
                param: param(name, keys),
                label: None,
                help: None,
                is_shown: false,
            };
        }
        if let (true, Some(said)) = (is_hidden, &value) {
            if said.is.contains("{{") || said.is.contains('\0') {
                self.ledger.noted(said.key, "this value is not known here; the column stays empty until the query says otherwise");
                self.unseen(input);
                return Fill::Fixed("null".to_owned());
            }
            self.ledger.carried(said.key, "the statement");
            self.unseen(input);
            return Fill::Fixed(literal(&said.is, self.draft.engine));
        }
        if is_hidden {
            let keys = vec![
                ("from", quoted(&format!("url.{name}"))),
                ("type", quoted("text")),
                ("max", SHORT.to_string()),
                ("null", "true".to_owned()),
            ];
            self.unseen(input);
            return Fill::Asked {
                param: param(name, keys),
                label: None,
                help: None,
                is_shown: false,
            };
        }
        self.asked_of_people(input, &name, sort)
    }

    fn asked_of_people(&mut self, input: &Record<'a>, name: &str, sort: &str) -> Fill {
        let mut keys = vec![("from", quoted(&format!("form.{name}")))];
        let kind = self.kind(input, sort, &mut keys);
        let required = input.flag(&["isRequired"]);
        let is_bound = input.get(&["rules"]).is_some();
        let is_needed = required.as_ref().is_some_and(|said| said.is) && !is_bound;
        if let Some(said) = required {
            self.ledger.carried(said.key, format!("form.{name}"));
            if said.is && is_bound {
                self.ledger.noted(
                    said.key,
                    "the field is always shown here, so it may be left empty",
                );
            }
        }
        if !is_needed && kind != "bool" {
            keys.push(("null", "true".to_owned()));
        }
        if let Some(said) = input.scalar(&["value"]) {
            let limit = |wanted: &str, usual: usize| {
                let found = keys.iter().find(|(name, _)| *name == wanted);
                found
                    .and_then(|(_, value)| value.parse().ok())
                    .unwrap_or(usual)
            };
            let length = said.is.trim().chars().count();
            let fits = kind != "text" || (limit("min", 0)..=limit("max", 0)).contains(&length);
            match default_of(kind, &said.is, &values_of(input)).filter(|_| fits) {
                Some(value) => {
                    self.ledger.carried(said.key, format!("form.{name}"));
                    keys.push(("default", value));
                }
                None => self.ledger.noted(said.key, "this cannot be what stands in the field at first; give the parameter a `default` by hand"),
            }
        }
        let label = input.text(&["input_label", "label"]);
        let help = input.text(&["placeholder"]);
        if let Some(said) = &label {
            self.ledger.carried(said.key, "labels");
        }
        if let Some(said) = &help {
            self.ledger.carried(said.key, "help");
        }
        let plain = |said: &str| text::shorten(said.trim(), 200).into_owned();
        Fill::Asked {
            param: param(name, keys),
            label: label.map(|said| plain(said.is)),
            help: help.map(|said| plain(said.is)),
            is_shown: true,
        }
    }

    /// Nobody sees the field, so how it would be shown says nothing.
    fn unseen(&self, input: &Record<'a>) {
        let said = "the field is not shown";
        for name in [
            "input_label",
            "label",
            "placeholder",
            "isRequired",
            "minLength",
            "maxLength",
            "datepicker",
            "timepicker",
            "step",
            "options",
        ] {
            if let Some(node) = input.get(&[name]) {
                self.ledger.noted(node.key, said);
                self.ledger.whole(node.key);
            }
        }
    }
}

/// The column as the statement writes it.
pub(super) fn column(name: &str, engine: Engine) -> String {
    statement::name(name, engine)
}

/// What is said of an input and does not change its value.
fn around(input: &Record<'_>) {
    input.note(&["cols"], "the fields of a form stand one below the other");
    input.note(
        &["pre_html", "post_html"],
        "words beside one field do not come along; give it `help`",
    );
    input.note(
        &["css_definition"],
        "styles do not come along: forms look as the rest of Onsight does",
    );
    input.note(
        &["rules", "action", "show"],
        "whether the field is shown depended on another; here it is always shown and may be left empty",
    );
    input.note(&["format"], "how a value is written follows from its type");
    input.note(
        &["update_value", "update_on_update"],
        "this form adds rows; set the column in the query that changes them",
    );
    input.note(
        &["onFormSubmitComplete"],
        "what a form changes is drawn anew by itself",
    );
    input.note(
        &["input_links"],
        "a field has no link beside it; put a button on the page that opens the other form",
    );
    input.carry(&["helper_input"], "it is stored");
}
