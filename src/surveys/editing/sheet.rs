//! A table of the text as the fields of a form: read into them, and written from them.

use std::ops::Range;

use toml_edit::{Item, Value};

use super::lines::{Form, Line};
use super::{Part, words};
use crate::base::written::edit::{
    Body, Step, Unfit, find, line_at, parse, put, spelled, spelling, take,
};
use crate::expr::Expr;

/// What stands in the fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Typed(Vec<(String, String)>);

/// A table, and the lines it is filled in by.
pub struct Sheet {
    path: Vec<Step>,
    /// What the names of its fields begin with.
    prefix: String,
    pub lines: Vec<Line>,
    langs: Vec<String>,
}

impl Typed {
    /// Lines end as they do in the text.
    pub fn of<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Typed {
        let tidy = |text: &str| text.replace("\r\n", "\n");
        Typed(
            fields
                .map(|(name, text)| (name.to_owned(), tidy(text)))
                .collect(),
        )
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str())
    }

    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub fn add(&mut self, other: Typed) {
        self.0.extend(other.0);
    }

    pub fn set(&mut self, name: &str, text: &str) {
        self.0.push((name.to_owned(), text.to_owned()));
    }

    /// Is there any field whose name begins so?
    pub(super) fn has(&self, prefix: &str) -> bool {
        self.0.iter().any(|(name, _)| name.starts_with(prefix))
    }
}

impl Sheet {
    pub fn of(part: &Part, lines: Vec<Line>, langs: &[String]) -> Sheet {
        Sheet::at(part.path(), String::new(), lines, langs)
    }

    /// The loop of a page, which is a table inside of it.
    pub fn of_loop(part: &Part, lines: Vec<Line>, langs: &[String]) -> Sheet {
        let mut path = part.path();
        path.push(Step::key("loop"));
        Sheet::at(path, "loop.".to_owned(), lines, langs)
    }

    pub(super) fn at(path: Vec<Step>, prefix: String, lines: Vec<Line>, langs: &[String]) -> Sheet {
        Sheet {
            path,
            prefix,
            lines,
            langs: langs.to_vec(),
        }
    }

    /// The name of a line's field.
    pub fn name(&self, line: &Line) -> String {
        format!("{}{}", self.prefix, line.key)
    }

    /// The names of all fields of a line.
    pub fn names(&self, line: &Line) -> Vec<String> {
        let name = self.name(line);
        match line.form {
            Form::Words | Form::Prose => {
                let langs = self.langs.iter();
                langs.map(|lang| format!("{name}.{lang}")).collect()
            }
            Form::Range => vec![format!("{name}.low"), format!("{name}.high")],
            Form::Need => vec![name.clone(), format!("{name}.when")],
            _ => vec![name],
        }
    }

    /// What the text says, as the fields would hold it.
    pub fn held(&self, text: &str) -> Typed {
        let mut typed = Typed::default();
        for line in &self.lines {
            let held = self.line(text, line).unwrap_or_default();
            for (at, name) in self.names(line).into_iter().enumerate() {
                typed.set(&name, held.get(at).map_or("", String::as_str));
            }
        }
        typed
    }

    /// Is a key written in a way that has no fields?
    pub fn is_odd(&self, text: &str, line: &Line) -> bool {
        self.line(text, line).is_none()
    }

    /// The values of the fields of one line; none where something else stands there.
    fn line(&self, text: &str, line: &Line) -> Option<Vec<String>> {
        let empty = || Some(vec![String::new(); self.names(line).len()]);
        let Ok(toml) = parse(text) else {
            return empty();
        };
        let Some(at) = find(toml.as_table(), &self.path) else {
            return empty();
        };
        let Some(item) = at.body.get(line.key) else {
            return empty();
        };
        let source = |value: &Value| Some(text[value.span()?].to_owned());
        match line.form {
            Form::Words | Form::Prose => words::held(at.body, line.key, &self.langs),
            Form::Condition | Form::Choice(_) => Some(vec![item.as_str()?.to_owned()]),
            Form::Plain => match item.as_str() {
                Some(text) => Some(vec![text.to_owned()]),
                None => Some(vec![source(item.as_value().filter(|v| v.is_integer())?)?]),
            },
            Form::Flag => Some(vec![if item.as_bool()? { "1" } else { "" }.to_owned()]),
            Form::Switch => Some(vec![item.as_bool()?.to_string()]),
            Form::Number | Form::Count => {
                let value = item.as_value()?;
                crate::base::written::number(value)?;
                Some(vec![source(value)?])
            }
            Form::Range => {
                let each: Option<Vec<String>> = item.as_array()?.iter().map(source).collect();
                each.filter(|each| each.len() == 2)
            }
            Form::Need => match (item.as_bool(), item.as_str()) {
                (Some(is), _) => Some(vec![if is { "yes" } else { "" }.into(), String::new()]),
                (None, when) => Some(vec!["when".to_owned(), when?.to_owned()]),
            },
            Form::Several => {
                let each: Option<Vec<&str>> = item.as_array()?.iter().map(Value::as_str).collect();
                Some(vec![each?.join("\n")])
            }
            Form::Pairs => {
                let each: Option<Vec<String>> = item.as_inline_table()?.iter().map(pair).collect();
                Some(vec![each?.join("\n")])
            }
        }
    }

