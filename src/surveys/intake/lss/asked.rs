//! One question of LimeSurvey becomes a block, or the few it needs.

use super::super::draft::{Block, Item, Need, Setting, Texts, joined};
use super::super::Account;
use super::questions::{Part, Question};
use crate::surveys::blocks;

/// Choices and rows that every table of a type has.
const FIVE: &[(&str, &str)] = &[("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")];
const TEN: &[(&str, &str)] = &[
    ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5"), ("6", "6"), ("7", "7"), ("8", "8"), ("9", "9"), ("10", "10"),
];
const YES: &[(&str, &str)] = &[("Y", "Yes"), ("N", "No")];
const UNSURE: &[(&str, &str)] = &[("Y", "Yes"), ("U", "Uncertain"), ("N", "No")];
const CHANGE: &[(&str, &str)] = &[("I", "Increase"), ("S", "Same"), ("D", "Decrease")];
const GENDER: &[(&str, &str)] = &[("F", "Female"), ("M", "Male")];

/// Codes that are whole numbers stay; others are counted.
fn items(parts: &[Part]) -> Vec<Item> {
    let number = |part: &Part| part.code.parse::<i64>().ok().filter(|code| code.to_string() == part.code);
    let all: Option<Vec<i64>> = parts.iter().map(number).collect();
    let item = |(at, part): (usize, &Part)| Item {
        code: all.as_ref().map_or_else(|| i64::try_from(at + 1).unwrap_or_default(), |all| all[at]),
        name: all.is_none().then(|| part.code.clone()),
        text: if part.text.is_empty() { vec![] } else { part.text.clone() },
        ..Item::default()
    };
    parts.iter().enumerate().map(item).collect()
}

fn fixed(words: &[(&str, &str)], question: &Question) -> Vec<Item> {
    let lang = question.text.first().map_or("en", |(lang, _)| lang.as_str());
    let parts: Vec<Part> = { words.iter() }
        .map(|(code, text)| Part {
            code: (*code).to_owned(),
            text: vec![(lang.to_owned(), (*text).to_owned())],
            ..Part::default()
        })
        .collect();
    items(&parts)
}

fn of_scale(parts: &[Part], scale: &str) -> Vec<Part> {
    let mut all: Vec<Part> = { parts.iter() }.filter(|part| part.scale == scale || scale == "0" && part.scale.is_empty()).cloned().collect();
    // A choice without a text shows its code.
    for part in &mut all {
        if part.text.is_empty() {
            part.text.push(("en".to_owned(), part.code.clone()));
        }
    }
    all
}

/// What conditions call the parts of a question.
pub(super) fn parts(question: &Question) -> Vec<(String, (String, Option<String>))> {
    let rows = of_scale(&question.parts, "0");
    let named = |part: &Part| format!("{}_{}", question.code, part.code);
    match question.kind.as_str() {
        "M" | "P" => {
            let flag = |(part, item): (&Part, &Item)| {
                let choice = item.name.clone().unwrap_or_else(|| item.code.to_string());
                (named(part), (question.id.clone(), Some(choice)))
            };
            let items = items(&rows);
            rows.iter().zip(&items).map(flag).collect()
        }
        "A" | "B" | "C" | "E" | "F" | "H" | "Q" | "K" => {
            let items = items(&rows);
            let row = |(part, item): (&Part, &Item)| (named(part), (blocks::part(&question.id, item.code), None));
            rows.iter().zip(&items).map(row).collect()
        }
        "O" => vec![(format!("{}_comment", question.code), (format!("{}_comment", question.id), None))],
        _ => Vec::new(),
    }
}

