//! A parameter whose value the address has to say, and that nothing in the app writes there.

use super::fix::Fix;
use super::{Finding, Rule, Sight, Weight};
use crate::apps::editing::widget as at;
use crate::apps::format::{Param, Query, Settings, Source};

pub(super) struct UnsetParam;

pub(super) static KIND: UnsetParam = UnsetParam;

impl Rule for UnsetParam {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for query in &sight.app.queries {
            let is_shown = sight
                .widgets()
                .any(|(_, widget)| widget.queries.contains(&query.name));
            for param in query.params.iter().filter(|_| is_shown) {
                let (Source::Url(key) | Source::Page(key)) = &param.source else {
                    continue;
                };
                if !is_named(sight, key) {
                    found.push(finding(sight, query, param));
                }
            }
        }
        found
    }
}

fn finding(sight: &Sight<'_>, query: &Query, param: &Param) -> Finding {
    let is_needed = !param.null && param.default.is_none();
    let key = param.source.key();
    Finding {
        id: format!("unset_param:{}:{}", query.name, param.name),
        weight: Weight::Should,
        line: query.position.line,
        place: format!("the parameter {} of the query {}", param.name, query.name),
        why: if is_needed {
            format!(
                "it has to be in the address as `{key}`, and no filter, link or button writes it there: the query never runs from a page"
            )
        } else {
            format!(
                "no filter, link or button writes `{key}` into the address, so that it always has its usual value"
            )
        },
        todo:
            "name it among the `inputs` of a filter, have a link tell it, or take the parameter out"
                .to_owned(),
        fix: filter(sight, query, param),
    }
}

/// The filter of a page that shows the query takes it up.
fn filter(sight: &Sight<'_>, query: &Query, param: &Param) -> Option<Fix> {
    let pages = sight.app.pages.iter();
    let mut pages = pages.filter(|page| {
        let mut widgets = page.widgets.iter();
        widgets.any(|widget| widget.queries.contains(&query.name))
    });
    let (page, widget) = pages.find_map(|page| {
        let mut widgets = page.widgets.iter();
        Some((page, widgets.find(|widget| widget.kind == "filter")?))
    })?;
    let mut values: Vec<String> = { Settings::of(widget).inputs("inputs") }
        .into_iter()
        .map(str::to_owned)
        .collect();
    values.push(format!("{}.{}", query.name, param.name));
    Some(Fix::List {
        path: at(&page.id, &widget.id),
        key: "inputs",
        values,
    })
}

/// Does any widget name that key of the address, as a key, a value, or a filter's input?
fn is_named(sight: &Sight<'_>, key: &str) -> bool {
    let is_input = |text: &str| {
        let param = sight.app.param(text);
        param.is_some_and(|param| param.source.key() == key)
    };
    let mut widgets = sight.widgets();
    widgets.any(|(_, widget)| {
        let settings = toml_edit::Item::Table(widget.settings.clone());
        says(&settings, &|text| text == key || is_input(text))
    })
}

/// Does a key or a text of that value, however deep, meet the condition?
pub(super) fn says(item: &toml_edit::Item, meets: &dyn Fn(&str) -> bool) -> bool {
    if let Some(table) = item.as_table_like() {
        return table
            .iter()
            .any(|(key, inner)| meets(key) || says(inner, meets));
    }
    if let Some(tables) = item.as_array_of_tables() {
        let mut tables = tables.iter();
        return tables.any(|table| says(&toml_edit::Item::Table(table.clone()), meets));
    }
    item.as_value()
        .is_some_and(|value| says_value(value, meets))
}

fn says_value(value: &toml_edit::Value, meets: &dyn Fn(&str) -> bool) -> bool {
    match value {
        toml_edit::Value::String(text) => meets(text.value()),
        toml_edit::Value::Array(list) => list.iter().any(|value| says_value(value, meets)),
        toml_edit::Value::InlineTable(table) => {
            let mut keys = table.iter();
            keys.any(|(key, value)| meets(key) || says_value(value, meets))
        }
        _ => false,
    }
}
