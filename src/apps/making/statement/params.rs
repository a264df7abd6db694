//! The values of a statement: where each comes from, and what it is.

use crate::apps::editing::{self, Field, Form, Offer, Sheet, param};
use crate::apps::format::{PARAM, SOURCES};
use crate::apps::making::guide::said;
use crate::base::written::edit::{find, parse};
use crate::data::tables::Table;
use crate::web::Fields;

/// Keys that stand open, and what they are called; the others are folded away.
const FIRST: [(&str, &str); 3] = [
    ("from", "Comes from"),
    ("type", "Is of the type"),
    ("null", "May be missing"),
];

/// A value of a statement as fields of a form.
pub(in crate::apps::making) struct Param {
    pub(in crate::apps::making) name: String,
    pub(in crate::apps::making) fields: Vec<Field>,
    /// Those that few values need.
    pub(in crate::apps::making) more: Vec<Field>,
    /// One of them says something.
    pub(in crate::apps::making) is_open: bool,
}

/// The fields about one value.
pub(super) fn sheet_of(of: &str, name: &str) -> Sheet {
    Sheet::at(param(of, name), format!("p.{name}."), PARAM)
}

/// The values that the text has for a query, in its order.
pub(super) fn names(text: &str, of: &str) -> Vec<String> {
    let path = editing::params(of);
    let toml = parse(text).ok();
    let at = toml.as_ref().and_then(|toml| find(toml.as_table(), &path));
    at.map_or_else(Vec::new, |at| {
        let keys = at.body.table().iter();
        keys.map(|(name, _)| name.to_owned()).collect()
    })
}

/// The values of a query, with what was typed about them.
pub(in crate::apps::making) fn params(
    (text, of): (&str, &str),
    offer: &Offer,
    typed: Option<&Fields>,
) -> Vec<Param> {
    let each = names(text, of).into_iter();
    each.map(|name| {
        let all = sheet_of(of, &name).fields(text, offer, typed);
        let key = |field: &Field| field.name.rsplit('.').next().unwrap_or_default().to_owned();
        let called = |field: &Field| {
            let own = key(field);
            let found = FIRST.iter().find(|(known, _)| *known == own);
            found.map(|(_, called)| (*called).to_owned())
        };
        let (mut fields, mut more): (Vec<Field>, Vec<Field>) =
            all.into_iter().partition(|field| called(field).is_some());
        for field in &mut fields {
            field.is_required = key(field) != "null";
            field.label = called(field).unwrap_or_default();
        }
        for field in fields.iter_mut().filter(|field| key(field) == "from") {
            choose(field, origins(&name));
        }
        let own = format!("{of}.{name}");
        for field in more.iter_mut().filter(|field| key(field) == "same_as") {
            let others = offer.inputs.iter().filter(|one| **one != own);
            choose(
                field,
                others.map(|one| (one.clone(), one.clone())).collect(),
            );
        }
        let says = |field: &Field| field.values.iter().any(|value| !value.is_empty());
        Param {
            is_open: more.iter().any(says),
            name,
            fields,
            more,
        }
    })
    .collect()
}

/// Makes a field one that is chosen.
fn choose(field: &mut Field, options: Vec<(String, String)>) {
    if field.form == Form::Text {
        return;
    }
    let none = (String::new(), "None".to_owned());
    field.form = Form::Choice;
    field.options = [none].into_iter().chain(options).collect();
}

/// Where a value of that name can come from, and what people read.
fn origins(name: &str) -> Vec<(String, String)> {
    let own = [
        ("form", "a field that somebody fills in"),
        ("url", "the address: a filter, or a link that leads here"),
        ("row", "the row whose button is pressed"),
        ("page", "what the page was told in its address"),
    ];
    let own = own.map(|(place, what)| (format!("{place}.{name}"), what.to_owned()));
    let fixed = SOURCES.iter().filter(|source| !source.name.ends_with('…'));
    let fixed = fixed.map(|source| (source.name.to_owned(), source.doc.to_owned()));
    let all = own.into_iter().chain(fixed);
    all.map(|(source, what)| {
        (
            source.clone(),
            format!("{source}: {}", what.trim_end_matches('.')),
        )
    })
    .collect()
}

/// What a value of that name probably is: `{ from = …, type = … }`.
pub(super) fn guessed(name: &str, writes: bool, (sql, tables): (&str, &[Table])) -> String {
    let named = { tables.iter() }.filter(|table| sql.contains(table.name.as_str()));
    let mut kinds = named.filter_map(|table| Some(table.column(name)?.kind));
    let kind = kinds.next().map_or("text", said);
    match (name, writes) {
        ("now", _) => r#"{ from = "server.now", type = "datetime" }"#.to_owned(),
        ("today", _) => r#"{ from = "server.today", type = "date" }"#.to_owned(),
        ("id", true) => format!(
            r#"{{ from = "row.id", type = "{}" }}"#,
            if kind == "text" && tables.is_empty() {
                "int"
            } else {
                kind
            }
        ),
        (name, true) => format!(r#"{{ from = "form.{name}", type = "{kind}" }}"#),
        (name, false) => format!(r#"{{ from = "url.{name}", type = "{kind}", null = true }}"#),
    }
}