fn base(question: &Question) -> Block {
    let mut block = Block {
        id: question.id.clone(),
        text: question.text.clone(),
        help: question.help.clone(),
        required: if question.is_mandatory { Need::Yes } else { Need::No },
        is_random: ["random_order", "answer_order"].iter().any(|name| {
            question.attributes.get(*name).is_some_and(|value| value == "1" || value == "random")
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
        "R" => vec![Block { kind: "rank", items: items(&answers()), ..block }],
        "S" | "T" | "U" | "N" | "D" | "5" => vec![typed(question, block)],
        "X" => vec![Block { kind: "info", required: Need::No, ..block }],
        "A" => grid(question, block, "single", fixed(FIVE, question)),
        "B" => grid(question, block, "single", fixed(TEN, question)),
        "C" => grid(question, block, "single", fixed(UNSURE, question)),
        "E" => grid(question, block, "single", fixed(CHANGE, question)),
        "F" | "H" => grid(question, block, "single", items(&answers())),
        "Q" => grid(question, block, "text", Vec::new()),
        "K" => grid(question, block, "number", Vec::new()),
        ":" | ";" | "1" => columns(question, &block),
        "I" => {
            account.note(&question.place, "the language is chosen on every page; the question is left out");
            return Vec::new();
        }
        other => {
            let why = match other {
                "*" => "equations are not carried over; write them as a `computed` block".to_owned(),
                "|" => "files are not taken in this version".to_owned(),
                _ => format!("questions of type `{other}` are not known"),
            };
            account.refuse(&question.place, why.clone());
            let mut words = Block { kind: "info", required: Need::No, ..block };
            words.unresolved(why);
            return vec![words];
        }
    };
    if let (false, Some(first)) = (question.pattern.is_empty(), made.first_mut()) {
        pattern(question, first, account);
    }
    for block in &mut made {
        for why in question.refused() {
            block.unresolved(why);
        }
        if question.attributes.get("hidden").is_some_and(|value| value == "1") {
            block.when = Some("false()".to_owned());
        }
    }
    made
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
    if question.kind == "O" { vec![block, comment] } else { vec![block] }
}

fn other(items: &[Item], question: &Question) -> Item {
    Item {
        code: items.iter().map(|item| item.code).max().unwrap_or_default() + 1,
        name: Some("-oth-".to_owned()),
        text: vec![(question.text.first().map_or("en", |(lang, _)| lang).to_owned(), "Other".to_owned())],
        other: true,
        ..Item::default()
    }
}

fn several(question: &Question, mut block: Block, mut items: Vec<Item>, account: &mut Account) -> Vec<Block> {
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
        account.note(&question.place, "the comments beside its choices are left out");
    }
    for (attribute, key) in [("min_answers", "least"), ("max_answers", "most")] {
        let count = question.attributes.get(attribute).and_then(|value| value.parse::<i64>().ok());
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
    let number = |name: &str| question.attributes.get(name).and_then(|value| value.parse::<f64>().ok());
    match question.kind.as_str() {
        "N" => {
            block.kind = "number";
            let is_whole = question.attributes.get("num_value_int_only").is_some_and(|value| value == "1");
            block.settings.push(("decimals", Setting::Count(if is_whole { 0 } else { 6 })));
            let (low, high) = (number("min_num_value_n"), number("max_num_value_n"));
            let bounds = [low.map(|low| format!(". >= {low}")), high.map(|high| format!(". <= {high}"))];
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

fn grid(question: &Question, mut block: Block, cells: &'static str, items: Vec<Item>) -> Vec<Block> {
    block.kind = "grid";
    block.settings.push(("cells", Setting::Text(cells)));
    if cells == "number" {
        block.settings.push(("decimals", Setting::Count(6)));
    }
    block.items = items;
    block.rows = self::items(&of_scale(&question.parts, "0"));
    vec![block]
}

/// A table with two kinds of column: one after the other, a table each.
fn columns(question: &Question, block: &Block) -> Vec<Block> {
    let (columns, cells): (Vec<(String, Texts, Vec<Item>)>, _) = if question.kind == "1" {
        let half = |scale: &str| {
            let mark = if scale == "0" { "1" } else { "2" };
            (mark.to_owned(), Vec::new(), items(&of_scale(&question.answers, scale)))
        };
        (vec![half("0"), half("1")], "single")
    } else {
        let each = of_scale(&question.parts, "1").into_iter();
        let cells = if question.kind == ":" { "number" } else { "text" };
        (each.map(|part| (part.code, part.text, Vec::new())).collect(), cells)
    };
    let made = columns.into_iter().map(|(code, text, items)| {
        let mut own = block.clone();
        own.id = format!("{}.{code}", block.id);
        for (lang, words) in &mut own.text {
            if let Some((_, column)) = text.iter().find(|(known, _)| known == lang) {
                words.push_str(&format!(" – {column}"));
            }
        }
        grid(question, own, cells, items)
    });
    made.flatten().collect()
}

/// A pattern of PHP: `/^[0-9]+$/`.
fn pattern(question: &Question, block: &mut Block, account: &mut Account) {
    let bare = question.pattern.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    let text = bare.map_or(question.pattern.as_str(), |(pattern, _)| pattern);
    let open = |end: &str, is: bool| if is { "" } else { end }.to_owned();
    let pattern = format!("{}({text}){}", open(".*", text.starts_with('^')), open(".*", text.ends_with('$')));
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
    let text = question.old_conditions.as_ref().unwrap_or(&question.relevance);
    match said(text) {
        Ok(when) => block.when = joined(when.into_iter().chain(block.when.take()).collect()),
        Err(why) => {
            let said = format!("its condition `{text}` is not carried over: {why}");
            account.refuse(&question.place, said.clone());
            block.unresolved(said);
        }
    }
}
