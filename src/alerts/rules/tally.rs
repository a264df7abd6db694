//! Counts of what happened lately, as far as rules want to know. They live in
//! memory and are counted again from the journal after a start.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{ALL, Adds, Count, Reached};
use crate::alerts::model::Alert;
use crate::alerts::sql;
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

/// Counts remembered at the most.
const MOST: usize = 50_000;
/// The longest window of any rule: what is older is not counted again.
pub(in crate::alerts) const LONGEST: i64 = Time::HOUR;

/// What happened in a window: when, and what is told apart.
type Seen = VecDeque<(Time, Option<String>)>;

#[derive(Default)]
pub(in crate::alerts) struct Tally {
    seen: HashMap<(usize, String), Seen>,
    /// What was seen for the first time in this batch: group and value.
    pub(in crate::alerts) learned: HashSet<(String, String)>,
}

impl Tally {
    /// What the record leads to.
    pub(in crate::alerts) fn take(
        &mut self,
        record: &Past,
        conn: &Connection,
    ) -> Result<Vec<Alert>, Error> {
        let mut alerts = Vec::new();
        for (number, rule) in ALL.iter().enumerate() {
            if !rule.actions().contains(&&*record.action) {
                continue;
            }
            let Some(count) = rule.counts(record, conn)? else {
                continue;
            };
            let reached = match &count.adds {
                Adds::New(value) => self.is_new(&count.group, value, conn)?,
                _ => self.add(number, &count, record.time()),
            };
            if let Some(reached) = reached {
                let (group, minutes) = (count.group, count.window / Time::MINUTE);
                let reached = Reached {
                    group,
                    number: reached,
                    minutes,
                };
                alerts.push(rule.alert(record, &reached));
            }
        }
        Ok(alerts)
    }

    /// Counts, and begins anew once it is full: a flood is told of as often as
    /// it fills the count.
    fn add(&mut self, rule: usize, count: &Count, at: Time) -> Option<i64> {
        if self.seen.len() >= MOST {
            self.forget(at);
        }
        let key = (rule, count.group.clone());
        let seen = self.seen.entry(key.clone()).or_default();
        let begin = at.plus(-count.window);
        seen.retain(|(then, _)| *then > begin);
        let what = match &count.adds {
            Adds::Different(what) => Some(what.clone()),
            _ => None,
        };
        if what.is_some() {
            seen.retain(|(_, known)| *known != what);
        }
        seen.push_back((at, what));
        let number = i64::try_from(seen.len()).unwrap_or(i64::MAX);
        if number < count.most {
            return None;
        }
        self.seen.remove(&key);
        Some(number)
    }

    fn forget(&mut self, now: Time) {
        let begin = now.plus(-LONGEST);
        self.seen
            .retain(|_, seen| seen.back().is_some_and(|(last, _)| *last > begin));
        if self.seen.len() >= MOST {
            self.seen.clear();
        }
    }

    /// The group was seen before, and never with this value.
    fn is_new(
        &mut self,
        group: &str,
        value: &str,
        conn: &Connection,
    ) -> Result<Option<i64>, Error> {
        let known = sql::known(conn, group)?;
        let learned = self.learned.iter().filter(|(what, _)| what == group);
        let learned: Vec<&String> = learned.map(|(_, value)| value).collect();
        let is_first = known.is_empty() && learned.is_empty();
        let is_known = known.iter().chain(learned).any(|known| known == value);
        let many = i64::try_from(known.len()).unwrap_or(i64::MAX);
        self.learned.insert((group.to_owned(), value.to_owned()));
        Ok((!is_first && !is_known).then_some(many))
    }
}
