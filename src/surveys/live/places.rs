//! How many sockets there are, in all and of one respondent, and what each may send yet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::budget::Budget;
use super::refusal::Refusal;
use crate::base::Time;

/// Sockets in all: whoever comes then sends over HTTPS.
const ALL: usize = 1_000;
/// Of one respondent: two windows, and one that nobody knows yet to be dead.
const EACH: usize = 3;
/// More respondents are not remembered at a time than those who have a socket or
/// sent something a moment ago.
const REMEMBERED: usize = 10_000;

/// By the hash of their token.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    sockets: usize,
    guests: HashMap<Vec<u8>, Guest>,
}

struct Guest {
    sockets: usize,
    budget: Budget,
}

/// A socket's place; free again when dropped.
pub(super) struct Place {
    of: Places,
    whose: Option<Vec<u8>>,
}

impl Places {
    /// A place for somebody who has not said yet who they are.
    pub(super) fn take(&self) -> Option<Place> {
        let mut known = self.lock();
        if known.sockets >= ALL {
            return None;
        }
        known.sockets += 1;
        Some(Place {
            of: self.clone(),
            whose: None,
        })
    }

    /// Somebody sends that many events.
    pub(super) fn pay(&self, who: &[u8], events: usize, now: Time) -> Result<(), Refusal> {
        let mut known = self.lock();
        let guest = known.guest(who, now);
        guest.budget.pay(events, now).map_err(Refusal::TooMany)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn guest(&mut self, who: &[u8], now: Time) -> &mut Guest {
        if self.guests.len() >= REMEMBERED {
            self.guests
                .retain(|_, guest| guest.sockets > 0 || !guest.budget.is_full(now));
        }
        self.guests.entry(who.to_vec()).or_insert_with(|| Guest {
            sockets: 0,
            budget: Budget::new(now),
        })
    }
}

impl Place {
    /// Now it is known whose it is; said once.
    pub(super) fn sit(&mut self, who: &[u8], now: Time) -> Result<(), Refusal> {
        let mut known = self.of.lock();
        let guest = known.guest(who, now);
        if guest.sockets >= EACH {
            return Err(Refusal::Busy);
        }
        guest.sockets += 1;
        drop(known);
        self.whose = Some(who.to_vec());
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut known = self.of.lock();
        known.sockets -= 1;
        let whose = self.whose.take();
        if let Some(guest) = whose.and_then(|who| known.guests.get_mut(&who)) {
            guest.sockets -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = Time(1_800_000_000_000);

    #[test]
    fn a_place_is_free_again_when_its_socket_is_gone() {
        let places = Places::default();
        let mut taken: Vec<Place> = (0..ALL).filter_map(|_| places.take()).collect();
        assert_eq!(taken.len(), ALL);
        assert!(places.take().is_none());

        taken.pop();

        assert!(places.take().is_some());
    }

    #[test]
    fn one_respondent_takes_no_more_than_their_share() {
        let places = Places::default();
        let mut taken: Vec<Place> = (0..=EACH).filter_map(|_| places.take()).collect();
        let mut extra = taken.pop().unwrap();
        for place in &mut taken {
            assert!(place.sit(b"ada", NOON).is_ok());
        }

        assert!(matches!(extra.sit(b"ada", NOON), Err(Refusal::Busy)));
        assert!(extra.sit(b"bob", NOON).is_ok());
        drop(taken);
        assert!(places.take().unwrap().sit(b"ada", NOON).is_ok());
    }

    #[test]
    fn what_is_sent_is_paid_for_by_whoever_sends_it_over_all_their_lines() {
        let places = Places::default();
        for _ in 0..3 {
            assert!(places.pay(b"ada", 200, NOON).is_ok());
        }

        let refused = places.pay(b"ada", 1, NOON);

        assert!(matches!(refused, Err(Refusal::TooMany(1))), "{refused:?}");
        assert!(places.pay(b"bob", 200, NOON).is_ok());
    }

    #[test]
    fn who_is_gone_is_forgotten() {
        let places = Places::default();
        for number in 0..REMEMBERED {
            assert!(places.pay(&number.to_be_bytes(), 1, NOON).is_ok());
        }

        assert!(places.pay(b"ada", 1, NOON.plus(Time::MINUTE)).is_ok());

        assert_eq!(places.lock().guests.len(), 1);
    }
}
