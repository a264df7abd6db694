//! A form and the lists of lines below it: what the file says of them, and how a browser
//! spells them. `parts.2.qty` is the field `qty` of the third line of the list `parts`.

use super::choices::{CHOICES, Choice};
use super::rules::{COMPUTE, Rules, WHEN};
use crate::apps::format::{Key, KeyKind, Settings, Widget};
use crate::base::text::title;
use crate::web::Fields;

/// Lines a list may have, and those it may have where its author says nothing.
pub const MOST: usize = 200;
const USUAL: usize = 50;

/// What a line is known by beside its fields; no field of a line begins like that.
const LINE: &str = "_line";
const SEEN: &str = "_seen";
const GONE: &str = "_gone";

pub(super) static LINES: &[Key] = &[
    Key::new(
        "id",
        KeyKind::Text,
        "What the list is called in the names of its fields.",
    )
    .required(),
    Key::new(
        "within",
        KeyKind::Text,
        "The list whose lines have this one below each; the form itself when absent.",
    ),
    Key::new("title", KeyKind::Text, "What stands above the lines."),
    Key::new("line", KeyKind::Text, "What one line is called, like Part."),
    Key::new(
        "submit",
        KeyKind::WriteQuery,
        "Adds a line; its form parameters are the line's fields, `parent.id` the row above.",
    )
    .required(),
    Key::new(
        "load",
        KeyKind::ReadQuery,
        "Gives the lines there are, with their key.",
    ),
    Key::new(
        "key",
        KeyKind::Text,
        "The column of `load` that is a line's key; id when absent.",
    ),
    Key::new(
        "change",
        KeyKind::WriteQuery,
        "Changes a line; `row.id` is its key.",
    ),
    Key::new(
        "remove",
        KeyKind::WriteQuery,
        "Takes a line away; `row.id` is its key.",
    ),
    Key::new(
        "min",
        KeyKind::Integer,
        "The fewest lines; as many stand there from the start.",
    ),
    Key::new(
        "max",
        KeyKind::Integer,
        "The most lines, 1 to 200; 50 when absent.",
    ),
    Key::new(
        "labels",
        KeyKind::TextTable,
        "What people call the fields of a line.",
    ),
    Key::new("help", KeyKind::TextTable, "What stands below them."),
    Key::new(
        "choices",
        KeyKind::Tables(CHOICES),
        "Fields of a line whose choices are rows of a query.",
    ),
    WHEN,
    COMPUTE,
];

/// A list of lines.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    pub id: &'a str,
    pub within: Option<&'a str>,
    pub title: String,
    /// What one of them is called.
    pub one: String,
    pub submit: &'a str,
    pub load: Option<&'a str>,
    pub key: &'a str,
    pub change: Option<&'a str>,
    pub remove: Option<&'a str>,
    pub min: usize,
    pub max: usize,
    pub labels: Vec<(&'a str, &'a str)>,
    pub help: Vec<(&'a str, &'a str)>,
    pub choices: Vec<Choice<'a>>,
    pub rules: Rules<'a>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(entry: &mut Settings<'a>) -> Option<Lines<'a>> {
        let id = entry.string("id")?;
        let count = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
        Some(Lines {
            id,
            within: entry.string("within"),
            title: entry
                .string("title")
                .map_or_else(|| title(id), str::to_owned),
            one: entry
                .string("line")
                .map_or_else(|| "Line".to_owned(), str::to_owned),
            submit: entry.write_query("submit")?,
            load: entry.read_query("load"),
            key: entry.string("key").unwrap_or("id"),
            change: entry.write_query("change"),
            remove: entry.write_query("remove"),
            min: count(entry.integer("min")).unwrap_or_default(),
            max: count(entry.integer("max")).unwrap_or(USUAL).min(MOST),
            labels: entry.texts("labels"),
            help: entry.texts("help"),
            choices: choices(entry),
            rules: Rules::of(entry),
        })
    }

    /// The queries that write its lines.
    pub fn writes(&self) -> impl Iterator<Item = &'a str> {
        [Some(self.submit), self.change, self.remove]
            .into_iter()
            .flatten()
    }
}

/// A form with lists of lines below it.
#[derive(Clone, Debug, Default)]
pub struct Family<'a> {
    /// A list stands behind the one it is within.
    pub lists: Vec<Lines<'a>>,
    pub choices: Vec<Choice<'a>>,
    pub rules: Rules<'a>,
    /// The query that changes the form's row.
    pub change: Option<&'a str>,
    /// The column of the form's `load` that is its row's key.
    pub key: &'a str,
}

impl<'a> Family<'a> {
    pub fn of(widget: &'a Widget) -> Family<'a> {
        let mut settings = Settings::of(widget);
        let lists = settings.tables("lines", Lines::of);
        Family {
            lists: lists.into_iter().flatten().collect(),
            choices: choices(&mut settings),
            rules: Rules::of(&mut settings),
            change: settings.write_query("change"),
            key: settings.string("key").unwrap_or("id"),
        }
    }

    /// Is anything in it asked in some cases only, or worked out?
    pub(super) fn is_ruled(&self) -> bool {
        !self.rules.is_empty() || self.lists.iter().any(|list| !list.rules.is_empty())
    }

    /// The lists directly below the form, or below the lines of one.
    pub fn within<'b>(&'b self, id: Option<&str>) -> impl Iterator<Item = &'b Lines<'a>> {
        self.lists.iter().filter(move |list| list.within == id)
    }

