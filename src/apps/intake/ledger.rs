//! What became of each key: said once for each by those who read it, and for the
//! rest at the end.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use crate::base::account::{self, Fate, Spot};

/// All keys, in the order of the files.
pub type Account = account::Account<Place>;
pub type Line = account::Line<Place>;

/// Where a key stood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub file: Arc<str>,
    /// As RFC 6901 writes it.
    pub pointer: String,
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {}", self.file, self.line, self.pointer)
    }
}

impl Spot for Place {
    const WORDS: [&'static str; 2] = ["key", "keys"];
}

/// A key of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(pub(super) usize);

/// A key and what is known of it so far.
pub(super) struct Fact {
    line: Line,
    parent: Option<Key>,
    is_judged: bool,
    /// Its value says nothing, so nothing is lost with it.
    pub(super) is_empty: bool,
    /// What stands below fares as it does, unless something else is said of it.
    is_whole: bool,
}

impl Fact {
    pub(super) fn new(place: Place, parent: Option<Key>, again: bool) -> Fact {
        let mut fact = Fact {
            line: Line::new(place, ""),
            parent,
            is_judged: false,
            is_empty: false,
            is_whole: false,
        };
        if again {
            let said = "this key stands in the object twice; the first one counts";
            fact.line.refusals.push(said.to_owned());
            fact.is_judged = true;
            fact.is_whole = true;
        }
        fact
    }

    #[cfg(test)]
    pub(super) fn place(&self) -> &Place {
        &self.line.place
    }
}

/// The keys of all files.
pub(super) struct Ledger(RefCell<Vec<Fact>>);

impl Ledger {
    pub(super) fn new(facts: Vec<Fact>) -> Ledger {
        Ledger(RefCell::new(facts))
    }

    fn judge(&self, key: Option<Key>, judge: impl FnOnce(&mut Fact)) {
        let mut facts = self.0.borrow_mut();
        if let Some(fact) = key.and_then(|key| facts.get_mut(key.0)) {
            fact.is_judged = true;
            judge(fact);
        }
    }

    /// It is part of the definition `what`.
    pub(super) fn belongs(&self, key: Option<Key>, what: &str) {
        let mut facts = self.0.borrow_mut();
        if let Some(fact) = key.and_then(|key| facts.get_mut(key.0))
            && fact.line.what.is_empty()
        {
            what.clone_into(&mut fact.line.what);
        }
    }

    pub(super) fn carried(&self, key: Option<Key>, to: impl Into<String>) {
        let to = to.into();
        self.judge(key, |fact| {
            if !fact.line.to.contains(&to) {
                fact.line.to.push(to);
            }
        });
    }

    pub(super) fn noted(&self, key: Option<Key>, said: impl Into<String>) {
        let said = said.into();
        self.judge(key, |fact| {
            if !fact.line.notes.contains(&said) {
                fact.line.notes.push(said);
            }
        });
    }

    pub(super) fn refused(&self, key: Option<Key>, said: impl Into<String>) {
        let said = said.into();
        self.judge(key, |fact| {
            if !fact.line.refusals.contains(&said) {
                fact.line.refusals.push(said);
            }
        });
    }

    /// What stands below the key fares as the key does.
    pub(super) fn whole(&self, key: Option<Key>) {
        self.judge(key, |fact| fact.is_whole = true);
    }

    /// Nothing came along, for that reason.
    pub(super) fn all_refused(&self, said: &str) {
        for fact in self.0.borrow_mut().iter_mut() {
            fact.is_judged = true;
            fact.line.refusals.push(said.to_owned());
        }
    }

    /// The account. What nobody read is noted.
    pub(super) fn into_account(self) -> Account {
        let mut facts = self.0.into_inner();
        for at in 0..facts.len() {
            // A parent stands before what is below it.
            let parent = facts[at].parent;
            if facts[at].line.what.is_empty() {
                let what = parent.map(|parent| facts[parent.0].line.what.clone());
                facts[at].line.what = what.unwrap_or_default();
            }
            if facts[at].is_judged {
                continue;
            }
            if facts[at].is_empty {
                facts[at].line.to.push("nothing stood there".to_owned());
                continue;
            }
            let above = parent
                .map(|parent| &facts[parent.0])
                .filter(|above| above.is_whole);
            let said = match above {
                None => {
                    let said = "this version does not know this key; look whether the app misses what it said";
                    facts[at].line.notes.push(said.to_owned());
                    continue;
                }
                Some(above) => (
                    above.line.fate(),
                    format!("part of {}", above.line.place.pointer),
                ),
            };
            let fact = &mut facts[at];
            fact.is_whole = true;
            match said {
                (Fate::Carried, part) => fact.line.to.push(part),
                (Fate::Noted, part) => fact.line.notes.push(part),
                (Fate::Refused, part) => fact.line.refusals.push(part),
            }
        }
        Account::of(facts.into_iter().map(|fact| fact.line).collect())
    }
}
