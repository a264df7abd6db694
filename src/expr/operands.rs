//! What an expression names: questions by `${…}` or by a path, rows of lists,
//! functions and what they are given.

use winnow::combinator::{alt, fail, opt, preceded};
use winnow::prelude::*;
use winnow::stream::Location;
use winnow::token::{one_of, take_till};

use super::functions::{self, Function};
use super::parse::{Input, Parsed, arguments, filters, is_name_start, refuse, space, word};
use super::pattern::Pattern;
use super::tree::Node;

/// One step of a path. `.` and `..` have no name: which question is meant follows
/// from its own, names of questions being unique.
struct Step {
    name: Option<String>,
    filters: Vec<Node>,
    is_up: bool,
}

pub(super) fn reference(input: &mut Input<'_>) -> Parsed<Node> {
    alt((named, call, path)).parse_next(input)
}

/// `${name}`, perhaps with filters and steps after it.
fn named(input: &mut Input<'_>) -> Parsed<Node> {
    let at = input.current_token_start();
    let name = question(input)?;
    let mut steps = vec![Step {
        name: Some(name),
        filters: filters(input)?,
        is_up: false,
    }];
    while opt('/').parse_next(input)?.is_some() {
        steps.push(step(input)?);
    }
    resolved(at, steps, true)
}

fn question(input: &mut Input<'_>) -> Parsed<String> {
    let at = input.current_token_start();
    "${".void().parse_next(input)?;
    let inside: &str = take_till(0.., '}').parse_next(input)?;
    if opt('}').parse_next(input)?.is_none() {
        return refuse(at, "`${` is never closed with `}`");
    }
    match inside.trim() {
        "" => refuse(at, "`${}` names nothing"),
        name if name.starts_with("last-saved#") => {
            refuse(at, "answers of an earlier interview are not known here")
        }
        name if !name.starts_with(is_name_start) => {
            refuse(at, format!("`{name}` is no name of a question"))
        }
        name => Ok(name.to_owned()),
    }
}

/// `/data/group/name`, `../name`, `./name`, `name`, `.`
fn path(input: &mut Input<'_>) -> Parsed<Node> {
    let at = input.current_token_start();
    let leading = opt(alt(("//", "/"))).parse_next(input)?;
    let first = step(input)?;
    let is_bare = leading.is_none() && first.name.is_some();
    let mut steps = vec![first];
    while opt(alt(("//", "/"))).parse_next(input)?.is_some() {
        steps.push(step(input)?);
    }
    let is_word = is_bare && steps.len() == 1 && steps[0].filters.is_empty();
    resolved(at, steps, !is_word)
}

fn step(input: &mut Input<'_>) -> Parsed<Step> {
    let at = input.current_token_start();
    if opt(one_of(['@', '*'])).parse_next(input)?.is_some() {
        return refuse(at, "only paths that name a question are understood");
    }
    let dots = opt(alt(("..", "."))).parse_next(input)?;
    let name = match dots {
        Some(_) => None,
        None => Some(alt((question, word)).parse_next(input)?),
    };
    if opt("::").parse_next(input)?.is_some() {
        return refuse(at, "only paths that name a question are understood");
    }
    Ok(Step {
        name,
        filters: filters(input)?,
        is_up: dots == Some(".."),
    })
}

/// The question a path leads to.
fn resolved(at: usize, steps: Vec<Step>, is_path: bool) -> Parsed<Node> {
    let ends_up = steps.last().is_some_and(|step| step.is_up);
    let mut named: Vec<Step> = steps
        .into_iter()
        .filter(|step| step.name.is_some())
        .collect();
    let filtered = named.iter().filter(|step| !step.filters.is_empty()).count();
    if filtered > 1 {
        return refuse(at, "a path can be filtered at one step only");
    }
    let Some(last) = named.pop() else {
        if ends_up {
            return refuse(at, "`..` alone names no question");
        }
        return Ok(Node::Itself);
    };
    if ends_up {
        return refuse(at, "a path that ends in `..` names no question");
    }
    let name = last.name.unwrap_or_default();
    let loops = named.into_iter().find(|step| !step.filters.is_empty());
    Ok(match loops {
        Some(Step {
            name: Some(of),
            filters,
            ..
        }) => Node::Turns { of, filters, name },
        _ if !last.filters.is_empty() => Node::Those {
            name,
            filters: last.filters,
        },
        _ if is_path => Node::Name(name),
        _ => Node::Column(name),
    })
}