    /// What was typed for a line, where it is something else than what is there.
    fn changed(&self, text: &str, line: &Line, typed: &Typed) -> Option<Vec<String>> {
        let names = self.names(line);
        // A box that is not ticked sends nothing; a word beside it says that it was there.
        let was_there = match line.form {
            Form::Flag => typed.get(&format!("{}.is", names[0])).is_some(),
            _ => names.iter().any(|name| typed.get(name).is_some()),
        };
        if !was_there {
            return None;
        }
        let old = self.line(text, line)?;
        // What was not sent stays as it is.
        let sent = |(name, old): (&String, &String)| match typed.get(name) {
            None if line.form == Form::Flag => String::new(),
            None => old.clone(),
            Some(text) => text.to_owned(),
        };
        let new: Vec<String> = names.iter().zip(&old).map(sent).collect();
        (old != new).then_some(new)
    }

    /// What is wrong with what was typed, by field.
    pub fn faults(&self, text: &str, typed: &Typed) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        for line in &self.lines {
            let Some(new) = self.changed(text, line, typed) else {
                continue;
            };
            if let Err((at, why)) = fault(line, &new) {
                let name = self.names(line).swap_remove(at);
                faults.push((name, why));
            }
        }
        faults
    }

    /// Writes what changed, and nothing else.
    pub fn write(&self, text: &str, typed: &Typed) -> Result<String, Unfit> {
        let mut new = text.to_owned();
        for line in &self.lines {
            if let Some(typed) = self.changed(&new, line, typed) {
                new = self.write_line(&new, line, &typed)?;
            }
        }
        Ok(new)
    }

    fn write_line(&self, text: &str, line: &Line, typed: &[String]) -> Result<String, Unfit> {
        let key = line.key;
        let tidy: Vec<String> = typed.iter().map(|text| text.trim().to_owned()).collect();
        let first = tidy[0].as_str();
        let range = self.span(text, key);
        let before = range.map(|range| &text[range]);
        let value = match line.form {
            Form::Words | Form::Prose => {
                return words::write(text, (&self.path, key), &self.langs, &tidy);
            }
            Form::Condition | Form::Choice(_) | Form::Plain if first.is_empty() => None,
            Form::Plain if key == "code" => Some(first.to_owned()),
            Form::Condition | Form::Choice(_) | Form::Plain => Some(spelling::text(first, before)),
            Form::Flag => (!first.is_empty()).then(|| "true".to_owned()),
            Form::Switch => (!first.is_empty()).then(|| first.to_owned()),
            Form::Number | Form::Count => spelling::number(first),
            Form::Range => {
                let ends: Option<Vec<String>> = tidy.iter().map(|n| spelling::number(n)).collect();
                ends.map(|ends| format!("[{}]", ends.join(", ")))
            }
            Form::Need => match first {
                "yes" => Some("true".to_owned()),
                "when" => Some(spelling::text(
                    &tidy[1],
                    before.filter(|old| !old.starts_with(['t', 'f'])),
                )),
                _ => None,
            },
            Form::Several => several(first),
            Form::Pairs => pairs(first),
        };
        match value {
            Some(value) => put(text, &self.path, key, &value),
            None if find(parse(text)?.as_table(), &self.path).is_none() => Ok(text.to_owned()),
            None => take(text, &self.path, key),
        }
    }

    fn span(&self, text: &str, key: &str) -> Option<Range<usize>> {
        let toml = parse(text).ok()?;
        let at = find(toml.as_table(), &self.path)?;
        at.body.get(key)?.as_value()?.span()
    }

    /// The keys of the table that have no line here, each with where it stands.
    pub fn others(&self, text: &str, known: &[&str]) -> Vec<(String, usize)> {
        let Ok(toml) = parse(text) else {
            return Vec::new();
        };
        let Some(at) = find(toml.as_table(), &self.path) else {
            return Vec::new();
        };
        let has_line =
            |key: &str| known.contains(&key) || self.lines.iter().any(|line| line.key == key);
        let keys = at.body.table().iter().filter(|(key, _)| !has_line(key));
        let line = |key: &str, item: &Item| {
            let own = at.body.table().key(key).and_then(toml_edit::Key::span);
            let start = own.or_else(|| item.span()).map_or(0, |span| span.start);
            (key.to_owned(), line_at(text, start))
        };
        keys.map(|(key, item)| line(key, item)).collect()
    }
}

