//! The answers of a question, the rows of a grid, the items of a list: one line of a
//! form for each, and empty ones for more.

use super::sheet::{Sheet, Typed};
use super::{Part, lines};
use crate::base::written::edit::{
    Entry, Step, Unfit, elements, find, listed, parse, put, spelled, spelling, take,
};

/// The tables of a list that stands in a question or on its own.
pub struct Rows {
    path: Vec<Step>,
    key: &'static str,
    langs: Vec<String>,
}

/// One of them as a form shows it.
pub struct Held {
    /// What the names of its fields begin with.
    pub prefix: String,
    pub sheet: Sheet,
    /// Its keys that have no field.
    pub others: Vec<(String, usize)>,
    pub is_new: bool,
}

/// Empty lines below those that are there.
const MORE: usize = 3;

impl Rows {
    pub fn of(part: &Part, key: &'static str, langs: &[String]) -> Rows {
        Rows {
            path: part.path(),
            key,
            langs: langs.to_vec(),
        }
    }

    fn prefix(&self, at: usize) -> String {
        format!("{}.{at}.", self.key)
    }

    fn sheet(&self, at: usize) -> Sheet {
        let mut path = self.path.clone();
        path.extend([Step::key(self.key), Step::At(at)]);
        Sheet::at(path, self.prefix(at), lines::of_item(), &self.langs)
    }

    pub fn count(&self, text: &str) -> usize {
        elements::count(text, &self.path, self.key)
    }

    /// Does something stand there that has no lines?
    pub fn is_odd(&self, text: &str) -> bool {
        let Ok(toml) = parse(text) else { return false };
        let item = find(toml.as_table(), &self.path).and_then(|at| at.body.get(self.key));
        item.is_some_and(|item| {
            let count = item.as_array().map_or(0, toml_edit::Array::len);
            listed(item).is_empty() && (count > 0 || item.as_array().is_none())
        })
    }

    /// All that are there, and some more.
    pub fn all(&self, text: &str) -> Vec<Held> {
        let count = self.count(text);
        let held = |at: usize| {
            let sheet = self.sheet(at);
            Held {
                prefix: self.prefix(at),
                others: sheet.others(text, &[]),
                sheet,
                is_new: at >= count,
            }
        };
        (0..count + MORE).map(held).collect()
    }

    pub fn held(&self, text: &str) -> Typed {
        let mut typed = Typed::default();
        for at in 0..self.count(text) {
            typed.add(self.sheet(at).held(text));
        }
        typed
    }

    /// The lines that were filled in below those that are there.
    fn added(&self, count: usize, typed: &Typed) -> Vec<usize> {
        let is_filled = |at: &usize| {
            let text = format!("{}text.", self.prefix(*at));
            let texts = self.langs.iter();
            let mut texts = texts.map(|lang| typed.text(&format!("{text}{lang}")));
            texts.any(|text| !text.trim().is_empty())
                || !typed
                    .text(&format!("{}code", self.prefix(*at)))
                    .trim()
                    .is_empty()
        };
        (count..count + MORE).filter(is_filled).collect()
    }

    pub fn faults(&self, text: &str, typed: &Typed) -> Vec<(String, String)> {
        let count = self.count(text);
        let mut faults = Vec::new();
        for at in 0..count {
            faults.extend(self.sheet(at).faults(text, typed));
        }
        for at in self.added(count, typed) {
            let code = format!("{}code", self.prefix(at));
            let is_empty = typed.text(&code).trim().is_empty();
            let own = self.sheet(at).faults(text, typed);
            faults.extend(
                own.into_iter()
                    .filter(|(name, _)| !(is_empty && *name == code)),
            );
        }
        let mut seen: Vec<String> = Vec::new();
        for at in (0..count).chain(self.added(count, typed)) {
            let name = format!("{}code", self.prefix(at));
            let code = self.code(text, at, typed);
            if !code.is_empty() && seen.contains(&code) {
                faults.push((
                    name,
                    format!("the code {code} is there twice; give each its own"),
                ));
            }
            seen.push(code);
        }
        faults
    }

    fn code(&self, text: &str, at: usize, typed: &Typed) -> String {
        let name = format!("{}code", self.prefix(at));
        match typed.get(&name) {
            Some(code) => code.trim().to_owned(),
            None => self.sheet(at).held(text).text(&name).to_owned(),
        }
    }

    /// Writes what changed, and adds what was filled in below.
    pub fn write(&self, text: &str, typed: &Typed) -> Result<String, Unfit> {
        let count = self.count(text);
        let mut new = text.to_owned();
        for at in 0..count {
            if typed.has(&self.prefix(at)) {
                new = self.sheet(at).write(&new, typed)?;
            }
        }
        for at in self.added(count, typed) {
            let prefix = self.prefix(at);
            let code = typed.text(&format!("{prefix}code")).trim().to_owned();
            let code = if code.is_empty() {
                self.free(&new)
            } else {
                code
            };
            let mut entry: Entry = vec![("code".to_owned(), code)];
            entry.push(("text".to_owned(), self.words(&prefix, typed)));
            for flag in ["anchor", "exclusive", "other", "unknown"] {
                if !typed.text(&format!("{prefix}{flag}")).is_empty() {
                    entry.push((flag.to_owned(), "true".to_owned()));
                }
            }
            new = elements::push(&new, &self.path, self.key, &entry)?;
        }
        Ok(new)
    }

    fn words(&self, prefix: &str, typed: &Typed) -> String {
        let text = |lang: &String| {
            typed
                .text(&format!("{prefix}text.{lang}"))
                .trim()
                .to_owned()
        };
        if let [one] = self.langs.as_slice() {
            return spelling::text(&text(one), None);
        }
        let written = self.langs.iter().map(|lang| (lang, text(lang)));
        let written = written.filter(|(_, text)| !text.is_empty());
        let pairs = written
            .map(|(lang, text)| format!("{} = {}", spelled(lang), spelling::text(&text, None)));
        format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
    }

    /// The smallest code that is not there yet.
    fn free(&self, text: &str) -> String {
        let codes: Vec<String> = (0..self.count(text))
            .map(|at| self.code(text, at, &Typed::default()))
            .collect();
        let mut free = (1..).map(|code: i64| code.to_string());
        free.find(|code| !codes.contains(code)).unwrap_or_default()
    }

    /// One place up or down, or out: `up`, `down`, `remove`.
    pub fn step(&self, text: &str, act: &str, at: usize) -> Result<String, Unfit> {
        let count = self.count(text);
        match act {
            "remove" => elements::remove(text, &self.path, self.key, at),
            "up" if at > 0 => elements::swap(text, &self.path, self.key, at - 1),
            "down" if at + 1 < count => elements::swap(text, &self.path, self.key, at),
            _ => Ok(text.to_owned()),
        }
    }
}

impl Part {
    /// The answers of the list that is named get their place in the question itself.
    pub fn copy_list(&self, text: &str, list: &str, key: &str) -> Result<String, Unfit> {
        let from = Part::List(list.to_owned());
        let source = elements::source(text, &from.path(), "items");
        let source = source.ok_or_else(|| Unfit::Shape(from.line(text)))?;
        put(text, &self.path(), key, &source)
    }

    pub fn take(&self, text: &str, key: &str) -> Result<String, Unfit> {
        take(text, &self.path(), key)
    }

    pub fn put_text(&self, text: &str, key: &str, value: &str) -> Result<String, Unfit> {
        put(text, &self.path(), key, &spelling::text(value, None))
    }
}
