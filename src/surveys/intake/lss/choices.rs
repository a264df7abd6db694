//! Choices and rows, with their codes, and what conditions call them.

use super::super::draft::Item;
use super::questions::{Part, Question};
use crate::surveys::blocks;

/// Choices and rows that every table of a type has.
pub(super) const FIVE: &[(&str, &str)] =
    &[("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")];
pub(super) const TEN: &[(&str, &str)] = &[
    ("1", "1"),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", "5"),
    ("6", "6"),
    ("7", "7"),
    ("8", "8"),
    ("9", "9"),
    ("10", "10"),
];
pub(super) const YES: &[(&str, &str)] = &[("Y", "Yes"), ("N", "No")];
pub(super) const UNSURE: &[(&str, &str)] = &[("Y", "Yes"), ("U", "Uncertain"), ("N", "No")];
pub(super) const CHANGE: &[(&str, &str)] = &[("I", "Increase"), ("S", "Same"), ("D", "Decrease")];
pub(super) const GENDER: &[(&str, &str)] = &[("F", "Female"), ("M", "Male")];

/// Codes that are whole numbers stay; others are counted.
pub(super) fn items(parts: &[Part]) -> Vec<Item> {
    let number = |part: &Part| {
        part.code
            .parse::<i64>()
            .ok()
            .filter(|code| code.to_string() == part.code)
    };
    let all: Option<Vec<i64>> = parts.iter().map(number).collect();
    let item = |(at, part): (usize, &Part)| Item {
        code: all
            .as_ref()
            .map_or_else(|| i64::try_from(at + 1).unwrap_or_default(), |all| all[at]),
        name: all.is_none().then(|| part.code.clone()),
        text: if part.text.is_empty() {
            vec![]
        } else {
            part.text.clone()
        },
        ..Item::default()
    };
    parts.iter().enumerate().map(item).collect()
}

pub(super) fn fixed(words: &[(&str, &str)], question: &Question) -> Vec<Item> {
    let lang = question
        .text
        .first()
        .map_or("en", |(lang, _)| lang.as_str());
    let parts: Vec<Part> = { words.iter() }
        .map(|(code, text)| Part {
            code: (*code).to_owned(),
            text: vec![(lang.to_owned(), (*text).to_owned())],
            ..Part::default()
        })
        .collect();
    items(&parts)
}

pub(super) fn of_scale(parts: &[Part], scale: &str) -> Vec<Part> {
    let mut all: Vec<Part> = { parts.iter() }
        .filter(|part| part.scale == scale || scale == "0" && part.scale.is_empty())
        .cloned()
        .collect();
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
            let row = |(part, item): (&Part, &Item)| {
                (named(part), (blocks::part(&question.id, item.code), None))
            };
            rows.iter().zip(&items).map(row).collect()
        }
        "O" => vec![(
            format!("{}_comment", question.code),
            (format!("{}_comment", question.id), None),
        )],
        _ => Vec::new(),
    }
}