/// A function and what it is given.
fn call(input: &mut Input<'_>) -> Parsed<Node> {
    let at = input.current_token_start();
    let name = word(input)?;
    space(input)?;
    if !input.input.starts_with('(') {
        return fail.parse_next(input);
    }
    match name.as_str() {
        "position" => return position(input),
        "current" => return current(input),
        "instance" => return instance(input, at),
        _ => {}
    }
    let mut given = arguments(input)?;
    let count = given.len();
    match (name.as_str(), given.as_mut_slice()) {
        ("random", []) => Ok(Node::Random(at)),
        ("uuid", []) => Ok(Node::Uuid(at)),
        ("jr:choice-name", [code, Node::Text(question)]) => Ok(Node::Label {
            code: Box::new(code.clone()),
            name: last_name(question),
        }),
        ("regex", [text, Node::Text(pattern)]) => match Pattern::read(pattern) {
            Ok(pattern) => Ok(Node::Matches(Box::new(text.clone()), pattern)),
            Err(why) => refuse(at, format!("this pattern is not understood: {why}")),
        },
        ("pulldata", [list @ Node::Text(_), wanted, column, key]) => {
            let parts = [list, wanted, column, key].map(|node| node.clone());
            Ok(Node::LookUp(Box::new(parts)))
        }
        ("indexed-repeat", [Node::Name(name), Node::Name(_), turn]) => Ok(Node::InTurn {
            name: name.clone(),
            turn: Box::new(turn.clone()),
        }),
        _ => match functions::named(&name) {
            Some(function) => fits(at, function, count).map(|()| Node::Call(function, given)),
            None => refuse(at, why_not(&name)),
        },
    }
}

fn fits(at: usize, function: &Function, count: usize) -> Parsed<()> {
    let name = function.name;
    if count < function.least {
        let least = function.least;
        return refuse(
            at,
            format!("{name}() needs at least {least} values, and is given {count}"),
        );
    }
    if count > function.most {
        let most = function.most;
        return refuse(
            at,
            format!("{name}() takes at most {most} values, and is given {count}"),
        );
    }
    Ok(())
}

/// The functions whose shape is fixed, and those that people will ask for.
fn why_not(name: &str) -> String {
    match name {
        "random" | "uuid" => format!("{name}() is given nothing"),
        "jr:choice-name" => {
            "jr:choice-name() needs a code and a question in quotes: jr:choice-name(${q}, '${q}')"
                .into()
        }
        "regex" => "regex() needs a text and a pattern that is written out in quotes".into(),
        "pulldata" => "pulldata() needs a list in quotes, two columns and a key".into(),
        "indexed-repeat" => {
            "indexed-repeat() needs a question, its loop and a turn; loops in loops are not known"
                .into()
        }
        _ => match functions::nearest(name) {
            Some(near) => format!("there is no function {name}(); did you mean {near}()?"),
            None => format!("there is no function {name}()"),
        },
    }
}

/// `position(..)` is the turn, `position()` the place in a filter.
fn position(input: &mut Input<'_>) -> Parsed<Node> {
    let at = input.current_token_start();
    ('(', space).void().parse_next(input)?;
    if opt(')').parse_next(input)?.is_some() {
        return Ok(Node::Place);
    }
    let dots = opt(("..", opt("/.."), opt("/.."))).parse_next(input)?;
    let closed = opt(preceded(space, ')')).parse_next(input)?;
    if dots.is_some() && closed.is_some() {
        return Ok(Node::Turn);
    }
    refuse(at, "position() is given `..` and nothing else")
}

/// `current()/../name`: from the question itself, also inside a filter.
fn current(input: &mut Input<'_>) -> Parsed<Node> {
    let at = input.current_token_start();
    ('(', space, ')').void().parse_next(input)?;
    let mut steps = Vec::new();
    while opt('/').parse_next(input)?.is_some() {
        steps.push(step(input)?);
    }
    resolved(at, steps, true)
}

/// `instance('list')/root/item[filter]/column`
fn instance(input: &mut Input<'_>, at: usize) -> Parsed<Node> {
    let given = arguments(input)?;
    let [Node::Text(list)] = given.as_slice() else {
        return refuse(at, "instance() needs the name of a list in quotes");
    };
    if list.starts_with("__last-saved") {
        return refuse(at, "answers of an earlier interview are not known here");
    }
    let mut filters = Vec::new();
    let mut names = Vec::new();
    while opt('/').parse_next(input)?.is_some() {
        let step = step(input)?;
        names.extend(step.name);
        filters.extend(step.filters);
    }
    let column = names.into_iter().nth(2).unwrap_or_else(|| "name".into());
    Ok(Node::Rows {
        list: list.clone(),
        filters,
        column,
    })
}

/// `${q}`, `/data/q` and `q` in quotes all mean that question.
fn last_name(text: &str) -> String {
    let text = text.trim().trim_start_matches("${").trim_end_matches('}');
    let last = text.rsplit('/').next().unwrap_or(text);
    last.trim().trim_start_matches("${").to_owned()
}
