//! From text to the tree: operators and their ranks, literals, brackets.

use winnow::combinator::{Infix, alt, cut_err, delimited, expression, fail, opt, preceded};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location, Stateful, Stream};
use winnow::token::{any, one_of, take_till, take_while};

use super::operands;
use super::tree::{Node, Op};

/// Why a text is no expression, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// The byte of the text it was noticed at.
    pub at: usize,
    pub message: String,
}

/// The text that is left, and how many brackets are open.
pub(super) type Input<'i> = Stateful<LocatingSlice<&'i str>, usize>;

pub(super) type Parsed<T> = Result<T, ErrMode<Fault>>;

/// Longer texts are data and not conditions.
const LONGEST: usize = 32_768;
/// Brackets in brackets. Long lists of choices are written as `if` in `if`.
const DEEPEST: usize = 150;

impl<'i> ParserError<Input<'i>> for Fault {
    type Inner = Fault;

    fn from_input(input: &Input<'i>) -> Fault {
        Fault {
            at: input.current_token_start(),
            message: String::new(),
        }
    }

    /// The one that came further knows more.
    fn or(self, other: Fault) -> Fault {
        if self.at > other.at { self } else { other }
    }

    fn into_inner(self) -> Result<Fault, Fault> {
        Ok(self)
    }
}

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    if text.len() > LONGEST {
        let message = format!("is longer than {LONGEST} bytes");
        return Err(Fault { at: 0, message });
    }
    let mut input = Stateful {
        input: LocatingSlice::new(text),
        state: 0,
    };
    let node = preceded(space, expr).parse_next(&mut input);
    let at = input.current_token_start();
    match node {
        Ok(node) if input.input.is_empty() => Ok(node),
        Err(ErrMode::Backtrack(fault) | ErrMode::Cut(fault)) if fault.message.is_empty() => {
            Err(unexpected(text, fault.at))
        }
        Err(ErrMode::Backtrack(fault) | ErrMode::Cut(fault)) => Err(fault),
        Ok(_) | Err(ErrMode::Incomplete(_)) => Err(unexpected(text, at)),
    }
}

/// What people write who come from other languages.
const HINTS: &[(&str, &str)] = &[
    ("==", "write = once"),
    ("&&", "write and"),
    ("||", "write or"),
    ("!", "write not(…)"),
    ("AND", "write and in small letters"),
    ("OR", "write or in small letters"),
    ("|", "write or, or coalesce(…)"),
    ("=>", "write >="),
    ("=<", "write <="),
    ("≥", "write >="),
    ("≤", "write <="),
    ("≠", "write !="),
    ("{", "name a question as ${name}"),
];

fn unexpected(text: &str, at: usize) -> Fault {
    let rest = text.get(at..).unwrap_or("").trim_start();
    let hint = HINTS.iter().find(|(sign, _)| rest.starts_with(sign));
    let message = match (rest.chars().next(), hint) {
        (None, _) if text.trim().is_empty() => "is empty".to_owned(),
        (None, _) => "ends where something is still missing".to_owned(),
        (Some(_), Some((sign, hint))) => format!("`{sign}` is not understood; {hint}"),
        (Some(_), None) => format!("`{}` is not expected here", excerpt(rest)),
    };
    Fault { at, message }
}

fn excerpt(rest: &str) -> String {
    let word: String = rest.chars().take_while(|c| !c.is_whitespace()).collect();
    let mut short: String = word.chars().take(20).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}

/// An error that no other reading can mend.
pub(super) fn refuse<T>(at: usize, message: impl Into<String>) -> Parsed<T> {
    let message = message.into();
    Err(ErrMode::Cut(Fault { at, message }))
}

pub(super) fn space(input: &mut Input<'_>) -> Parsed<()> {
    take_while(0.., char::is_whitespace)
        .void()
        .parse_next(input)
}

pub(super) fn expr(input: &mut Input<'_>) -> Parsed<Node> {
    if input.state >= DEEPEST {
        let message = format!("has more than {DEEPEST} brackets in brackets");
        return refuse(input.current_token_start(), message);
    }
    input.state += 1;
    let node = expression(operand).infix(infix).parse_next(input);
    input.state -= 1;
    node
}

type Fold<'i> = fn(&mut Input<'i>, Node, Node) -> Parsed<Node>;

fn infix<'i>(input: &mut Input<'i>) -> Parsed<Infix<Input<'i>, Node, ErrMode<Fault>>> {
    let words = alt((
        sign("or", Op::Or),
        sign("and", Op::And),
        sign("div", Op::Div),
        sign("mod", Op::Mod),
    ));
    let signs = alt((
        sign("<=", Op::AtMost),
        sign(">=", Op::AtLeast),
        sign("!=", Op::Unequal),
        sign("=", Op::Equal),
        sign("<", Op::Less),
        sign(">", Op::More),
        sign("+", Op::Plus),
        sign("-", Op::Minus),
        sign("*", Op::Times),
    ));
    let op = alt((words, signs)).parse_next(input)?;
    let fold: Fold<'i> = match op {
        Op::Or => |_, a, b| Ok(Node::chain(a, Op::Or, b)),
        Op::And => |_, a, b| Ok(Node::chain(a, Op::And, b)),
        Op::AtMost => |_, a, b| Ok(Node::chain(a, Op::AtMost, b)),
        Op::AtLeast => |_, a, b| Ok(Node::chain(a, Op::AtLeast, b)),
        Op::Unequal => |_, a, b| Ok(Node::chain(a, Op::Unequal, b)),
        Op::Equal => |_, a, b| Ok(Node::chain(a, Op::Equal, b)),
        Op::Less => |_, a, b| Ok(Node::chain(a, Op::Less, b)),
        Op::More => |_, a, b| Ok(Node::chain(a, Op::More, b)),
        Op::Plus => |_, a, b| Ok(Node::chain(a, Op::Plus, b)),
        Op::Minus => |_, a, b| Ok(Node::chain(a, Op::Minus, b)),
        Op::Times => |_, a, b| Ok(Node::chain(a, Op::Times, b)),
        Op::Div => |_, a, b| Ok(Node::chain(a, Op::Div, b)),
        Op::Mod => |_, a, b| Ok(Node::chain(a, Op::Mod, b)),
    };
    Ok(Infix::Left(op.rank(), fold))
}

