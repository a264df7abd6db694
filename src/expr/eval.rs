//! Works a tree out. So many steps and no more: what takes longer is empty.

use std::cell::Cell;

use super::number;
use super::scope::Scope;
use super::seeded;
use super::tree::{Node, Op};
use super::value::Value;

/// A node for a row of a list is a step. The page counts the same way.
const MOST: u32 = 1_000_000;

/// What a filter looks at.
#[derive(Clone, Copy)]
enum Around<'a> {
    /// Nothing but the question itself.
    Nothing,
    /// A row of a list.
    Row(&'a str, usize),
    /// A turn of a loop.
    Turn(u32),
    /// One answer of many.
    Answer(&'a Value),
}

/// What a filter looks at, and its place among its like, from 1.
#[derive(Clone, Copy)]
struct Here<'a> {
    around: Around<'a>,
    place: Option<usize>,
}

struct Run<'a> {
    scope: &'a dyn Scope,
    left: Cell<u32>,
}

pub(super) fn eval(root: &Node, scope: &dyn Scope) -> Value {
    let run = Run {
        scope,
        left: Cell::new(MOST),
    };
    let here = Here {
        around: Around::Nothing,
        place: None,
    };
    let value = run.one(root, here);
    if run.left.get() == 0 {
        Value::Empty
    } else {
        value
    }
}

impl Run<'_> {
    /// As [`Run::all`]; of rows and turns that were picked the first, as XPath has it.
    fn one(&self, node: &Node, here: Here<'_>) -> Value {
        match (node, self.all(node, here)) {
            (Node::Rows { .. } | Node::Turns { .. } | Node::Those { .. }, Value::List(all)) => {
                all.into_iter().next().unwrap_or(Value::Empty)
            }
            (_, value) => value,
        }
    }

    fn all(&self, node: &Node, here: Here<'_>) -> Value {
        match self.left.get() {
            0 => return Value::Empty,
            left => self.left.set(left - 1),
        }
        match node {
            Node::Number(number) => Value::of_number(*number),
            Node::Text(text) => Value::of_text(text.as_str()),
            Node::Name(name) => self.scope.value(name),
            Node::Itself => match here.around {
                Around::Answer(value) => value.clone(),
                _ => self.scope.itself(),
            },
            Node::Column(name) => self.column(name, here),
            Node::Turn => number_of(self.scope.turn().map(f64::from)),
            Node::Place => number_of(here.place.map(count)),
            Node::Negative(node) => number_of(self.one(node, here).number().map(|number| -number)),
            Node::Chain(first, rest) => {
                rest.iter().fold(self.one(first, here), |left, (op, node)| {
                    joined(&left, *op, &self.one(node, here))
                })
            }
            Node::Call(function, given) => {
                let values: Vec<Value> = given
                    .iter()
                    .map(|node| {
                        if function.takes_many() {
                            self.all(node, here)
                        } else {
                            self.one(node, here)
                        }
                    })
                    .collect();
                (function.call)(&values, self.scope)
            }
            Node::Label { code, name } => {
                let code = self.one(code, here).text();
                let label = self.scope.label(name, &code);
                label.map_or(Value::Empty, Value::of_text)
            }
            Node::Matches(node, pattern) => Value::Bool(pattern.fits(&self.one(node, here).text())),
            Node::Random(at) => Value::of_number(seeded::chance(&self.key(*at))),
            Node::Uuid(at) => Value::of_text(seeded::uuid(&self.key(*at))),
            picked => self.picked(picked, here),
        }
    }

    /// What stands in rows, turns and answers that a filter picks.
    fn picked(&self, node: &Node, here: Here<'_>) -> Value {
        match node {
            Node::LookUp(parts) => {
                let [list, wanted, column, key] =
                    [0, 1, 2, 3].map(|part| self.one(&parts[part], here).text());
                self.scope.look_up(&list, &wanted, &column, &key)
            }
            Node::InTurn { name, turn } => {
                let turn = self.one(turn, here).number().and_then(turn_of);
                turn.map_or(Value::Empty, |turn| self.scope.in_turn(name, turn))
            }
            Node::Rows {
                list,
                filters,
                column,
            } => {
                let rows = (0..self.scope.rows(list)).map(|row| Around::Row(list, row));
                let kept = self.kept(rows.collect(), filters);
                Value::List(kept.iter().map(|row| self.told(*row, column)).collect())
            }
            Node::Turns { of, filters, name } => {
                let turns = (1..=self.scope.turns(of)).map(Around::Turn);
                let kept = self.kept(turns.collect(), filters);
                Value::List(kept.iter().map(|turn| self.told(*turn, name)).collect())
            }
            Node::Those { name, filters } => {
                let answers = self.scope.value(name);
                let all = answers.members().into_iter().map(Around::Answer);
                let kept = self.kept(all.collect(), filters).into_iter();
                Value::List(kept.filter_map(answer).cloned().collect())
            }
            _ => Value::Empty,
        }
    }

    /// What passes all filters. A filter that is a number is a place.
    fn kept<'b>(&self, all: Vec<Around<'b>>, filters: &[Node]) -> Vec<Around<'b>> {
        let mut kept = all;
        for filter in filters {
            let mut next = Vec::new();
            for (before, around) in kept.into_iter().enumerate() {
                let here = Here {
                    around,
                    place: Some(before + 1),
                };
                let passes = match self.one(filter, here) {
                    Value::Number(place) => number::same(place, count(before + 1)),
                    other => other.is_true(),
                };
                if passes {
                    next.push(around);
                }
            }
            kept = next;
        }
        kept
    }

    fn column(&self, name: &str, here: Here<'_>) -> Value {
        match here.around {
            Around::Nothing => self.scope.column(name),
            around => self.told(around, name),
        }
    }

    fn told(&self, around: Around<'_>, name: &str) -> Value {
        match around {
            Around::Nothing => Value::Empty,
            Around::Row(list, row) => self.scope.cell(list, row, name),
            Around::Turn(turn) => self.scope.in_turn(name, turn),
            // The answers of a loop's own name are the numbers of its turns.
            Around::Answer(value) => match value.number().and_then(turn_of) {
                Some(turn) => self.scope.in_turn(name, turn),
                None => Value::Empty,
            },
        }
    }

    fn key(&self, at: usize) -> String {
        let turn = self.scope.turn().unwrap_or_default();
        format!("{}:{turn}:{at}", self.scope.seed())
    }
}

