//! What is remembered in memory for a while: so many things, so long.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Time;

/// Things by name. Each is there for the same time; the oldest gives way when
/// there are too many. A restart forgets them all.
pub struct Expiring<K, V> {
    /// Milliseconds for which a thing is there.
    good: i64,
    most: usize,
    things: Mutex<HashMap<K, (Time, V)>>,
}

impl<K: Clone + Eq + Hash, V> Expiring<K, V> {
    /// At most `most` things, each for `good` milliseconds.
    pub fn new(good: i64, most: usize) -> Expiring<K, V> {
        Expiring {
            good,
            most,
            things: Mutex::default(),
        }
    }

    pub fn put(&self, name: K, thing: V, now: Time) {
        let mut things = self.lock();
        if things.len() >= self.most {
            things.retain(|_, (since, _)| since.plus(self.good) > now);
        }
        if things.len() >= self.most {
            let oldest = things.iter().min_by_key(|(_, (since, _))| *since);
            let oldest = oldest.map(|(name, _)| name.clone());
            oldest.and_then(|name| things.remove(&name));
        }
        things.insert(name, (now, thing));
    }

    /// Gives it out once.
    pub fn take<Q>(&self, name: &Q, now: Time) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.take_if(name, now, |_| true)
    }

    /// Gives it out once, to whom it belongs; it stays for them otherwise.
    pub fn take_if<Q>(&self, name: &Q, now: Time, is_theirs: impl Fn(&V) -> bool) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut things = self.lock();
        things.get(name).filter(|(_, thing)| is_theirs(thing))?;
        let (since, thing) = things.remove(name)?;
        (since.plus(self.good) > now).then_some(thing)
    }

    /// What `look` makes of it, if it is there.
    pub fn look<Q, R>(&self, name: &Q, now: Time, look: impl FnOnce(&V) -> R) -> Option<R>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let things = self.lock();
        let (since, thing) = things.get(name)?;
        (since.plus(self.good) > now).then(|| look(thing))
    }

    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, (Time, V)>> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is in there may be secret.
impl<K, V> fmt::Debug for Expiring<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expiring").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_waits_its_time_and_is_given_once() {
        let things: Expiring<String, i32> = Expiring::new(600, 10);
        things.put("a".to_owned(), 1, Time(0));
        assert_eq!(things.look("a", Time(599), |thing| *thing), Some(1));
        assert_eq!(things.look("a", Time(600), |thing| *thing), None);
        assert_eq!(things.take_if("a", Time(1), |thing| *thing == 2), None);
        assert_eq!(things.take("a", Time(1)), Some(1));
        assert_eq!(things.take("a", Time(1)), None);
        things.put("b".to_owned(), 2, Time(0));
        assert_eq!(things.take("b", Time(600)), None);
        assert!(things.is_empty());
    }

    #[test]
    fn a_flood_fills_no_memory_and_the_newest_stays() {
        let things: Expiring<i64, i64> = Expiring::new(Time::HOUR, 100);
        for n in 0..300 {
            things.put(n, n, Time(n));
        }
        assert_eq!(things.lock().len(), 100);
        assert_eq!(things.take(&299, Time(300)), Some(299));
        assert_eq!(things.take(&0, Time(300)), None);
    }
}
