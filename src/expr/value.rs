//! What an expression comes to, and how one kind of value becomes another.

use super::dates;
use super::number;

/// An answer or what was made of answers. Dates and times are texts as the browser
/// sends them: `2026-11-22`, `2026-11-22T10:30`, `10:30`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not asked, not answered, or without sense. Never `Number(NaN)`.
    Empty,
    Number(f64),
    Text(String),
    Bool(bool),
    /// The codes of a question with several answers, or the answers of all turns of
    /// a loop.
    List(Vec<Value>),
}

impl Value {
    /// What is no number is empty.
    pub fn of_number(number: f64) -> Value {
        if number.is_nan() {
            Value::Empty
        } else {
            // Nobody means a zero below zero.
            Value::Number(if number == 0.0 { 0.0 } else { number })
        }
    }

    pub fn of_text(text: impl Into<String>) -> Value {
        let text = text.into();
        if text.is_empty() {
            Value::Empty
        } else {
            Value::Text(text)
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Value::Empty => true,
            Value::Text(text) => text.is_empty(),
            Value::List(all) => all.iter().all(Value::is_empty),
            Value::Number(_) | Value::Bool(_) => false,
        }
    }

    /// A number but zero, a text that is not empty, `true`, a list with something in it.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Bool(truth) => *truth,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Empty | Value::Text(_) | Value::List(_) => !self.is_empty(),
        }
    }

    /// `None` for what is no number. A date counts as its days since 1970, a time as
    /// its part of the day, a truth as 1 or 0.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number).filter(|number| !number.is_nan()),
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Value::Text(text) => number::read(text).or_else(|| dates::days(text)),
            Value::List(all) if all.len() == 1 => all.first().and_then(Value::number),
            Value::Empty | Value::List(_) => None,
        }
    }

    /// Nothing for what is empty; a list with spaces in between.
    pub fn text(&self) -> String {
        match self {
            Value::Empty => String::new(),
            Value::Number(number) => number::write(*number),
            Value::Text(text) => text.clone(),
            Value::Bool(truth) => truth.to_string(),
            Value::List(all) => {
                let texts: Vec<String> = all
                    .iter()
                    .filter(|one| !one.is_empty())
                    .map(Value::text)
                    .collect();
                texts.join(" ")
            }
        }
    }

    /// As XPath compares: truths if one is a truth, numbers if one is a number, else texts.
    pub fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Bool(_), _) | (_, Value::Bool(_)) => self.is_true() == other.is_true(),
            (Value::Number(_), _) | (_, Value::Number(_)) => {
                match (self.number(), other.number()) {
                    (Some(one), Some(other)) => number::same(one, other),
                    _ => false,
                }
            }
            _ => self.text() == other.text(),
        }
    }

    /// The codes that were chosen: of a list its members, of a text its words.
    pub fn chosen(&self) -> Vec<String> {
        match self {
            Value::List(all) => all.iter().flat_map(Value::chosen).collect(),
            Value::Empty => Vec::new(),
            one => one.text().split_whitespace().map(str::to_owned).collect(),
        }
    }

    /// The members of a list, empty ones too; anything else is a list of one, and
    /// what is empty of none.
    pub fn members(&self) -> Vec<&Value> {
        match self {
            Value::List(all) => all.iter().flat_map(Value::or_members).collect(),
            Value::Empty => Vec::new(),
            one => vec![one],
        }
    }

    fn or_members(&self) -> Vec<&Value> {
        match self {
            Value::List(_) => self.members(),
            one => vec![one],
        }
    }
}
