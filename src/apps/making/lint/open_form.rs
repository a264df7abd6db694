//! A form that everybody in the workspace may fill in, and that asks for what is personal.

use super::personal::personal;
use super::{Finding, Rule, Sight, Weight, listed, place_of};
use crate::apps::format::{QueryKind, Source};
use crate::apps::widgets::named;

pub(super) struct OpenForm;

pub(super) static KIND: OpenForm = OpenForm;

impl Rule for OpenForm {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        if !sight.facts.is_open {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (page, widget) in sight.widgets() {
            let sends = named(&widget.kind).map(|kind| kind.sends(widget));
            let queries = sends.into_iter().flatten();
            let queries = queries.filter_map(|sends| sight.app.query(sends.query));
            let queries = queries.filter(|query| query.kind == QueryKind::Write);
            let params = queries.flat_map(|query| &query.params);
            let typed = params.filter(|param| matches!(param.source, Source::Form(_)));
            let mut fields: Vec<String> = Vec::new();
            let mut weight = Weight::Should;
            for param in typed {
                let name = param.source.key();
                let Some((its, what)) = personal(name).or_else(|| personal(&param.name)) else {
                    continue;
                };
                let field = format!("`{name}` ({what})");
                if !fields.contains(&field) {
                    fields.push(field);
                    weight = weight.max(its);
                }
            }
            if fields.is_empty() {
                continue;
            }
            found.push(Finding {
                id: format!("open_form:{}:{}", page.id, widget.id),
                weight,
                line: widget.position.line,
                place: place_of(page, widget),
                why: format!(
                    "everybody in the workspace may open it and fill in {}, as far as the names tell",
                    listed(&fields)
                ),
                todo: "name under [access] or on the page Sharing who needs it, or leave these fields out"
                    .to_owned(),
                fix: None,
            });
        }
        found
    }
}