fn several(text: &str) -> Option<String> {
    let texts = text.lines().map(str::trim).filter(|one| !one.is_empty());
    let texts: Vec<String> = texts.map(|one| spelling::text(one, None)).collect();
    (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
}

/// A pair as a line, where one line can say it.
fn pair((name, value): (&str, &Value)) -> Option<String> {
    let text = value.as_str().filter(|text| !text.contains('\n'))?;
    (!name.contains(['=', '\n'])).then(|| format!("{name} = {text}"))
}

fn pairs(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|one| !one.is_empty());
    let pairs: Vec<String> = lines
        .filter_map(|one| one.split_once('='))
        .map(|(name, text)| {
            let (name, text) = (spelled(name.trim()), spelling::text(text.trim(), None));
            format!("{name} = {text}")
        })
        .collect();
    (!pairs.is_empty()).then(|| format!("{{ {} }}", pairs.join(", ")))
}

/// The first line that is no `name = text`, or whose name is there before.
fn odd_pair(text: &str) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).filter(|one| !one.is_empty()) {
        let name = line.split_once('=').map_or("", |(name, _)| name.trim());
        if name.is_empty() {
            return Some(format!("write `{line}` like name = text, one a line"));
        }
        if names.contains(&name) {
            return Some(format!("`{name}` is there twice; give each line its own"));
        }
        names.push(name);
    }
    None
}

/// Which field of a line is wrong, and why.
fn fault(line: &Line, typed: &[String]) -> Result<(), (usize, String)> {
    let first = typed[0].trim();
    let at = |at: usize, why: &str| Err((at, why.to_owned()));
    let is_empty = typed.iter().all(|text| text.trim().is_empty());
    if line.is_needed && is_empty {
        return at(0, "this cannot be empty; write something here");
    }
    if let Some(check) = line.check.filter(|_| !first.is_empty()) {
        check(first).map_err(|why| (0, why))?;
    }
    match &line.form {
        Form::Condition => condition(first).map_err(|why| (0, why)),
        Form::Need if first == "when" && typed[1].trim().is_empty() => {
            at(1, "write when it has to be answered, or choose another way")
        }
        Form::Need if first == "when" => condition(typed[1].trim()).map_err(|why| (1, why)),
        Form::Choice(known) if !known.iter().any(|(value, _)| value == first) => {
            at(0, "choose one of the list")
        }
        Form::Number if !is_empty && spelling::number(first).is_none() => {
            at(0, "write a number, such as 5 or 0.5")
        }
        Form::Count if !is_empty && first.parse::<u32>().is_err() => {
            at(0, "write a whole number of at least 0")
        }
        Form::Range if !is_empty => range(typed),
        Form::Pairs => odd_pair(first).map_or(Ok(()), |why| Err((0, why))),
        _ => Ok(()),
    }
}

fn condition(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    match Expr::parse(text) {
        Ok(_) => Ok(()),
        Err(fault) => {
            let at = text[..text.floor_char_boundary(fault.at)].chars().count() + 1;
            Err(format!("at sign {at}: {}", fault.message))
        }
    }
}

fn range(typed: &[String]) -> Result<(), (usize, String)> {
    let mut ends = Vec::new();
    for (at, text) in typed.iter().enumerate() {
        let spelled = spelling::number(text);
        let number = spelled.and_then(|spelled| spelled.parse::<f64>().ok());
        let wrong = || {
            (
                at,
                "write a number at both ends, such as 0 and 10".to_owned(),
            )
        };
        ends.push(number.ok_or_else(wrong)?);
    }
    if ends[0] > ends[1] {
        return Err((1, "the second number is the larger one".to_owned()));
    }
    Ok(())
}

/// What a table says at one key, where that is a text.
pub(super) fn text_of(body: Body<'_>, key: &str) -> String {
    body.text(key).unwrap_or_default().to_owned()
}
