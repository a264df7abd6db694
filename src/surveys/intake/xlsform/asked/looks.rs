//! Appearances and parameters: how a question looks, and what it takes.

use super::super::super::draft::{Block, Setting};
use super::super::build::Builder;
use super::super::rows::Node;

/// Appearances that change nothing here, because pages look like that anyway or
/// because they fit the width of the device.
const AS_IT_IS: &[&str] = &[
    "field-list",
    "table-list",
    "w1",
    "w2",
    "w3",
    "w4",
    "w5",
    "w6",
    "w7",
    "w8",
    "w9",
    "w10",
    "columns",
    "columns-pack",
    "columns-flex",
    "no-buttons",
    "horizontal",
    "horizontal-compact",
    "compact",
    "likert",
    "quick",
    "quickcompact",
    "full",
    "vertical",
    "no-calendar",
    "picker",
    "list",
    "list-nolabel",
];

/// A drop-down list instead of buttons.
const LISTS: &[&str] = &["minimal", "autocomplete", "search", "combobox"];

pub(super) fn appearance(builder: &mut Builder<'_>, node: &Node<'_>, block: &mut Block) {
    let cell = node.cells.get("appearance").to_lowercase();
    for word in cell.split_whitespace() {
        let bare = word.split('(').next().unwrap_or(word);
        match (bare, block.kind) {
            (bare, "single") if LISTS.contains(&bare) => set(block, "look", Setting::Text("list")),
            ("multiline", "text") => set(block, "lines", Setting::Count(5)),
            ("numbers", "text") => set(block, "keyboard", Setting::Text("numeric")),
            (bare, _) if AS_IT_IS.contains(&bare) || bare.starts_with("columns-") => {}
            _ => builder.account.note(
                &node.place,
                format!("the appearance `{word}` has no effect here"),
            ),
        }
    }
}

pub(super) fn set(block: &mut Block, key: &'static str, setting: Setting) {
    block.settings.retain(|(known, _)| *known != key);
    block.settings.push((key, setting));
}

/// `start=1 end=10 step=1`, in small letters, separated by spaces, commas or semicolons.
pub(super) fn parameters(node: &Node<'_>) -> Vec<(String, String)> {
    let cell = node
        .cells
        .get("parameters")
        .replace(" =", "=")
        .replace("= ", "=");
    let parts = cell
        .split([' ', ',', ';', '\n'])
        .filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (key.trim().to_lowercase(), value.trim().to_owned())
        })
        .collect()
}

/// What parameters there are besides those that were looked for.
pub(super) fn other_parameters(builder: &mut Builder<'_>, node: &Node<'_>, known: &[&str]) {
    for (key, value) in parameters(node) {
        if !known.contains(&key.as_str()) {
            builder.account.note(
                &node.place,
                format!("the parameter `{key}={value}` has no effect here"),
            );
        }
    }
}
