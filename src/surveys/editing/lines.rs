//! The lines of a form: which keys of a table can be changed there, and how.

use super::allowed::code;
use crate::base::text::title;
use crate::surveys::blocks::{Decision, Has, Kind, Role};
use crate::surveys::format::{Key, Shape};

/// How a key is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A text in each language.
    Words,
    /// The same over several lines.
    Prose,
    /// An expression.
    Condition,
    Plain,
    /// It is there, or it is not.
    Flag,
    /// Yes, no, or as it is when nothing is said.
    Switch,
    /// One of some words, each with what people read.
    Choice(Vec<(String, String)>),
    Number,
    /// A whole number of at least 0.
    Count,
    Range,
    /// No, yes, or an expression.
    Need,
    /// Texts, one a line.
    Several,
    /// Texts by name, one a line: `name = text`.
    Pairs,
}

/// Where on its page a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    First,
    /// What only this kind of question knows.
    Own,
    Rest,
}

/// Why what was typed cannot stand there.
type Check = fn(&str) -> Result<(), String>;

#[derive(Clone, Debug)]
pub struct Line {
    pub key: &'static str,
    pub label: String,
    pub help: &'static str,
    pub form: Form,
    pub group: Group,
    pub is_needed: bool,
    pub(super) check: Option<Check>,
}

/// The names that a form offers.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub lists: Vec<String>,
    pub sections: Vec<String>,
    pub pictures: Vec<String>,
}

pub(super) fn line(key: &'static str, label: &str, form: Form, help: &'static str) -> Line {
    Line {
        key,
        label: label.to_owned(),
        help,
        form,
        group: Group::First,
        is_needed: false,
        check: None,
    }
}

impl Line {
    pub(super) fn needed(self) -> Line {
        Line {
            is_needed: true,
            ..self
        }
    }

    pub(super) fn checked(self, check: Check) -> Line {
        Line {
            check: Some(check),
            ..self
        }
    }

    pub(super) fn rest(self) -> Line {
        Line {
            group: Group::Rest,
            ..self
        }
    }
}

pub(super) fn choice(pairs: &[(&str, &str)]) -> Form {
    let pairs = pairs.iter();
    Form::Choice(
        pairs
            .map(|(value, label)| ((*value).to_owned(), (*label).to_owned()))
            .collect(),
    )
}

fn among(names: &[String], none: &str) -> Form {
    let names = names.iter().map(|name| (name.clone(), name.clone()));
    Form::Choice(
        [(String::new(), none.to_owned())]
            .into_iter()
            .chain(names)
            .collect(),
    )
}

fn order() -> Form {
    choice(&[
        ("", "As written"),
        ("random", "By chance"),
        ("flipped", "As written or the other way round"),
        ("rotated", "Beginning anywhere, going on from there"),
    ])
}

const WHEN: &str = "Empty: always. Like ${age} >= 18, or selected(${brands}, 9); it may name what was asked before.";

/// What every question has, and what this kind knows besides.
pub fn of_question(kind: Option<&dyn Kind>, names: &Names) -> Vec<Line> {
    let role = kind.map_or(Role::Asks, Kind::role);
    let mut lines = first(role);
    for key in kind.into_iter().flat_map(Kind::keys) {
        lines.push(own(key, names));
        lines.extend((key.shape == Shape::Picture).then(alt));
    }
    lines.extend(kind.into_iter().flat_map(chosen));
    if role == Role::Asks {
        lines.extend(asked());
    }
    let none = among(&names.sections, "None");
    let help = "Shown only when its condition holds.";
    lines.push(line("section", "Section", none, help).rest());
    lines
}

/// What stands on top: what is said, and when.
fn first(role: Role) -> Vec<Line> {
    let text = |help| line("text", "Text", Form::Prose, help);
    let when = line("when", "Asked only when", Form::Condition, WHEN);
    if let Role::Decided(decision) = role {
        let name = text("Nobody reads it; it names the value in exports.");
        let mut lines: Vec<Line> = [name, when].into_iter().chain(value(decision)).collect();
        lines.extend((decision == Decision::Called).then(personal));
        return lines;
    }
    let text = text("What people read. **bold**, *italic*; ${age} puts in an answer given before.");
    let help = "Stands below the text, smaller.";
    let mut lines = vec![text.needed(), line("help", "Help", Form::Prose, help)];
    if role == Role::Asks {
        lines.push(line("required", "Has to be answered", Form::Need, ""));
    }
    lines.push(when);
    lines
}

