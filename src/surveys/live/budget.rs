//! How many events somebody may send: a purse that fills again.

use crate::base::Time;

/// A page that was without a line for long sends all it noted at once.
const FULL: i64 = 600;
/// Events a second, in the long run.
const RATE: i64 = 20;

/// What somebody has left, in thousandths of an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    left: i64,
    at: Time,
}

impl Budget {
    pub(super) fn new(now: Time) -> Budget {
        Budget {
            left: FULL * 1_000,
            at: now,
        }
    }

    fn fill(&mut self, now: Time) {
        // A clock that was put back fills nothing, and takes nothing away.
        let passed = (now.0 - self.at.0).clamp(0, FULL * 1_000 / RATE);
        self.left = (self.left + passed * RATE).min(FULL * 1_000);
        self.at = now;
    }

    /// Pays for a message with that many events; or how many seconds to wait.
    pub(super) fn pay(&mut self, events: usize, now: Time) -> Result<(), i64> {
        self.fill(now);
        // A message without any costs as well.
        let price = i64::try_from(events).unwrap_or(i64::MAX / 2_000).max(1) * 1_000;
        if price > self.left {
            return Err((price - self.left).div_euclid(RATE * 1_000) + 1);
        }
        self.left -= price;
        Ok(())
    }

    /// As good as new?
    pub(super) fn is_full(&mut self, now: Time) -> bool {
        self.fill(now);
        self.left == FULL * 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = Time(1_800_000_000_000);

    #[test]
    fn who_sends_all_at_once_waits_as_long_as_it_takes_to_fill() {
        let mut budget = Budget::new(NOON);

        assert_eq!(budget.pay(600, NOON), Ok(()));
        assert_eq!(budget.pay(40, NOON), Err(3));
        assert_eq!(budget.pay(40, NOON.plus(2 * Time::SECOND)), Ok(()));
        assert_eq!(budget.pay(1, NOON.plus(2 * Time::SECOND)), Err(1));
    }

    #[test]
    fn it_never_holds_more_than_it_did() {
        let mut budget = Budget::new(NOON);
        assert_eq!(budget.pay(0, NOON), Ok(()));
        assert!(!budget.is_full(NOON), "a message without events costs too");

        let later = Time(i64::MAX);
        assert!(budget.is_full(later));
        assert!(budget.pay(601, later).is_err());
        assert!(budget.pay(usize::MAX, later).is_err());
    }

    #[test]
    fn a_clock_put_back_neither_fills_nor_empties_it() {
        let mut budget = Budget::new(NOON);
        assert_eq!(budget.pay(590, NOON), Ok(()));

        assert_eq!(budget.pay(10, NOON.plus(-Time::DAY)), Ok(()));
        assert!(budget.pay(1, NOON.plus(-Time::DAY)).is_err());
    }
}
