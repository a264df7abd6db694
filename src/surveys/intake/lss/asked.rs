//! One question of LimeSurvey becomes a block, or the few it needs.

use super::super::Account;
use super::super::draft::{Block, Item, Need, Setting, Texts, joined};
use super::choices::{CHANGE, FIVE, GENDER, TEN, UNSURE, YES, fixed, items, of_scale};
use super::questions::Question;

fn base(question: &Question) -> Block {
    let mut block = Block {
        id: question.id.clone(),
        text: question.text.clone(),
        help: question.help.clone(),
        required: if question.is_mandatory {
            Need::Yes
        } else {
            Need::No
        },
        is_random: ["random_order", "answer_order"].iter().any(|name| {
            question
                .attributes
                .get(*name)
                .is_some_and(|value| value == "1" || value == "random")
        }),
        place: question.place.clone(),
        ..Block::default()
    };
    if block.text.is_empty() {
        block.text.push(("en".to_owned(), question.code.clone()));
    }
    block
}

pub(super) fn blocks(question: &Question, account: &mut Account) -> Vec<Block> {
    let block = base(question);
    let rows = || of_scale(&question.parts, "0");
    let answers = || of_scale(&question.answers, "0");
    let mut made = match question.kind.as_str() {
        "L" | "!" | "O" => single(question, block, items(&answers())),
        "G" => single(question, block, fixed(GENDER, question)),
        "Y" => single(question, block, fixed(YES, question)),
        "M" | "P" => several(question, block, items(&rows()), account),
        "R" => vec![Block {
            kind: "rank",
            items: items(&answers()),
            ..block
        }],
        "S" | "T" | "U" | "N" | "D" | "5" => vec![typed(question, block)],
        "X" => vec![Block {
            kind: "info",
            required: Need::No,
            ..block
        }],
        "A" => grid(question, block, "single", fixed(FIVE, question)),
        "B" => grid(question, block, "single", fixed(TEN, question)),
        "C" => grid(question, block, "single", fixed(UNSURE, question)),
        "E" => grid(question, block, "single", fixed(CHANGE, question)),
        "F" | "H" => grid(question, block, "single", items(&answers())),
        "Q" => grid(question, block, "text", Vec::new()),
        "K" => grid(question, block, "number", Vec::new()),
        ":" | ";" | "1" => columns(question, &block),
        "I" => {
            account.note(
                &question.place,
                "the language is chosen on every page; the question is left out",
            );
            return Vec::new();
        }
        _ => return vec![refused(question, block, account)],
    };
    if let (false, Some(first)) = (question.pattern.is_empty(), made.first_mut()) {
        pattern(question, first, account);
    }
    for block in &mut made {
        for why in question.refused() {
            block.unresolved(why);
        }
        if question
            .attributes
            .get("hidden")
            .is_some_and(|value| value == "1")
        {
            block.when = Some("false()".to_owned());
        }
    }
    made
}

/// What has no place here stays as words that keep the survey from being published.
fn refused(question: &Question, block: Block, account: &mut Account) -> Block {
    let why = match question.kind.as_str() {
        "*" => "equations are not carried over; write them as a `computed` block".to_owned(),
        "|" => "uploads are not carried over; write them as an `upload` block".to_owned(),
        other => format!("questions of type `{other}` are not known"),
    };
    account.refuse(&question.place, why.clone());
    let mut words = Block {
        kind: "info",
        required: Need::No,
        ..block
    };
    words.unresolved(why);
    words
}

fn single(question: &Question, mut block: Block, mut items: Vec<Item>) -> Vec<Block> {
    if question.has_other {
        items.push(other(&items, question));
    }
    block.kind = "single";
    block.items = items;
    if question.kind == "!" {
        block.settings.push(("look", Setting::Text("list")));
    }
    let comment = Block {
        id: format!("{}_comment", block.id),
        kind: "text",
        text: vec![(block.text[0].0.clone(), "Comment".to_owned())],
        settings: vec![("lines", Setting::Count(3))],
        place: block.place.clone(),
        ..Block::default()
    };
    if question.kind == "O" {
        vec![block, comment]
    } else {
        vec![block]
    }
}

fn other(items: &[Item], question: &Question) -> Item {
    Item {
        code: items.iter().map(|item| item.code).max().unwrap_or_default() + 1,
        name: Some("-oth-".to_owned()),
        text: vec![(
            question
                .text
                .first()
                .map_or("en", |(lang, _)| lang)
                .to_owned(),
            "Other".to_owned(),
        )],
        other: true,
        ..Item::default()
    }
}

