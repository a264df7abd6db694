//! One field to type into: what kinds with a single field share.

use askama::Template;

use super::kind::Look;
use super::sight::Sight;
use crate::surveys::format::Block;
use crate::surveys::map::Datum;

#[derive(Template)]
#[template(path = "surveys/blocks/field.html")]
pub(super) struct Field<'a> {
    pub(super) kind: &'static str,
    pub(super) class: &'static str,
    pub(super) mode: Option<&'static str>,
    /// Its name in the form.
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Further attributes: `min`, `max`, `step`, `maxlength`.
    pub(super) more: Vec<(&'static str, String)>,
    pub(super) is_read_only: bool,
    pub(super) is_required: bool,
    pub(super) is_at_fault: bool,
    pub(super) described: String,
    pub(super) unit: Option<String>,
}

impl<'a> Field<'a> {
    pub(super) fn of(kind: &'static str, sight: &'a Sight<'_>) -> Field<'a> {
        Field {
            kind,
            class: "field",
            mode: None,
            name: &sight.block.id,
            value: sight.at(&sight.block.id),
            more: Vec::new(),
            is_read_only: sight.block.read_only,
            is_required: sight.is_required,
            is_at_fault: sight.is_at_fault(),
            described: sight.described(),
            unit: None,
        }
    }

    pub(super) fn draw(&self, out: &mut String) -> askama::Result<()> {
        self.render_into(out)
    }
}

/// What the form sends for the one kept value.
pub(super) fn kept_field(block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
    let value = match kept(&block.id) {
        Datum::Number(number) => super::figures::written(number),
        Datum::Text(text) => text,
        Datum::NotAsked | Datum::NotAnswered => return Vec::new(),
    };
    vec![(block.id.clone(), value)]
}
