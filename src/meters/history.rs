//! The figures of the last day, five minutes each, kept in memory.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::Time;

use super::latency::Shape;

/// How long one slot is.
const SLOT: i64 = 5 * Time::MINUTE;
/// A day of them.
const SLOTS: usize = 288;

/// The figures at a moment, counted from the start of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub latency: Shape,
    pub errors: u64,
    /// Bytes of all databases.
    pub databases: u64,
    /// Bytes that are left on the disk.
    pub free: u64,
    /// Bytes of memory the process takes.
    pub memory: u64,
}

/// What happened from one moment to the next, and how it stood at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub from: Time,
    pub until: Time,
    pub latency: Shape,
    pub errors: u64,
    pub databases: u64,
    pub free: u64,
    pub memory: u64,
}

#[derive(Debug, Default)]
pub struct History(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    /// How it stood when the open slot began.
    began: Option<(Time, Reading)>,
    slots: VecDeque<Slot>,
}

impl History {
    /// Takes a reading. Ends the open slot when that is five minutes old, and
    /// says whether it did.
    pub fn note(&self, now: Time, reading: Reading) -> bool {
        let mut ring = self.ring();
        let Some((from, before)) = &ring.began else {
            ring.began = Some((now, reading));
            return false;
        };
        // A clock that was put back begins anew: no slot runs backwards.
        if now < *from {
            ring.began = Some((now, reading));
            return false;
        }
        if now < from.plus(SLOT) {
            return false;
        }
        let slot = between((*from, before), (now, &reading));
        ring.slots.push_back(slot);
        while ring.slots.len() > SLOTS {
            ring.slots.pop_front();
        }
        ring.began = Some((now, reading));
        true
    }

    /// The slots that ended, oldest first.
    pub fn slots(&self) -> Vec<Slot> {
        self.ring().slots.iter().cloned().collect()
    }

    /// The last five to ten minutes: the open slot with the one before it.
    pub fn lately(&self, now: Time, reading: &Reading) -> Option<Slot> {
        let ring = self.ring();
        let (from, before) = ring.began.as_ref()?;
        let open = between((*from, before), (now.max(*from), reading));
        Some(match ring.slots.back() {
            Some(last) if last.until == *from => Slot {
                from: last.from,
                latency: last.latency.and(&open.latency),
                errors: last.errors + open.errors,
                ..open
            },
            _ => open,
        })
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn between((from, before): (Time, &Reading), (until, after): (Time, &Reading)) -> Slot {
    Slot {
        from,
        until,
        latency: after.latency.since(&before.latency),
        errors: after.errors.saturating_sub(before.errors),
        databases: after.databases,
        free: after.free,
        memory: after.memory,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::latency::Latency;
    use super::*;

    fn minutes(count: i64) -> Time {
        Time(count * Time::MINUTE)
    }

    #[test]
    fn a_slot_holds_what_came_in_it() {
        let (history, latency) = (History::default(), Latency::default());
        let reading = |errors| Reading {
            latency: latency.shape(),
            errors,
            ..Reading::default()
        };
        latency.took(Duration::from_millis(1));
        assert!(!history.note(minutes(0), reading(3)));
        latency.took(Duration::from_millis(1));
        assert!(!history.note(minutes(4), reading(4)));
        latency.took(Duration::from_millis(1));
        assert!(history.note(minutes(5), reading(5)));

        let slots = history.slots();
        assert_eq!((slots.len(), slots[0].latency.total()), (1, 2));
        assert_eq!((slots[0].errors, slots[0].until), (2, minutes(5)));

        latency.took(Duration::from_millis(1));
        let lately = history.lately(minutes(7), &reading(6)).unwrap();
        assert_eq!((lately.from, lately.until), (minutes(0), minutes(7)));
        assert_eq!((lately.latency.total(), lately.errors), (3, 3));
    }

    #[test]
    fn a_day_is_kept_and_no_more() {
        let history = History::default();
        for at in 0..400 {
            history.note(minutes(5 * at), Reading::default());
        }
        let slots = history.slots();
        assert_eq!(slots.len(), SLOTS);
        assert_eq!(slots.last().unwrap().until, minutes(5 * 399));
    }

    #[test]
    fn a_clock_that_is_put_back_leaves_no_slot_that_runs_backwards() {
        let history = History::default();
        history.note(minutes(1_000), Reading::default());
        assert!(!history.note(minutes(10), Reading::default()));
        assert!(history.note(minutes(15), Reading::default()));
        assert!(history.slots().iter().all(|slot| slot.from < slot.until));
    }
}