fn several(
    question: &Question,
    mut block: Block,
    mut items: Vec<Item>,
    account: &mut Account,
) -> Vec<Block> {
    if let Some(alone) = question.attributes.get("exclude_all_others") {
        let codes: Vec<&str> = alone.split([';', ',']).map(str::trim).collect();
        for (item, part) in items.iter_mut().zip(of_scale(&question.parts, "0")) {
            item.exclusive = codes.contains(&part.code.as_str());
        }
    }
    if question.has_other {
        items.push(other(&items, question));
    }
    if question.kind == "P" {
        account.note(
            &question.place,
            "the comments beside its choices are left out",
        );
    }
    for (attribute, key) in [("min_answers", "least"), ("max_answers", "most")] {
        let count = question
            .attributes
            .get(attribute)
            .and_then(|value| value.parse::<i64>().ok());
        let most = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if let Some(count) = count.filter(|count| (1..=most).contains(count)) {
            block.settings.push((key, Setting::Count(count)));
        }
    }
    block.kind = "multi";
    block.items = items;
    vec![block]
}

/// Words, numbers, days.
fn typed(question: &Question, mut block: Block) -> Block {
    let number = |name: &str| {
        question
            .attributes
            .get(name)
            .and_then(|value| value.parse::<f64>().ok())
    };
    match question.kind.as_str() {
        "N" => {
            block.kind = "number";
            let is_whole = question
                .attributes
                .get("num_value_int_only")
                .is_some_and(|value| value == "1");
            block
                .settings
                .push(("decimals", Setting::Count(if is_whole { 0 } else { 6 })));
            let (low, high) = (number("min_num_value_n"), number("max_num_value_n"));
            let bounds = [
                low.map(|low| format!(". >= {low}")),
                high.map(|high| format!(". <= {high}")),
            ];
            block.check = joined(bounds.into_iter().flatten().collect());
        }
        "D" => block.kind = "date",
        "5" => {
            block.kind = "scale";
            block.settings.push(("range", Setting::Range(1.0, 5.0)));
        }
        long => {
            block.kind = "text";
            let lines = match long {
                "T" => 5,
                "U" => 12,
                _ => 1,
            };
            if lines > 1 {
                block.settings.push(("lines", Setting::Count(lines)));
            }
        }
    }
    block
}

fn grid(
    question: &Question,
    mut block: Block,
    cells: &'static str,
    columns: Vec<Item>,
) -> Vec<Block> {
    block.kind = "grid";
    block.settings.push(("cells", Setting::Text(cells)));
    if cells == "number" {
        block.settings.push(("decimals", Setting::Count(6)));
    }
    block.items = columns;
    block.rows = items(&of_scale(&question.parts, "0"));
    vec![block]
}

/// A table with two kinds of column: one after the other, a table each.
fn columns(question: &Question, block: &Block) -> Vec<Block> {
    let (columns, cells): (Vec<(String, Texts, Vec<Item>)>, _) = if question.kind == "1" {
        let half = |scale: &str| {
            let mark = if scale == "0" { "1" } else { "2" };
            (
                mark.to_owned(),
                Vec::new(),
                items(&of_scale(&question.answers, scale)),
            )
        };
        (vec![half("0"), half("1")], "single")
    } else {
        let each = of_scale(&question.parts, "1").into_iter();
        let cells = if question.kind == ":" {
            "number"
        } else {
            "text"
        };
        (
            each.map(|part| (part.code, part.text, Vec::new()))
                .collect(),
            cells,
        )
    };
    let made = columns.into_iter().map(|(code, text, items)| {
        let mut own = block.clone();
        own.id = format!("{}.{code}", block.id);
        for (lang, words) in &mut own.text {
            if let Some((_, column)) = text.iter().find(|(known, _)| known == lang) {
                words.extend([" – ", column]);
            }
        }
        grid(question, own, cells, items)
    });
    made.flatten().collect()
}

/// A pattern of PHP: `/^[0-9]+$/`.
fn pattern(question: &Question, block: &mut Block, account: &mut Account) {
    let bare = question
        .pattern
        .strip_prefix('/')
        .and_then(|rest| rest.rsplit_once('/'));
    let text = bare.map_or(question.pattern.as_str(), |(pattern, _)| pattern);
    let open = |end: &str, is: bool| if is { "" } else { end }.to_owned();
    let pattern = format!(
        "{}({text}){}",
        open(".*", text.starts_with('^')),
        open(".*", text.ends_with('$'))
    );
    let check = format!("regex(., {})", super::super::xlsform::quoted(&pattern));
    match crate::expr::Expr::parse(&check) {
        Ok(_) => block.check = Some(check),
        Err(fault) => {
            account.refuse(&question.place, fault.message.clone());
            block.unresolved(fault.message);
        }
    }
}

/// Puts the conditions of a question on one of its blocks.
pub(super) fn conditions(
    question: &Question,
    block: &mut Block,
    said: &dyn Fn(&str) -> Result<Option<String>, String>,
    account: &mut Account,
) {
    let text = question
        .old_conditions
        .as_ref()
        .unwrap_or(&question.relevance);
    match said(text) {
        Ok(when) => block.when = joined(when.into_iter().chain(block.when.take()).collect()),
        Err(why) => {
            let said = format!("its condition `{text}` is not carried over: {why}");
            account.refuse(&question.place, said.clone());
            block.unresolved(said);
        }
    }
}
