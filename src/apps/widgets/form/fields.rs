//! The fields of a form or of one of its lines: which there are, and what stands in them.

use super::choices::{self, Choice};
use super::family::joined;
use super::rules::Rules;
use crate::apps::format::{Bound, Context, Param, Query, Source};
use crate::apps::widgets::cells;
use crate::apps::widgets::control::{Control, Words};
use crate::apps::widgets::scene::Sight;
use crate::data::Rows;

/// Where fields stand, and what fills them where nobody typed yet.
pub(super) struct Standing<'a, 'b> {
    /// Of the line; empty in the form itself.
    pub(super) path: &'b str,
    pub(super) labels: &'b [(&'a str, &'a str)],
    pub(super) help: &'b [(&'a str, &'a str)],
    /// What was typed counts.
    pub(super) is_typed: bool,
    pub(super) loaded: Option<(&'b Rows, usize)>,
    /// Fields that the address fills in.
    pub(super) prefill: &'b [&'a str],
    /// The list whose line it is.
    pub(super) list: Option<&'b str>,
    pub(super) choices: &'b [Choice<'a>],
    /// Where the form has any.
    pub(super) rules: Option<&'b Rules<'a>>,
}

/// The parameters that people fill in, each name once.
pub(super) fn asked(query: &Query) -> Vec<&Param> {
    let mut found: Vec<&Param> = Vec::new();
    for param in &query.params {
        let name = param.source.key();
        let is_field = matches!(param.source, Source::Form(_));
        if is_field && !found.iter().any(|known| known.source.key() == name) {
            found.push(param);
        }
    }
    found
}

impl<'a, 'b> Standing<'a, 'b> {
    pub(super) fn controls(&self, sight: &Sight<'a>, query: &'a Query) -> Vec<Control<'b>> {
        let id = sight.widget.id.as_str();
        let tried = sight.scene.tried.filter(|tried| tried.widget == id);
        let words = Words {
            widget: id,
            labels: self.labels,
            help: self.help,
            is_filter: false,
        };
        let each = asked(query).into_iter().map(|param| {
            let values = self.values(sight, param);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let mut control = Control::of(param, &words, &values);
            let name = joined(self.path, param.source.key());
            let choice = self
                .choices
                .iter()
                .find(|choice| choice.field == param.source.key());
            let shape = choice.and_then(|choice| {
                choices::shape(sight, (param, choice), (self.list, &name), &values)
            });
            if let Some(shape) = shape {
                control.shape = shape;
            }
            if let Some(rules) = self.rules {
                control.follow(
                    rules.of_field(&name, param),
                    rules.computes(param.source.key()),
                );
            }
            let fault = tried.and_then(|tried| tried.faults.at(&name));
            control.fault.push_str(fault.unwrap_or_default());
            if !self.path.is_empty() {
                control.called(id, name);
            }
            control
        });
        each.collect()
    }

    /// What stands in the field: what was typed, or the loaded row's, or what the address
    /// may say and says, or the default.
    fn values(&self, sight: &Sight<'_>, param: &Param) -> Vec<String> {
        let scene = sight.scene;
        let name = param.source.key();
        let tried = scene.tried.filter(|tried| tried.widget == sight.widget.id);
        if let Some(tried) = tried.filter(|_| self.is_typed) {
            let name = joined(self.path, name);
            return tried.typed.all(&name).map(str::to_owned).collect();
        }
        if let Some(values) = self.loaded.and_then(|(rows, row)| of_row(rows, row, param)) {
            return values;
        }
        if self.loaded.is_none() && self.prefill.contains(&name) && scene.fields.get(name).is_some()
        {
            return scene.fields.all(name).map(str::to_owned).collect();
        }
        usual(param, &scene.context)
    }
}

/// What a row says for a field, if it has a column for it.
pub(super) fn of_row(rows: &Rows, row: usize, param: &Param) -> Option<Vec<String>> {
    let column = rows
        .column(param.source.key())
        .or_else(|| rows.column(&param.name))?;
    let text = cells::text(rows.get(row, column));
    Some(if param.list {
        text.split(',').map(|each| each.trim().to_owned()).collect()
    } else {
        vec![text]
    })
}

fn usual(param: &Param, context: &Context<'_>) -> Vec<String> {
    match param.default.as_ref().map(|_| param.bind(None, context)) {
        Some(Ok(Bound::Text(text))) => vec![text],
        _ => param.default.iter().cloned().collect(),
    }
}
