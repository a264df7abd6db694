//! An object of the input: what is asked of it is of the sort that was asked for, or
//! the key says why not.

use super::json::{Node, Value};
use super::ledger::{Key, Ledger};

/// A value and its key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<T> {
    pub(super) is: T,
    pub(super) key: Option<Key>,
}

/// An object, together with those its definition is wrapped in.
#[derive(Clone)]
pub(super) struct Record<'a> {
    layers: Vec<&'a [(String, Node)]>,
    pub(super) key: Option<Key>,
    ledger: &'a Ledger,
}

/// A definition may stand beside its id and code, under one of these.
const WRAPS: [&str; 5] = ["json", "config", "definition", "form", "report"];

impl<'a> Record<'a> {
    pub(super) fn of(node: &'a Node, ledger: &'a Ledger) -> Option<Record<'a>> {
        let Value::Table(members) = &node.value else {
            return None;
        };
        Some(Record {
            layers: vec![members.as_slice()],
            key: node.key,
            ledger,
        })
    }

    /// A definition, which may stand inside of an object with its id and code.
    pub(super) fn unwrapped(node: &'a Node, ledger: &'a Ledger) -> Option<Record<'a>> {
        let mut record = Record::of(node, ledger)?;
        let mut members = record.members();
        let inner = members.find_map(|(name, inner)| match &inner.value {
            Value::Table(more) if WRAPS.contains(&name) => Some((more, inner.key)),
            _ => None,
        });
        drop(members);
        if let Some((more, key)) = inner {
            record.layers.push(more);
            ledger.carried(key, "the definition");
        }
        Some(record)
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        let all = self.layers.clone().into_iter().flatten();
        all.map(|(name, node)| (name.as_str(), node))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members().any(|(known, _)| known == name)
    }

    /// What stands at the first of these names that says something.
    pub(super) fn get(&self, names: &[&str]) -> Option<&'a Node> {
        let found = |name: &&str| {
            let mut members = self.members();
            let node = members.find(|(known, _)| known == name)?.1;
            (!node.says_nothing()).then_some(node)
        };
        names.iter().find_map(found)
    }

    fn wrong(&self, node: &Node, wanted: &str) {
        let said = format!("{wanted} is expected here; found: {}", node.sort());
        self.ledger.refused(node.key, said);
        self.ledger.whole(node.key);
    }

    pub(super) fn text(&self, names: &[&str]) -> Option<Said<&'a str>> {
        let node = self.get(names)?;
        let Value::Text(text) = &node.value else {
            self.wrong(node, "text");
            return None;
        };
        Some(Said {
            is: text.as_str(),
            key: node.key,
        })
    }

    /// Text, a number or a truth, as text.
    pub(super) fn scalar(&self, names: &[&str]) -> Option<Said<String>> {
        let node = self.get(names)?;
        let text = match &node.value {
            Value::Text(text) | Value::Number(text) => text.clone(),
            Value::Bool(truth) => truth.to_string(),
            _ => {
                self.wrong(node, "one value");
                return None;
            }
        };
        Some(Said {
            is: text,
            key: node.key,
        })
    }

    /// A whole number, in quotes or not.
    pub(super) fn number(&self, names: &[&str]) -> Option<Said<i64>> {
        let node = self.get(names)?;
        let text = match &node.value {
            Value::Text(text) | Value::Number(text) => text.trim(),
            _ => "",
        };
        let Ok(is) = text.parse() else {
            self.wrong(node, "a whole number");
            return None;
        };
        Some(Said { is, key: node.key })
    }

    /// A truth; also the 0 and 1, and the words, that stand for one.
    pub(super) fn flag(&self, names: &[&str]) -> Option<Said<bool>> {
        let node = self.get(names)?;
        let is = match &node.value {
            Value::Bool(truth) => *truth,
            Value::Number(text) | Value::Text(text) if text == "1" || text == "true" => true,
            Value::Number(text) | Value::Text(text) if text == "0" || text == "false" => false,
            _ => {
                self.wrong(node, "true or false");
                return None;
            }
        };
        Some(Said { is, key: node.key })
    }

    /// The objects of a list; a single one counts as a list of it.
    pub(super) fn records(&self, names: &[&str]) -> Vec<Record<'a>> {
        let Some(node) = self.get(names) else {
            return Vec::new();
        };
        let all: Vec<&Node> = match &node.value {
            Value::List(all) => all.iter().collect(),
            Value::Table(_) => vec![node],
            _ => {
                self.wrong(node, "a list of objects");
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for one in all {
            match Record::of(one, self.ledger) {
                Some(record) => found.push(record),
                None => self.wrong(one, "a list of objects"),
            }
        }
        found
    }

    pub(super) fn record(&self, names: &[&str]) -> Option<Record<'a>> {
        let node = self.get(names)?;
        let record = Record::of(node, self.ledger);
        if record.is_none() {
            self.wrong(node, "an object");
        }
        record
    }

    /// The texts and numbers of a list, or the one text.
    pub(super) fn texts(&self, names: &[&str]) -> Vec<String> {
        let Some(node) = self.get(names) else {
            return Vec::new();
        };
        let all: Vec<&Node> = match &node.value {
            Value::List(all) => all.iter().collect(),
            _ => vec![node],
        };
        let mut found = Vec::new();
        for one in all {
            match &one.value {
                Value::Text(text) | Value::Number(text) => found.push(text.clone()),
                _ => self.wrong(one, "a list of texts"),
            }
        }
        found
    }

    /// Notes what stands at each of these names, with what is below.
    pub(super) fn note(&self, names: &[&str], said: &str) {
        for name in names {
            if let Some(node) = self.get(&[name]) {
                self.ledger.noted(node.key, said);
                self.ledger.whole(node.key);
            }
        }
    }

    pub(super) fn carry(&self, names: &[&str], to: &str) {
        for name in names {
            if let Some(node) = self.get(&[name]) {
                self.ledger.carried(node.key, to);
            }
        }
    }
}
