//! What one can open and change: a question, a page, a quota.

use super::naming;
use crate::base::written::edit::{Step, Unfit, find, line_at, listed, parse};

/// A table of the survey, by where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Survey,
    /// The page, counted from 0.
    Page(usize),
    /// The page, and the question on it.
    Ask(usize, usize),
    List(String),
    Quota(String),
    Exit(String),
}

pub(super) fn page(page: usize) -> Vec<Step> {
    vec![Step::Key("page".to_owned()), Step::At(page)]
}

pub(super) fn ask(page: usize, ask: usize) -> Vec<Step> {
    let mut path = self::page(page);
    path.extend([Step::Key("ask".to_owned()), Step::At(ask)]);
    path
}

impl Part {
    pub(super) fn path(&self) -> Vec<Step> {
        let named =
            |key: &str, name: &str| vec![Step::Key(key.to_owned()), Step::Key(name.to_owned())];
        match self {
            Part::Survey => Vec::new(),
            Part::Page(at) => page(*at),
            Part::Ask(page, at) => ask(*page, *at),
            Part::List(name) => named("list", name),
            Part::Quota(name) => named("quota", name),
            Part::Exit(name) => named("exit", name),
        }
    }

    /// The question of that id. Of two with one id neither is meant.
    pub fn question(text: &str, id: &str) -> Result<Part, Unfit> {
        let toml = parse(text)?;
        let mut found = None;
        for (at, on, ask) in naming::asks(toml.as_table()) {
            if ask.text("id") == Some(id) && found.replace(Part::Ask(at, on)).is_some() {
                return Err(Unfit::Shape(line_at(text, ask.start())));
            }
        }
        found.ok_or_else(|| Unfit::Missing(id.to_owned()))
    }

    /// The page of that id.
    pub fn page(text: &str, id: &str) -> Result<Part, Unfit> {
        let toml = parse(text)?;
        let pages = toml.as_table().get("page").map(listed).unwrap_or_default();
        let mut named = pages
            .iter()
            .enumerate()
            .filter(|(_, page)| page.text("id") == Some(id));
        match (named.next(), named.next()) {
            (Some((at, _)), None) => Ok(Part::Page(at)),
            (Some(_), Some((_, twice))) => Err(Unfit::Shape(line_at(text, twice.start()))),
            (None, _) => Err(Unfit::Missing(id.to_owned())),
        }
    }

    /// Is there such a table?
    pub fn is_in(&self, text: &str) -> bool {
        parse(text).is_ok_and(|toml| find(toml.as_table(), &self.path()).is_some())
    }

    /// The line it begins in, from 1.
    pub fn line(&self, text: &str) -> usize {
        let Ok(toml) = parse(text) else { return 1 };
        let found = find(toml.as_table(), &self.path());
        found.map_or(1, |at| line_at(text, at.body.start()))
    }

    /// What is written at one of its keys, where that is a text.
    pub fn word(&self, text: &str, key: &str) -> Option<String> {
        let toml = parse(text).ok()?;
        let at = find(toml.as_table(), &self.path())?;
        at.body.text(key).map(str::to_owned)
    }
}
