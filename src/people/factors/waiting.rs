//! What was begun and not finished, in memory: so many, so long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::base::Time;

const GOOD: i64 = 10 * Time::MINUTE;
const MOST: usize = 2_000;

/// Things by name. The oldest gives way when there are too many.
pub(in crate::people) struct Waiting<T>(Mutex<HashMap<String, (Time, T)>>);

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Waiting(Mutex::default())
    }
}

impl<T> Waiting<T> {
    pub(in crate::people) fn put(&self, name: String, thing: T, now: Time) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST {
            waiting.retain(|_, (since, _)| since.plus(GOOD) > now);
        }
        if waiting.len() >= MOST {
            let oldest = waiting.iter().min_by_key(|(_, (since, _))| *since);
            let oldest = oldest.map(|(name, _)| name.clone());
            oldest.and_then(|name| waiting.remove(&name));
        }
        waiting.insert(name, (now, thing));
    }

    /// Gives it out once.
    pub(in crate::people) fn take(&self, name: &str, now: Time) -> Option<T> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, thing) = waiting.remove(name)?;
        (since.plus(GOOD) > now).then_some(thing)
    }
}

impl<T: Clone> Waiting<T> {
    pub(in crate::people) fn peek(&self, name: &str, now: Time) -> Option<T> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, thing) = waiting.get(name)?;
        (since.plus(GOOD) > now).then(|| thing.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_waits_ten_minutes_and_is_given_once() {
        let waiting = Waiting::default();
        waiting.put("a".to_owned(), 1, Time(0));
        assert_eq!(waiting.peek("a", Time(1)), Some(1));
        assert_eq!(waiting.take("a", Time(1)), Some(1));
        assert_eq!(waiting.take("a", Time(1)), None);
        waiting.put("b".to_owned(), 2, Time(0));
        assert_eq!(waiting.take("b", Time(GOOD)), None);
    }

    #[test]
    fn a_flood_fills_no_memory_and_the_newest_stays() {
        let waiting = Waiting::default();
        for n in 0..3_000_i64 {
            waiting.put(n.to_string(), n, Time(n));
        }
        assert_eq!(waiting.0.lock().unwrap().len(), MOST);
        assert_eq!(waiting.take("2999", Time(3_000)), Some(2_999));
        assert_eq!(waiting.take("0", Time(3_000)), None);
    }
}