fn answer(around: Around<'_>) -> Option<&Value> {
    match around {
        Around::Answer(value) => Some(value),
        _ => None,
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn turn_of(number: f64) -> Option<u32> {
    number::write(number).parse().ok()
}

fn number_of(number: Option<f64>) -> Value {
    number.map_or(Value::Empty, Value::of_number)
}

fn joined(left: &Value, op: Op, right: &Value) -> Value {
    match op {
        Op::Or => Value::Bool(left.is_true() || right.is_true()),
        Op::And => Value::Bool(left.is_true() && right.is_true()),
        Op::Equal => Value::Bool(left.equals(right)),
        Op::Unequal => Value::Bool(!left.equals(right)),
        Op::Less => compared(left, right, |a, b| a < b),
        Op::AtMost => compared(left, right, |a, b| a <= b),
        Op::More => compared(left, right, |a, b| a > b),
        Op::AtLeast => compared(left, right, |a, b| a >= b),
        Op::Plus => reckoned(left, right, |a, b| a + b),
        Op::Minus => reckoned(left, right, |a, b| a - b),
        Op::Times => reckoned(left, right, |a, b| a * b),
        Op::Div => reckoned(left, right, |a, b| a / b),
        Op::Mod => reckoned(left, right, |a, b| a % b),
    }
}

/// Nothing is less or more than what is empty.
fn compared(left: &Value, right: &Value, holds: fn(f64, f64) -> bool) -> Value {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => Value::Bool(holds(left, right)),
        _ => Value::Bool(false),
    }
}

fn reckoned(left: &Value, right: &Value, with: fn(f64, f64) -> f64) -> Value {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => Value::of_number(with(left, right)),
        _ => Value::Empty,
    }
}

#[cfg(test)]
#[path = "eval_tests.rs"]
mod tests;
