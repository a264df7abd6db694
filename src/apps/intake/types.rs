//! What sort of value an input takes: its type, its limits, its choices.

use super::building::Building;
use super::definitions::Sort;
use super::fields::values_of;
use super::record::Record;
use super::write::{list, quoted};

/// A table whose rows are the choices.
const TABLE: &[&str] = &[
    "table_select_table",
    "table_select_search_column",
    "table_select_join_column",
    "search_column",
    "join_column",
];
/// Characters of a text that may be long, where nothing is said.
const LONG: i64 = 10_000;
pub(super) const SHORT: i64 = 200;

impl<'a> Building<'a> {
    /// The type of the value, and its limits.
    pub(super) fn kind(
        &mut self,
        input: &Record<'a>,
        sort: &str,
        keys: &mut Vec<(&'static str, String)>,
    ) -> &'static str {
        let values = values_of(input);
        let on = |name: &str| input.flag(&[name]).is_some_and(|said| said.is);
        let (date, time) = (on("datepicker"), on("timepicker"));
        let step = input.scalar(&["step"]);
        input.carry(&["datepicker", "timepicker", "step"], "type");
        let kind = match sort {
            _ if !values.is_empty() && (sort != "checkbox" || values.len() > 1) => "enum",
            _ if date && time => "datetime",
            _ if date => "date",
            "checkbox" => "bool",
            "number" => "decimal",
            "date" => "date",
            "datetime" | "datetime-local" => "datetime",
            "email" => "email",
            "url" => "url",
            "tel" | "phone" => "phone",
            _ if step.as_ref().is_some_and(|said| said.is.contains('.')) => "decimal",
            _ if step.is_some() && !time => "int",
            _ => "text",
        };
        keys.push(("type", quoted(kind)));
        if kind == "enum" {
            keys.push(("values", list(&values)));
        }
        self.told_of_type(input, sort, kind);
        self.lengths(input, sort, kind, keys);
        kind
    }

    fn lengths(
        &self,
        input: &Record<'a>,
        sort: &str,
        kind: &str,
        keys: &mut Vec<(&'static str, String)>,
    ) {
        let (min, max) = (input.number(&["minLength"]), input.number(&["maxLength"]));
        let has_length = ["text", "email", "url", "phone"].contains(&kind);
        let is_order =
            min.as_ref().map_or(0, |said| said.is) <= max.as_ref().map_or(LONG, |said| said.is);
        for (name, said) in [("min", &min), ("max", &max)] {
            let Some(said) = said else { continue };
            if has_length && is_order && (0..=1_000_000).contains(&said.is) {
                self.ledger.carried(said.key, name);
                keys.push((name, said.is.to_string()));
            } else {
                self.ledger.noted(
                    said.key,
                    "this limit does not fit the field's type; look at its parameter",
                );
            }
        }
        let is_said = keys.iter().any(|(name, _)| *name == "max");
        if kind == "text" && !is_said {
            let most = if sort == "textarea" { LONG } else { SHORT };
            let least = min.map_or(0, |said| said.is);
            keys.push(("max", most.max(least.min(1_000_000)).to_string()));
        }
    }

    /// What the form of this version cannot say of a choice.
    fn told_of_type(&mut self, input: &Record<'a>, sort: &str, kind: &str) {
        if let Some(node) = input.get(&["options"]) {
            if kind == "enum" {
                self.ledger.carried(node.key, "values");
                for option in input.records(&["options"]) {
                    self.option(&option);
                }
            } else {
                self.ledger.carried(node.key, "a box to tick");
                self.ledger.whole(node.key);
            }
        }
        if sort == "checkbox" && kind == "enum" {
            let key = input.get(&["input_type"]).and_then(|node| node.key);
            self.ledger
                .noted(key, "several could be ticked there; people choose one here");
        }
        if ![
            "text",
            "textarea",
            "select",
            "radio",
            "checkbox",
            "number",
            "date",
            "datetime",
            "datetime-local",
            "email",
            "url",
            "tel",
            "phone",
        ]
        .contains(&sort)
        {
            let key = input.get(&["input_type"]).and_then(|node| node.key);
            self.ledger.noted(
                key,
                "this type is not known here; the field is a line of text",
            );
        }
        input.note(TABLE, "the choices came from a table; people type the value here, or give the parameter type = \"enum\" with `values` by hand");
        if let Some(config) = input.record(&["report_config"]) {
            let key = input.get(&["report_config"]).and_then(|node| node.key);
            self.ledger.noted(key, "the choices came from a report; people type the value here, or give the parameter type = \"enum\" with `values` by hand");
            self.known
                .meant(&config, Sort::Report, &["report_id", "report_code"]);
            config.note(
                &["column", "column_label", "term_column"],
                "no choices are fetched here",
            );
        }
    }

    fn option(&self, option: &Record<'a>) {
        let (label, value) = (option.scalar(&["label"]), option.scalar(&["value"]));
        if let Some(said) = &value {
            self.ledger.carried(said.key, "values");
        }
        let Some(label) = label else { return };
        match value {
            Some(value) if value.is.trim() != label.is.trim() => self.ledger.noted(
                label.key,
                "people see the value itself; change the values, or show the words beside them in a report",
            ),
            _ => self.ledger.carried(label.key, "values"),
        }
    }
}

/// What may stand in the field at first, as TOML.
pub(super) fn default_of(kind: &str, text: &str, values: &[String]) -> Option<String> {
    let text = text.trim();
    let fits = match kind {
        "enum" => values.iter().any(|value| value == text),
        "int" => text.parse::<i64>().is_ok(),
        "decimal" => {
            let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
            text.len() <= 12 && text.chars().all(is_part) && text.parse::<f64>().is_ok()
        }
        "bool" => ["true", "false", "1", "0"].contains(&text),
        "text" => !text.contains("{{") && text.chars().count() <= 20,
        _ => false,
    };
    fits.then(|| quoted(text))
}
