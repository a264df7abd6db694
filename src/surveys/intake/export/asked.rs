//! A block as the rows it needs.

use super::super::draft::joined;
use super::super::xlsform::quoted;
use super::{Desk, Row, line};
use crate::surveys::blocks;
use crate::surveys::format::{Block, Item, Order, Required};

/// What expressions and the sheet call an item.
pub(super) fn name(item: &Item) -> String {
    item.name.clone().unwrap_or_else(|| item.code.to_string())
}

pub(super) fn block(desk: &mut Desk<'_>, block: &Block) {
    let place = line(block.position.line);
    desk.account
        .row(&place, format!("{} {}", block.kind.name(), block.id));
    told(desk, block);
    let cells = cells(desk, block);
    let id = block.id.as_str();
    match block.kind.name() {
        "info" => desk.put("note", id, cells),
        "text" => desk.put("text", id, cells),
        "number" => {
            let kind = if block.settings.count("decimals").unwrap_or(0) > 0 {
                "decimal"
            } else {
                "integer"
            };
            desk.put(kind, id, cells);
        }
        "date" => {
            let kind = if block.settings.is("clock") {
                "dateTime"
            } else {
                "date"
            };
            desk.put(kind, id, cells);
        }
        "time" => desk.put("time", id, cells),
        "images" if block.settings.count("most").is_some_and(|most| most > 1) => {
            choose(desk, block, "select_multiple", cells);
        }
        "single" | "images" => choose(desk, block, "select_one", cells),
        "multi" | "highlighter" => choose(desk, block, "select_multiple", cells),
        "upload" if block.settings.count("most").is_none_or(|most| most == 1) => {
            let kind = match block.settings.text("accept") {
                Some("image") => "image",
                _ => "file",
            };
            desk.put(kind, id, cells);
        }
        "rank" => choose(desk, block, "rank", cells),
        "scale" | "nps" => scale(desk, block, cells),
        "computed" => desk.put("calculate", id, cells),
        "hidden" => desk.put("hidden", id, cells),
        "grid" => grid(desk, block),
        other => desk
            .account
            .refuse(&place, format!("XLSForm has no question like `{other}`")),
    }
}

/// What is lost.
fn told(desk: &mut Desk<'_>, block: &Block) {
    let place = line(block.position.line);
    if block.order != Order::Written
        && !matches!(block.kind.name(), "single" | "multi" | "images" | "rank")
    {
        desk.account.note(&place, "the order is the written one");
    }
    if block.kind.name() == "highlighter" {
        let what = "its text becomes a list of passages";
        desk.account.note(&place, what);
    }
    if block.items.iter().any(|item| item.when.is_some()) {
        desk.account
            .refuse(&place, "XLSForm cannot say conditions of single choices");
    }
    let pictures = block.kind.pictures(block);
    if !pictures.is_empty() {
        let words = "its pictures are named; the files themselves lie under Assets";
        desk.account.note(&place, words);
    }
    if block.is_personal {
        desk.account.note(&place, "that it is personal is left out");
    }
}

fn cells(desk: &Desk<'_>, block: &Block) -> Row {
    let mut cells = desk.words("label", &block.text);
    cells.extend(desk.words("hint", &block.help));
    let mut conditions = desk.sections(block.section.as_deref());
    conditions.extend(block.when.as_ref().map(|when| when.text().to_owned()));
    let required = match &block.required {
        Required::No => None,
        Required::Yes => Some("yes".to_owned()),
        Required::When(when) => Some(when.text().to_owned()),
    };
    let mut checks = rules(block);
    checks.extend(
        block
            .check
            .as_ref()
            .map(|(check, _)| check.text().to_owned()),
    );
    let randomize = (block.order != Order::Written).then(|| "randomize=true".to_owned());
    let text = |expr: &Option<crate::expr::Expr>| expr.as_ref().map(|expr| expr.text().to_owned());
    let own = [
        ("relevant", joined(conditions)),
        ("required", required),
        ("constraint", joined(checks)),
        ("calculation", text(&block.calculate)),
        ("default", text(&block.default).map(unquoted)),
        ("choice_filter", text(&block.filter)),
        ("read_only", block.read_only.then(|| "yes".to_owned())),
        ("parameters", randomize),
    ];
    let own = own
        .into_iter()
        .filter_map(|(column, cell)| Some((column.to_owned(), cell?)));
    cells.extend(own);
    cells.extend(desk.words("required_message", &block.required_text));
    if let Some((_, words)) = &block.check {
        cells.extend(desk.words("constraint_message", words));
    }
    cells
}

