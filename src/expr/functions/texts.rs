//! Pieces of text. Letters are counted, not bytes.

use super::super::number;
use super::choices::count;
use super::{Function, MANY, Value, function};

pub(super) static ALL: &[Function] = &[
    function("string", 1, 1, |given, _| Value::of_text(given[0].text())),
    function("concat", 1, MANY, |given, _| {
        let texts: Vec<String> = given
            .iter()
            .flat_map(Value::members)
            .map(Value::text)
            .collect();
        Value::of_text(texts.concat())
    }),
    function("string-length", 1, 1, |given, _| {
        count(given[0].text().chars().count())
    }),
    function("contains", 2, 2, |given, _| {
        Value::Bool(given[0].text().contains(&given[1].text()))
    }),
    function("starts-with", 2, 2, |given, _| {
        Value::Bool(given[0].text().starts_with(&given[1].text()))
    }),
    function("ends-with", 2, 2, |given, _| {
        Value::Bool(given[0].text().ends_with(&given[1].text()))
    }),
    function("substr", 2, 3, |given, _| {
        let letters: Vec<char> = given[0].text().chars().collect();
        let place = |at: &Value| at.number().map(|at| within(at, letters.len()));
        let end = given.get(2).map_or(Some(letters.len()), place);
        match (place(&given[1]), end) {
            (Some(start), Some(end)) if start < end => {
                Value::of_text(letters[start..end].iter().collect::<String>())
            }
            _ => Value::Empty,
        }
    }),
    function("substring-before", 2, 2, |given, _| {
        let (text, mark) = (given[0].text(), given[1].text());
        let before = text.split_once(&mark).map(|(before, _)| before);
        Value::of_text(before.unwrap_or_default())
    }),
    function("substring-after", 2, 2, |given, _| {
        let (text, mark) = (given[0].text(), given[1].text());
        let after = text.split_once(&mark).map(|(_, after)| after);
        Value::of_text(after.unwrap_or_default())
    }),
    function("normalize-space", 1, 1, |given, _| {
        let text = given[0].text();
        let words: Vec<&str> = text
            .split([' ', '\t', '\n', '\r'])
            .filter(|word| !word.is_empty())
            .collect();
        Value::of_text(words.join(" "))
    }),
    function("translate", 3, 3, |given, _| {
        let from: Vec<char> = given[1].text().chars().collect();
        let to: Vec<char> = given[2].text().chars().collect();
        let text = given[0].text();
        let swapped = text.chars().filter_map(|letter| {
            match from.iter().position(|known| *known == letter) {
                Some(place) => to.get(place).copied(),
                None => Some(letter),
            }
        });
        Value::of_text(swapped.collect::<String>())
    }),
];

/// A place in a text of that length; from below zero it is counted from the end.
fn within(at: f64, length: usize) -> usize {
    let whole = at.trunc();
    let count: usize = number::write(whole.abs()).parse().unwrap_or(usize::MAX);
    if whole < 0.0 {
        length.saturating_sub(count)
    } else {
        count.min(length)
    }
}