    /// The list that a path like `parts` or `parts.2.marks` leads to.
    fn at(&self, path: &str) -> Option<&Lines<'a>> {
        let mut within = None;
        let mut found = None;
        for (at, step) in path.split('.').enumerate() {
            if at % 2 == 1 {
                number(step)?;
                continue;
            }
            let list = self.within(within).find(|list| list.id == step)?;
            within = Some(list.id);
            found = Some(list);
        }
        found.filter(|_| path.split('.').count() % 2 == 1)
    }

    /// The list and the line that a path like `parts.2` leads to, if it was sent.
    fn line(&self, path: &str, typed: &Fields) -> Option<(&Lines<'a>, Line)> {
        let (prefix, _) = path.rsplit_once('.')?;
        let list = self.at(prefix)?;
        let line = lines(typed, prefix)
            .into_iter()
            .find(|line| line.path == path)?;
        Some((list, line))
    }

    /// What was typed, with a line more or less, as a button of the form says: `add:parts`,
    /// `remove:parts.2`, `back:parts.2`; or as it is, for a search: `find:parts.2.article`.
    /// `None` where it says none of these.
    pub fn turned(&self, typed: &Fields, act: &str) -> Option<Fields> {
        let (verb, path) = act.split_once(':')?;
        let typed = typed.with("_do", None);
        Some(match verb {
            "add" => self.added(&typed, path).unwrap_or(typed),
            "remove" => self.removed(&typed, path).unwrap_or(typed),
            // Drawn again with what was looked for.
            "find" => typed.with(FOCUS, Some(path)),
            "back" => match self.line(path, &typed) {
                Some(_) => typed
                    .with(&joined(path, GONE), None)
                    .with(FOCUS, Some(path)),
                None => typed,
            },
            _ => return None,
        })
    }

    fn added(&self, typed: &Fields, path: &str) -> Option<Fields> {
        let list = self.at(path)?;
        if let Some((above, _)) = path.rsplit_once('.') {
            self.line(above, typed)?;
        }
        let all = lines(typed, path);
        if all.iter().filter(|line| !line.is_gone).count() >= list.max {
            return None;
        }
        let next = all
            .iter()
            .map(|line| line.number + 1)
            .max()
            .unwrap_or_default();
        let line = joined(path, &next.to_string());
        Some(self.begun(list, &line, typed).with(FOCUS, Some(&line)))
    }

    /// With an empty line there, and as many below it as must be.
    fn begun(&self, list: &Lines<'a>, line: &str, typed: &Fields) -> Fields {
        let mut typed = typed.with(&joined(line, LINE), Some(""));
        for below in self.within(Some(list.id)) {
            for number in 0..below.min {
                let path = joined(&joined(line, below.id), &number.to_string());
                typed = self.begun(below, &path, &typed);
            }
        }
        typed
    }

    /// A line that was only typed is gone; one that is kept is marked, and can come back.
    fn removed(&self, typed: &Fields, path: &str) -> Option<Fields> {
        let (list, line) = self.line(path, typed)?;
        if line.key.is_some() {
            list.remove?;
            return Some(
                typed
                    .with(&joined(path, GONE), Some("1"))
                    .with(FOCUS, Some(path)),
            );
        }
        let (above, _) = path.rsplit_once('.')?;
        let start = joined(path, "");
        let kept = typed.iter().filter(|(name, _)| !name.starts_with(&start));
        Some(Fields::of(kept).with(FOCUS, Some(above)))
    }
}

fn choices<'a>(settings: &mut Settings<'a>) -> Vec<Choice<'a>> {
    let all = settings.tables("choices", Choice::of);
    all.into_iter().flatten().collect()
}

/// The line or list where somebody goes on.
pub(super) const FOCUS: &str = "_focus";

/// A line as the browser sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `parts.2`
    pub path: String,
    number: usize,
    /// The key of the row it is; a new line has none.
    pub key: Option<String>,
    /// What its row looked like.
    pub seen: String,
    /// It is to be removed.
    pub is_gone: bool,
}

impl Line {
    /// One that nobody sent yet.
    pub(super) fn at(path: &str, number: usize, key: Option<String>) -> Line {
        Line {
            path: joined(path, &number.to_string()),
            number,
            key,
            seen: String::new(),
            is_gone: false,
        }
    }
}

/// The lines of the list at that path, in the order they were sent, each once.
pub fn lines(typed: &Fields, path: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    for (name, key) in typed.iter() {
        let step = name
            .strip_prefix(path)
            .and_then(|rest| rest.strip_prefix('.'));
        let step = step
            .and_then(|rest| rest.strip_suffix(LINE))
            .and_then(|rest| rest.strip_suffix('.'));
        let Some(number) = step.and_then(number) else {
            continue;
        };
        if found.len() > 2 * MOST || found.iter().any(|line| line.number == number) {
            continue;
        }
        let path = joined(path, &number.to_string());
        let marked = |mark: &str| typed.get(&joined(&path, mark));
        found.push(Line {
            seen: marked(SEEN).unwrap_or_default().to_owned(),
            is_gone: marked(GONE).is_some(),
            key: Some(key.to_owned()).filter(|key| !key.is_empty()),
            number,
            path,
        });
    }
    found
}

/// Digits alone, as we write them.
fn number(text: &str) -> Option<usize> {
    let number: usize = text.parse().ok()?;
    (number < 1_000_000 && number.to_string() == text).then_some(number)
}

/// `parts` and `2` give `parts.2`; what stands in the form itself has no path before it.
pub fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// May a field of a line be called that?
pub(super) fn may_be_called(name: &str) -> bool {
    !name.starts_with('_') && !name.contains('.') && name != "row"
}

/// The names under which a line says which row it is and what that looked like.
pub(super) fn marks(path: &str) -> [String; 3] {
    [LINE, SEEN, GONE].map(|mark| joined(path, mark))
}

#[cfg(test)]
#[path = "family_tests.rs"]
mod tests;