/// A default that is a text stands without quotes.
fn unquoted(text: String) -> String {
    let inside = |quote: char| {
        let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inside.contains(['\'', '"'])).then(|| inside.to_owned())
    };
    inside('\'').or_else(|| inside('"')).unwrap_or(text)
}

/// What the keys of a kind ask of an answer, as a constraint.
fn rules(block: &Block) -> Vec<String> {
    let mut rules = Vec::new();
    if block.kind.name() == "number"
        && let Some((low, high)) = block.settings.range("range")
    {
        rules.push(format!(". >= {low} and . <= {high}"));
    }
    let counted = match block.kind.name() {
        "multi" | "images" | "highlighter" => "count-selected(.)",
        "text" => "string-length(.)",
        _ => return rules,
    };
    rules.extend(
        block
            .settings
            .count("least")
            .map(|least| format!("{counted} >= {least}")),
    );
    rules.extend(
        block
            .settings
            .count("most")
            .map(|most| format!("{counted} <= {most}")),
    );
    for item in block.items.iter().filter(|item| item.exclusive) {
        rules.push(format!(
            "not(selected(., {}) and count-selected(.) > 1)",
            quoted(&name(item))
        ));
    }
    rules
}

fn choose(desk: &mut Desk<'_>, block: &Block, kind: &str, mut cells: Row) {
    let list = format!("{}_choices", block.id);
    desk.list(&list, &block.items);
    if block.settings.text("look") == Some("list") {
        cells.push(("appearance".into(), "minimal".into()));
    }
    desk.put(&format!("{kind} {list}"), &block.id, cells);
    for item in block.items.iter().filter(|item| item.other) {
        let text = format!("{}_text", blocks::part(&block.id, item.code));
        let when = format!("selected(${{{}}}, {})", block.id, quoted(&name(item)));
        let mut cells = desk.words("label", &item.text);
        cells.push(("relevant".into(), when));
        desk.put("text", &text, cells);
    }
}

fn scale(desk: &mut Desk<'_>, block: &Block, mut cells: Row) {
    let (low, high) = block.settings.range("range").unwrap_or((0.0, 10.0));
    let step = block.settings.number("step").unwrap_or(1.0);
    let ends = ["low", "high"]
        .iter()
        .any(|key| block.settings.words(key).is_some());
    if ends {
        desk.account
            .note(&line(block.position.line), "what its ends mean is left out");
    }
    cells.push((
        "parameters".into(),
        format!("start={low} end={high} step={step}"),
    ));
    desk.put("range", &block.id, cells);
}

/// A group with a question for each row.
fn grid(desk: &mut Desk<'_>, block: &Block) {
    let cells = cells(desk, block);
    let is_of_group = |column: &String| column.starts_with("label") || column == "relevant";
    let list = format!("{}_choices", block.id);
    let kind = match block.settings.text("cells").unwrap_or("single") {
        "single" => format!("select_one {list}"),
        "multi" => format!("select_multiple {list}"),
        "number" => "decimal".to_owned(),
        _ => "text".to_owned(),
    };
    let mut group: Row = cells
        .iter()
        .filter(|(column, _)| is_of_group(column))
        .cloned()
        .collect();
    if !block.items.is_empty() {
        desk.list(&list, &block.items);
        group.push(("appearance".into(), "table-list".into()));
    }
    desk.put("begin group", &block.id, group);
    let required = cells.iter().filter(|(column, _)| column == "required");
    let required: Row = required.cloned().collect();
    for row in &block.rows {
        let mut own = desk.words("label", &row.text);
        own.extend(required.iter().cloned());
        desk.put(&kind, &blocks::part(&block.id, row.code), own);
    }
    desk.put("end group", "", Vec::new());
    desk.account.note(
        &line(block.position.line),
        "becomes a group with a question for each row",
    );
}
