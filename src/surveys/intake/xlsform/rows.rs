//! The rows of the sheet `survey`, and how they lie in groups.

use super::super::Place;
use super::build::Builder;
use super::headers::{Cells, Table};
use super::kinds::{self, Span, Type};
use super::settings::is_yes;

/// The columns that are read here.
pub(super) const KNOWN: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "relevant",
    "constraint",
    "constraint_message",
    "required",
    "required_message",
    "calculation",
    "read_only",
    "default",
    "choice_filter",
    "repeat_count",
    "appearance",
    "parameters",
    "image",
    "big_image",
    "audio",
    "video",
    "trigger",
    "disabled",
];

/// Groups in groups.
const DEEPEST: usize = 40;

/// A question, or a group with what is in it.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) cells: Cells<'a>,
    pub(super) kind: Type,
    pub(super) place: Place,
    pub(super) children: Vec<Node<'a>>,
}

pub(super) fn read<'a>(table: &'a Table, builder: &mut Builder<'_>) -> Vec<Node<'a>> {
    // Groups that are open, outermost first; the bottom is the form.
    let mut open: Vec<Vec<Node<'a>>> = vec![Vec::new()];
    let mut too_deep = 0;
    for cells in table.cells() {
        let place = Place::new(&table.sheet, cells.row.number);
        let written = cells.get("type");
        builder.account.row(
            &place,
            format!("{written} {}", cells.get("name")).trim().to_owned(),
        );
        if is_left_out(cells, written, &place, builder) {
            continue;
        }
        let node = Node {
            cells,
            kind: kinds::read(written),
            place,
            children: Vec::new(),
        };
        match node.kind {
            Type::Begin(_) if open.len() > DEEPEST => {
                builder
                    .account
                    .refuse(&node.place, "lies in too many groups");
                too_deep += 1;
            }
            Type::End if too_deep > 0 => too_deep -= 1,
            Type::Begin(_) => {
                last(&mut open).push(node);
                open.push(Vec::new());
            }
            Type::End if open.len() > 1 => close(&mut open),
            Type::End => builder
                .account
                .refuse(&node.place, "ends a group that never began"),
            _ => last(&mut open).push(node),
        }
    }
    while open.len() > 1 {
        close(&mut open);
        if let Some(group) = open.last().and_then(|nodes| nodes.last()) {
            builder
                .account
                .note(&group.place, "is never ended; it ends with the sheet");
        }
    }
    open.pop().unwrap_or_default()
}

fn last<'b, 'a>(open: &'b mut Vec<Vec<Node<'a>>>) -> &'b mut Vec<Node<'a>> {
    if open.is_empty() {
        open.push(Vec::new());
    }
    let at = open.len() - 1;
    &mut open[at]
}

fn close(open: &mut Vec<Vec<Node<'_>>>) {
    let children = open.pop().unwrap_or_default();
    if let Some(group) = last(open).last_mut() {
        group.children = children;
    }
}

/// Comments, and rows that are switched off.
fn is_left_out(cells: Cells<'_>, written: &str, place: &Place, builder: &mut Builder<'_>) -> bool {
    let account = &mut *builder.account;
    if is_yes(cells.get("disabled")) {
        account.note(place, "is switched off in the form; left out");
        return true;
    }
    if written.starts_with('#') || written.starts_with("//") {
        account.row(place, "comment");
        return true;
    }
    if !written.is_empty() {
        return false;
    }
    let (name, label) = (cells.get("name"), cells.get("label"));
    if name.is_empty() || label.is_empty() {
        account.row(place, "comment");
        account.note(place, "has no type; left out as a comment");
    } else {
        account.refuse(place, "has a name and a label, but no type");
    }
    true
}

impl Node<'_> {
    pub(super) fn span(&self) -> Option<&Span> {
        match &self.kind {
            Type::Begin(span) => Some(span),
            _ => None,
        }
    }

    /// This and all that lies in it.
    pub(super) fn all(&self) -> Vec<&Self> {
        let inner = self.children.iter().flat_map(Node::all);
        std::iter::once(self).chain(inner).collect()
    }
}