/// An operator and the space after it; one that is a word ends where the word ends.
fn sign<'i>(text: &'static str, op: Op) -> impl FnMut(&mut Input<'i>) -> Parsed<Op> {
    move |input| {
        text.void().parse_next(input)?;
        let is_word = text.as_bytes()[0].is_ascii_alphabetic();
        let next = input.peek_token();
        if is_word && next.is_some_and(is_name) {
            return fail.parse_next(input);
        }
        if text == "=" && input.peek_token().is_some_and(|next| next == '=') {
            let at = input.current_token_start().saturating_sub(1);
            return refuse(at, "`==` is not understood; write = once");
        }
        space.parse_next(input)?;
        Ok(op)
    }
}

fn operand(input: &mut Input<'_>) -> Parsed<Node> {
    let signs: &str = take_while(0.., |c: char| c == '-' || c.is_whitespace()).parse_next(input)?;
    let minus = signs.bytes().filter(|byte| *byte == b'-').count();
    let node =
        alt((brackets, number, text.map(Node::Text), operands::reference)).parse_next(input)?;
    space.parse_next(input)?;
    // What is turned round twice is a number all the same.
    let turns = if minus == 0 { 0 } else { 2 - minus % 2 };
    Ok((0..turns).fold(node, |node, _| Node::Negative(Box::new(node))))
}

fn brackets(input: &mut Input<'_>) -> Parsed<Node> {
    let at = input.current_token_start();
    ('(', space).void().parse_next(input)?;
    let node = cut_err(expr).parse_next(input)?;
    if opt(')').parse_next(input)?.is_none() {
        return unclosed(input, at, "(", ")");
    }
    Ok(node)
}

/// Something else stands where a bracket should have been closed.
pub(super) fn unclosed<T>(input: &Input<'_>, at: usize, open: &str, close: &str) -> Parsed<T> {
    if input.input.is_empty() {
        return refuse(at, format!("`{open}` is never closed with `{close}`"));
    }
    let rest: &str = &input.input;
    let fault = unexpected(rest, 0);
    refuse(input.current_token_start(), fault.message)
}

fn number(input: &mut Input<'_>) -> Parsed<Node> {
    let digits = |least: usize| take_while(least.., |c: char| c.is_ascii_digit());
    let read = alt((
        (digits(1), opt(('.', digits(0)))).take(),
        ('.', digits(1)).take(),
    ))
    .parse_next(input)?;
    let number = super::number::read(read).filter(|number| number.is_finite());
    match number {
        Some(number) => Ok(Node::Number(number)),
        None => fail.parse_next(input),
    }
}

/// In straight quotes, or in the curved ones that word processors make of them.
pub(super) fn text(input: &mut Input<'_>) -> Parsed<String> {
    let at = input.current_token_start();
    let open = one_of(['\'', '"', '‘', '’', '“', '”']).parse_next(input)?;
    let is_end = move |c: char| match open {
        '\'' | '"' => c == open,
        '‘' | '’' => matches!(c, '‘' | '’'),
        _ => matches!(c, '“' | '”'),
    };
    let inside: &str = take_till(0.., is_end).parse_next(input)?;
    if opt(any).parse_next(input)?.is_none() {
        return refuse(at, "this quote is never closed");
    }
    Ok(inside.to_owned())
}

pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// A word as questions, columns and functions are called, perhaps with a prefix.
pub(super) fn word(input: &mut Input<'_>) -> Parsed<String> {
    let plain = || (one_of(is_name_start), take_while(0.., is_name)).take();
    let word = (plain(), opt((':', plain()))).take().parse_next(input)?;
    Ok(word.to_owned())
}

/// `[…]`, any number of them.
pub(super) fn filters(input: &mut Input<'_>) -> Parsed<Vec<Node>> {
    let mut all = Vec::new();
    loop {
        let start = input.checkpoint();
        space.parse_next(input)?;
        let at = input.current_token_start();
        if opt('[').parse_next(input)?.is_none() {
            input.reset(&start);
            return Ok(all);
        }
        let node = preceded(space, cut_err(expr)).parse_next(input)?;
        if opt(']').parse_next(input)?.is_none() {
            return unclosed(input, at, "[", "]");
        }
        all.push(node);
    }
}

/// `(a, b, …)` after the name of a function.
pub(super) fn arguments(input: &mut Input<'_>) -> Parsed<Vec<Node>> {
    let at = input.current_token_start();
    ('(', space).void().parse_next(input)?;
    let mut all = Vec::new();
    if opt(')').parse_next(input)?.is_some() {
        return Ok(all);
    }
    loop {
        all.push(cut_err(expr).parse_next(input)?);
        if opt(delimited(space, ',', space))
            .parse_next(input)?
            .is_some()
        {
            continue;
        }
        if opt(')').parse_next(input)?.is_none() {
            return unclosed(input, at, "(", ")");
        }
        return Ok(all);
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