/// Where the value of an unseen question comes from.
fn value(decision: Decision) -> Option<Line> {
    let (key, help) = match decision {
        Decision::Computed => (
            "calculate",
            "Worked out of other answers, like ${a} + ${b}.",
        ),
        Decision::Given => (
            "default",
            "An expression; a text stands in quotes, like 'a'.",
        ),
        Decision::Drawn | Decision::LeastFilled | Decision::Called => return None,
    };
    Some(line(key, "Value", Form::Condition, help).needed())
}

/// Which answers are there, and in which order.
fn chosen(kind: &dyn Kind) -> Vec<Line> {
    let has_rows = kind.rows() != Has::None;
    if !has_rows && kind.items() == Has::None {
        return Vec::new();
    }
    let what = if has_rows {
        "Order of rows"
    } else {
        "Order of answers"
    };
    let there = "Empty: all. A bare word is a column of the answer, like region = ${region}.";
    vec![
        line("order", what, order(), "").rest(),
        line("filter", "Answers that are there", Form::Condition, there).rest(),
    ]
}

fn asked() -> Vec<Line> {
    vec![
        line(
            "required_text",
            "Said when the answer is missing",
            Form::Words,
            "Empty: the usual words.",
        )
        .rest(),
        line(
            "check",
            "An answer must meet",
            Form::Condition,
            "The answer itself is a dot, like . > 0 and . <= ${total}.",
        )
        .rest(),
        line("check_text", "Said when it does not", Form::Words, "").rest(),
        line(
            "default",
            "Stands there before",
            Form::Condition,
            "An expression; a text stands in quotes, like 'none'.",
        )
        .rest(),
        line("read_only", "Shown and not changed", Form::Flag, "").rest(),
        personal(),
    ]
}

fn personal() -> Line {
    line(
        "personal",
        "Personal: left out of exports unless asked for",
        Form::Flag,
        "",
    )
    .rest()
}

/// A key that a kind declares.
fn own(key: &Key, names: &Names) -> Line {
    let form = match key.shape {
        Shape::Text => Form::Plain,
        Shape::Texts => Form::Several,
        Shape::Words => Form::Words,
        Shape::Number => Form::Number,
        Shape::Count => Form::Count,
        Shape::Range => Form::Range,
        Shape::Boolean => Form::Switch,
        Shape::Pairs => Form::Pairs,
        Shape::Picture => among(&names.pictures, "None"),
        Shape::OneOf(known) => {
            let known = known.iter().map(|word| ((*word).to_owned(), title(word)));
            let usual = (String::new(), "As usual".to_owned());
            Form::Choice([usual].into_iter().chain(known).collect())
        }
    };
    Line {
        group: Group::Own,
        is_needed: key.required,
        ..line(key.name, &title(key.name), form, key.doc)
    }
}

/// What a picture of the question shows stands beside its name.
fn alt() -> Line {
    Line {
        group: Group::Own,
        ..line(
            "alt",
            "What the picture shows",
            Form::Words,
            "A few words for people who hear the page.",
        )
    }
}

pub fn of_page(names: &Names) -> Vec<Line> {
    vec![
        line(
            "title",
            "Title",
            Form::Words,
            "Stands on top; may be empty.",
        ),
        line("when", "Shown only when", Form::Condition, WHEN),
        line("order", "Order of its questions", order(), ""),
        line(
            "section",
            "Section",
            among(&names.sections, "None"),
            "Shown only when its condition holds.",
        )
        .rest(),
    ]
}

/// How often a page comes round.
pub fn of_loop(lists: &[String]) -> Vec<Line> {
    vec![
        line(
            "list",
            "For each answer of the list",
            among(lists, "No list"),
            "",
        ),
        line(
            "chosen",
            "For each answer chosen in the question",
            Form::Plain,
            "The id of a question before this page, such as brands.",
        ),
        line(
            "times",
            "As often as",
            Form::Condition,
            "A number or an expression, like ${children}.",
        ),
        line(
            "most",
            "At most so many turns",
            Form::Count,
            "50 when empty.",
        ),
        line("order", "Order of the turns", order(), ""),
    ]
}

/// An answer to choose, or a row of a grid.
pub(super) fn of_item() -> Vec<Line> {
    vec![
        line("code", "Code", Form::Plain, "").needed().checked(code),
        line("text", "Text", Form::Words, "").needed(),
        line("other", "With a field for words", Form::Flag, ""),
        line("exclusive", "Alone", Form::Flag, ""),
        line("anchor", "Keeps its place", Form::Flag, ""),
        line("unknown", "No answer", Form::Flag, ""),
    ]
}
