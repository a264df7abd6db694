//! Names that nothing else has.

use std::collections::{HashMap, HashSet};

#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// How often a name was asked for.
    asked: HashMap<String, usize>,
}

impl Names {
    /// That name, or with a number behind it where it is taken.
    pub(super) fn free(&mut self, like: &str) -> String {
        let asked = self.asked.entry(like.to_owned()).or_insert(0);
        loop {
            *asked += 1;
            let name = match *asked {
                1 => like.to_owned(),
                number => format!("{like}-{number}"),
            };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}
