//! What one respondent has answered, by variable and turn.

use std::collections::BTreeMap;

use crate::surveys::map::Datum;

/// Answers under the keys of their variables; turn 0 is outside of loops.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(BTreeMap<u32, BTreeMap<String, Datum>>);

impl Answers {
    pub fn get(&self, key: &str, turn: u32) -> Datum {
        self.find(key, turn).cloned().unwrap_or(Datum::NotAsked)
    }

    fn find(&self, key: &str, turn: u32) -> Option<&Datum> {
        self.0.get(&turn)?.get(key)
    }

    pub fn put(&mut self, key: &str, turn: u32, datum: Datum) {
        let of_turn = self.0.entry(turn).or_default();
        of_turn.insert(key.to_owned(), datum);
    }

    pub fn take(&mut self, key: &str, turn: u32) {
        let Some(of_turn) = self.0.get_mut(&turn) else {
            return;
        };
        of_turn.remove(key);
        // What holds the same is equal, however it came to that.
        if of_turn.is_empty() {
            self.0.remove(&turn);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, u32, &Datum)> {
        let all = self.0.iter();
        all.flat_map(|(turn, answers)| {
            let answers = answers.iter();
            answers.map(|(key, datum)| (key.as_str(), *turn, datum))
        })
    }

    pub fn has(&self, key: &str, turn: u32) -> bool {
        self.find(key, turn).is_some()
    }
}
