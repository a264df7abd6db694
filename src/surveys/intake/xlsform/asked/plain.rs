//! Questions without choices, and what is not asked at all.

use super::super::super::draft::{Block, Item, Need, Setting};
use super::super::build::Builder;
use super::super::kinds::Plain;
use super::super::rows::Node;
use super::{looks, refused};
use crate::surveys::blocks;

/// A scale has at most so many points; longer ones are typed as a number.
const MOST_POINTS: f64 = 21.0;

pub(super) fn blocks(
    builder: &mut Builder<'_>,
    node: &Node<'_>,
    plain: &Plain,
    mut block: Block,
) -> Vec<Block> {
    let is_there = blocks::named(plain.block).is_some();
    match plain.block {
        // Nothing to ask and nothing to keep.
        "nothing" => {
            builder.account.note(&node.place, plain.said);
            return Vec::new();
        }
        "list" => return list(builder, node),
        _ if !is_there => return vec![refused(builder, block, plain.said)],
        _ => {}
    }
    block.kind = plain.block;
    block.settings = plain.settings.to_vec();
    if !plain.said.is_empty() {
        builder.account.note(&node.place, plain.said);
    }
    if !plain.check.is_empty() && block.check.is_none() {
        block.check = Some(plain.check.to_owned());
    }
    match plain.block {
        "computed" => return vec![computed(builder, node, plain, block)],
        "hidden" => {
            block = unseen(block);
            // It begins empty where the form says nothing.
            block.default.get_or_insert_with(|| "''".to_owned());
        }
        "info" => block = words(builder, node, block),
        "single" => acknowledged(builder, &mut block),
        "scale" => scale(builder, node, &mut block),
        "upload" => file(builder, node, &mut block),
        _ => {}
    }
    looks::appearance(builder, node, &mut block);
    if plain.block == "text" {
        lines(builder, node, &mut block);
    } else if plain.block != "scale" {
        looks::other_parameters(builder, node, &[]);
    }
    worked_out(builder, node, block)
}

/// A file is chosen by whoever answers: nothing stands there before.
fn file(builder: &mut Builder<'_>, node: &Node<'_>, block: &mut Block) {
    let had_default = block.default.take().is_some();
    if std::mem::take(&mut block.read_only) || had_default {
        builder.account.note(
            &node.place,
            "a file that stands there before is not carried over",
        );
    }
}

/// What is not seen has no words, no check and is never missing.
fn unseen(block: Block) -> Block {
    Block {
        id: block.id,
        kind: block.kind,
        when: block.when,
        default: block.default,
        calculate: block.calculate,
        settings: block.settings,
        place: block.place,
        ..Block::default()
    }
}

fn computed(builder: &mut Builder<'_>, node: &Node<'_>, plain: &Plain, block: Block) -> Block {
    let calculation = builder.expr(node, "calculation");
    let own = (!plain.calculate.is_empty()).then(|| plain.calculate.to_owned());
    let mut block = unseen(block);
    block.calculate = own.or(calculation).or(block.default.take());
    block.default = None;
    if block.calculate.is_none() {
        let text = builder.tongues.everywhere(&block.id);
        return refused(builder, Block { text, ..block }, "has no calculation");
    }
    block
}

/// Words are read: nothing can be missing in them or wrong with them.
fn words(builder: &mut Builder<'_>, node: &Node<'_>, block: Block) -> Block {
    if block.check.is_some() || block.required != Need::No {
        builder.account.note(
            &node.place,
            "a note is not answered: `required` and `constraint` are left out",
        );
    }
    Block {
        id: block.id,
        kind: "info",
        text: block.text,
        help: block.help,
        when: block.when,
        place: block.place,
        ..Block::default()
    }
}

/// One choice that says yes: the value is `OK`, as in the reference.
fn acknowledged(builder: &Builder<'_>, block: &mut Block) {
    block.items = vec![Item {
        code: 1,
        name: Some("OK".to_owned()),
        text: builder.tongues.everywhere("OK"),
        ..Item::default()
    }];
}

fn scale(builder: &mut Builder<'_>, node: &Node<'_>, block: &mut Block) {
    let parameters = looks::parameters(node);
    let number = |wanted: &str, plain: f64| {
        let found = parameters.iter().find(|(key, _)| key == wanted);
        found
            .and_then(|(_, value)| value.parse::<f64>().ok())
            .filter(|number| number.is_finite())
            .unwrap_or(plain)
    };
    let (start, end, step) = (
        number("start", 1.0),
        number("end", 10.0),
        number("step", 1.0).abs(),
    );
    let (low, high) = (start.min(end), start.max(end));
    let decimals = [low, high, step].map(|number| {
        let text = number.to_string();
        i64::try_from(text.split_once('.').map_or(0, |(_, part)| part.len())).unwrap_or(9)
    });
    let decimals = decimals.into_iter().max().unwrap_or_default().min(9);
    let points = if step > 0.0 {
        (high - low) / step + 1.0
    } else {
        0.0
    };
    looks::set(block, "range", Setting::Range(low, high));
    if (2.0..=MOST_POINTS).contains(&points) {
        looks::set(block, "step", Setting::Number(step));
    } else {
        block.kind = "number";
        let why = "has too many points for a row of buttons; the number is typed";
        builder.account.note(&node.place, why);
    }
    if decimals > 0 {
        looks::set(block, "decimals", Setting::Count(decimals));
    }
    looks::other_parameters(builder, node, &["start", "end", "step"]);
}

fn lines(builder: &mut Builder<'_>, node: &Node<'_>, block: &mut Block) {
    let parameters = looks::parameters(node);
    let rows = parameters.iter().find(|(key, _)| key == "rows");
    if let Some(rows) = rows.and_then(|(_, value)| value.parse::<i64>().ok()) {
        looks::set(block, "lines", Setting::Count(rows.clamp(1, 20)));
    }
    looks::other_parameters(builder, node, &["rows"]);
}

/// A question that is worked out: seen and unchangeable it is words around the value,
/// otherwise the value is what it begins with.
fn worked_out(builder: &mut Builder<'_>, node: &Node<'_>, mut block: Block) -> Vec<Block> {
    let Some(calculation) = builder.expr(node, "calculation") else {
        return vec![block];
    };
    if block.kind == "info" {
        return vec![block];
    }
    if block.kind == "hidden" {
        block.kind = "computed";
        block.calculate = Some(calculation);
        return vec![unseen(block)];
    }
    if !block.read_only {
        builder.account.note(
            &node.place,
            "begins with what is worked out, and keeps what is typed",
        );
        block.default = Some(calculation);
        return vec![block];
    }
    let mut texts = block.text.clone();
    for (_, text) in &mut texts {
        text.extend([": ${", &block.id, "}"]);
    }
    let shown = Block {
        id: builder.fresh(&format!("{}.shown", block.id)),
        kind: "info",
        text: texts,
        help: block.help.clone(),
        when: block.when.clone(),
        place: block.place.clone(),
        ..Block::default()
    };
    block.kind = "computed";
    block.settings.retain(|(key, _)| *key == "decimals");
    block.calculate = Some(calculation);
    vec![unseen(block), shown]
}

/// A file that is only looked into.
fn list(builder: &mut Builder<'_>, node: &Node<'_>) -> Vec<Block> {
    let name = format!("{}.csv", node.cells.get("name"));
    let found =
        super::super::lists::from_file(&name, ["name", "label"], &builder.tongues, builder.beside);
    match found {
        Ok(list) => builder.add_lists(vec![list]),
        Err(why) => builder.account.refuse(&node.place, why),
    }
    Vec::new()
}
