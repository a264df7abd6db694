//! What one respondent has answered, by variable and turn.

use std::collections::BTreeMap;

use crate::surveys::map::Datum;

/// Answers under the keys of their variables; turn 0 is outside of loops.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(BTreeMap<(u32, String), Datum>);

impl Answers {
    pub fn get(&self, key: &str, turn: u32) -> Datum {
        // The key of a map of pairs cannot be borrowed in parts.
        let found = self.0.get(&(turn, key.to_owned()));
        found.cloned().unwrap_or(Datum::NotAsked)
    }

    pub fn put(&mut self, key: &str, turn: u32, datum: Datum) {
        self.0.insert((turn, key.to_owned()), datum);
    }

    pub fn take(&mut self, key: &str, turn: u32) {
        self.0.remove(&(turn, key.to_owned()));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, u32, &Datum)> {
        let all = self.0.iter();
        all.map(|((turn, key), datum)| (key.as_str(), *turn, datum))
    }

    pub fn has(&self, key: &str, turn: u32) -> bool {
        self.0.contains_key(&(turn, key.to_owned()))
    }
}
