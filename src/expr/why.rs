//! Why a condition holds or does not: the parts of it that decide, as they were written,
//! and what the names in them say.

use super::functions;
use super::scope::Scope;
use super::tree::{Node, Op};
use super::{Expr, Value};

/// What decides a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    pub holds: bool,
    /// The parts between `and`, `or` and `not()` that make it so; the others could say
    /// anything.
    pub parts: Vec<Part>,
}

/// A part of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// As it was written.
    pub text: String,
    pub holds: bool,
    /// What it names, and what that says now. `.` is the answer it stands at.
    pub names: Vec<(String, Value)>,
}

/// A condition taken apart.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    All(Vec<Shape>),
    Any(Vec<Shape>),
    Not(Box<Shape>),
    One(Expr),
}

pub(super) fn why(whole: &Expr, scope: &dyn Scope) -> Why {
    let holds = whole.eval(scope).is_true();
    let mut shape = Shape::of(whole);
    if shape.holds(scope) != holds {
        // What takes too long together is short by itself: only the whole can be said.
        shape = Shape::One(whole.clone());
    }
    let mut parts = Vec::new();
    shape.blame(scope, &mut parts);
    Why { holds, parts }
}

pub(super) fn parts(whole: &Expr) -> Vec<Expr> {
    let mut parts = Vec::new();
    Shape::of(whole).is_true(&mut |part| {
        parts.push(part.clone());
        true
    });
    parts
}

impl Shape {
    /// Its text is cut where brackets are closed, and it counts only if what the pieces
    /// are read into is the same tree.
    pub(super) fn of(whole: &Expr) -> Shape {
        let found = Shape::read(&whole.text);
        let is_same = |shape: &Shape| shape.node().is_some_and(|node| node == whole.root);
        found
            .filter(is_same)
            .unwrap_or_else(|| Shape::One(whole.clone()))
    }

    fn read(text: &str) -> Option<Shape> {
        let text = text.trim();
        for (word, joined) in [("or", Shape::Any as fn(_) -> _), ("and", Shape::All)] {
            let pieces = pieces(text, word);
            if pieces.len() > 1 {
                let all: Option<Vec<Shape>> = pieces.into_iter().map(Shape::read).collect();
                return all.map(joined);
            }
        }
        if let Some(inside) = enclosed(text) {
            return Shape::read(inside);
        }
        let not = text.strip_prefix("not").map(str::trim_start);
        if let Some(inside) = not.and_then(enclosed) {
            return Some(Shape::Not(Box::new(Shape::read(inside)?)));
        }
        Expr::parse(text).ok().map(Shape::One)
    }

    fn node(&self) -> Option<Node> {
        let chain = |all: &[Shape], op| {
            let mut nodes = all.iter().map(Shape::node);
            let first = nodes.next()??;
            nodes.try_fold(first, |left, next| Some(Node::chain(left, op, next?)))
        };
        match self {
            Shape::All(all) => chain(all, Op::And),
            Shape::Any(all) => chain(all, Op::Or),
            Shape::Not(one) => Some(Node::Call(functions::named("not")?, vec![one.node()?])),
            Shape::One(one) => Some(one.root.clone()),
        }
    }

    fn holds(&self, scope: &dyn Scope) -> bool {
        self.is_true(&mut |one| one.eval(scope).is_true())
    }

    /// What follows when its parts say so.
    pub(super) fn is_true(&self, part: &mut dyn FnMut(&Expr) -> bool) -> bool {
        match self {
            Shape::All(all) => !each(all, part).contains(&false),
            Shape::Any(all) => each(all, part).contains(&true),
            Shape::Not(one) => !one.is_true(part),
            Shape::One(one) => part(one),
        }
    }

    fn blame(&self, scope: &dyn Scope, parts: &mut Vec<Part>) {
        let holds = self.holds(scope);
        match self {
            Shape::All(all) | Shape::Any(all) => {
                for one in all.iter().filter(|one| one.holds(scope) == holds) {
                    one.blame(scope, parts);
                }
            }
            Shape::Not(one) => one.blame(scope, parts),
            Shape::One(one) => parts.push(Part {
                text: one.text.trim().to_owned(),
                holds,
                names: names(one, scope),
            }),
        }
    }
}

/// Each is asked, also where the first decides.
fn each(all: &[Shape], part: &mut dyn FnMut(&Expr) -> bool) -> Vec<bool> {
    all.iter().map(|one| one.is_true(part)).collect()
}

fn names(one: &Expr, scope: &dyn Scope) -> Vec<(String, Value)> {
    let itself = one.asks_itself().then(|| (".".to_owned(), scope.itself()));
    let named = one.names().into_iter();
    let named = named.map(|name| (name.to_owned(), scope.value(name)));
    let columns = one.columns().into_iter();
    let columns = columns.map(|name| (name.to_owned(), scope.column(name)));
    itself.into_iter().chain(named).chain(columns).collect()
}

/// What stands between brackets that hold all of it.
fn enclosed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_usize;
    for (_, sign) in Bare::of(inside) {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    (depth == 0).then_some(inside)
}

/// The text between those words, as far as they stand outside of brackets.
fn pieces<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let (mut pieces, mut from, mut depth) = (Vec::new(), 0, 0_usize);
    let mut before = ' ';
    for (at, sign) in Bare::of(text) {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_word = depth == 0 && !is_name(before) && text[at..].starts_with(word);
        let next = text[at..]
            .get(word.len()..)
            .and_then(|rest| rest.chars().next());
        if is_word && at >= from && !next.is_some_and(is_name) {
            pieces.push(&text[from..at]);
            from = at + word.len();
        }
        before = sign;
    }
    pieces.push(&text[from..]);
    pieces
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')
}

/// The signs of a text that stand outside of quotes and of `${…}`.
struct Bare<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Bare<'a> {
    fn of(text: &'a str) -> Bare<'a> {
        Bare { text, at: 0 }
    }
}

impl Iterator for Bare<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        let at = self.at;
        let sign = self.text[at..].chars().next()?;
        let inside = at + sign.len_utf8();
        let end: Option<fn(char) -> bool> = match sign {
            '\'' => Some(|c| c == '\''),
            '"' => Some(|c| c == '"'),
            '‘' | '’' => Some(|c| matches!(c, '‘' | '’')),
            '“' | '”' => Some(|c| matches!(c, '“' | '”')),
            '$' => Some(|c| c == '}'),
            _ => None,
        };
        let closed = end.and_then(|end| self.text[inside..].find(end));
        self.at = match (end, closed) {
            (None, _) => inside,
            (Some(_), None) => self.text.len(),
            (Some(_), Some(closed)) => {
                let closing = self.text[inside + closed..].chars().next();
                inside + closed + closing.map_or(0, char::len_utf8)
            }
        };
        Some((at, sign))
    }
}

#[cfg(test)]
#[path = "why_tests.rs"]
mod tests;
