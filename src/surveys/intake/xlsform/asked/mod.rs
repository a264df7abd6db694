//! One row of the survey becomes a block, or the few it needs.

mod chosen;
mod looks;
mod plain;

use super::super::draft::{Block, Need, Texts};
use super::build::Builder;
use super::kinds::Type;
use super::phrases::{is_worked_out, quoted};
use super::rows::Node;
use super::settings::{is_no, is_yes};

pub(super) fn blocks(builder: &mut Builder<'_>, node: &Node<'_>) -> Vec<Block> {
    match &node.kind {
        Type::Select { .. } => {
            let block = base(builder, node);
            chosen::blocks(builder, node, block)
        }
        Type::Plain(plain) => {
            let block = base(builder, node);
            plain::blocks(builder, node, plain, block)
        }
        Type::Title => {
            builder.title = told(node);
            Vec::new()
        }
        Type::Id => {
            builder.form_id = told(node);
            Vec::new()
        }
        Type::Unknown => {
            let block = base(builder, node);
            let why = format!("the type `{}` is not known", node.cells.get("type"));
            vec![refused(builder, block, &why)]
        }
        Type::Begin(_) | Type::End => Vec::new(),
    }
}

/// Settings once were rows; what they say stands in the label or in the name.
fn told(node: &Node<'_>) -> String {
    let said = ["label", "name"].map(|column| node.cells.get(column));
    said.into_iter()
        .find(|said| !said.is_empty())
        .unwrap_or("")
        .to_owned()
}

/// What all kinds of question share.
fn base(builder: &mut Builder<'_>, node: &Node<'_>) -> Block {
    let mut block = Block {
        id: builder.id(node),
        text: builder.texts(node, "label"),
        help: builder.texts(node, "hint"),
        when: builder.expr(node, "relevant"),
        check: builder.expr(node, "constraint"),
        check_text: builder.texts(node, "constraint_message"),
        required_text: builder.texts(node, "required_message"),
        read_only: is_yes(node.cells.get("read_only")),
        place: node.place.clone(),
        ..Block::default()
    };
    if block.text.is_empty() {
        block.text = if block.help.is_empty() {
            builder.tongues.everywhere(&block.id)
        } else {
            std::mem::take(&mut block.help)
        };
    }
    let required = node.cells.get("required");
    block.required = match builder.expr(node, "required") {
        _ if is_yes(required) => Need::Yes,
        _ if is_no(required) => Need::No,
        Some(when) => Need::When(when),
        None => Need::No,
    };
    block.default = default(builder, node);
    left_out(builder, node);
    block
}

/// A default that is written is a text or a number; one that is worked out is kept.
fn default(builder: &Builder<'_>, node: &Node<'_>) -> Option<String> {
    let cell = node.cells.get("default");
    if cell.is_empty() {
        return None;
    }
    if is_worked_out(cell) {
        return builder.renamed.expr(cell);
    }
    Some(quoted(cell))
}

/// What of a row is not carried over and does not change what is asked.
fn left_out(builder: &mut Builder<'_>, node: &Node<'_>) {
    let said = [
        (
            "guidance_hint",
            "the further hint for interviewers is left out",
        ),
        (
            "trigger",
            "it is worked out anew whenever something changes, not by its trigger alone",
        ),
    ];
    for (column, why) in said {
        if !node.cells.get(column).is_empty() {
            builder.account.note(&node.place, why);
        }
    }
    for column in ["image", "big_image", "audio", "video"] {
        let file = node.cells.get(column);
        if !file.is_empty() {
            let why = format!(
                "{column} {file} is not carried over; texts have no pictures or sounds here"
            );
            builder.account.note(&node.place, why);
        }
    }
    let read_only = node.cells.get("read_only");
    if !is_yes(read_only) && !is_no(read_only) {
        builder.account.note(
            &node.place,
            "`read_only` is yes or no here; its condition is left out",
        );
    }
}

/// Stays as words that keep the survey from being published.
fn refused(builder: &mut Builder<'_>, block: Block, why: &str) -> Block {
    builder.account.refuse(&block.place, why);
    let mut words = Block {
        id: block.id,
        kind: "info",
        text: block.text,
        help: block.help,
        when: block.when,
        place: block.place,
        ..Block::default()
    };
    words.unresolved(why);
    words
}

/// Puts what a choice says into texts and conditions that were written once for all:
/// `%(name)s` and `%(label)s`.
pub(super) fn fill(block: &mut Block, name: &str, label: &Texts) {
    let label_in = |lang: &str| {
        let own = label.iter().find(|(known, _)| known == lang);
        own.or_else(|| label.first())
            .map_or("", |(_, text)| text.as_str())
    };
    for texts in [&mut block.text, &mut block.help, &mut block.check_text] {
        for (lang, text) in texts {
            *text = text
                .replace("%(name)s", name)
                .replace("%(label)s", label_in(lang));
        }
    }
    let exprs = [
        &mut block.when,
        &mut block.check,
        &mut block.calculate,
        &mut block.default,
    ];
    for expr in exprs.into_iter().flatten() {
        *expr = expr
            .replace("%(name)s", name)
            .replace("%(label)s", label_in(""));
    }
}
