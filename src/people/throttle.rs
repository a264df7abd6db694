//! Slows down whoever guesses passwords, without letting them lock out the
//! person whose password it is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::base::Time;

/// Tries that cost nothing.
const FREE: u32 = 5;
/// The longest wait, in milliseconds.
const LONGEST: i64 = 15 * Time::MINUTE;
/// Pairs remembered at the most; the oldest are forgotten first.
const MOST: usize = 50_000;

/// Failures by account *and* address: a stranger elsewhere does not make the
/// owner wait, and one address does not try for ever.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<HashMap<(String, IpAddr), Failures>>,
}

struct Failures {
    count: u32,
    last: Time,
    /// When the journal was told of a try that had to wait.
    told: Option<Time>,
}

impl Throttle {
    /// The seconds still to wait before the next try may be made.
    pub(super) fn wait(&self, account: &str, address: IpAddr, now: Time) -> Option<i64> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let found = failures.get(&(account.to_owned(), network(address)))?;
        let over = found.count.checked_sub(FREE)?;
        let delay = (Time::SECOND << over.min(20)).min(LONGEST);
        let left = found.last.0 + delay - now.0;
        (left > 0).then_some((left + Time::SECOND - 1) / Time::SECOND)
    }

    /// Whether a try that has to wait is worth a line in the journal: once a
    /// minute, so that whoever tries does not fill the disk.
    pub(super) fn is_news(&self, account: &str, address: IpAddr, now: Time) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(failed) = failures.get_mut(&(account.to_owned(), network(address))) else {
            return false;
        };
        let is_news = failed.told.is_none_or(|told| told.plus(Time::MINUTE) < now);
        if is_news {
            failed.told = Some(now);
        }
        is_news
    }

    pub(super) fn failed(&self, account: &str, address: IpAddr, now: Time) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST {
            failures.retain(|_, failed| failed.last.0 + LONGEST > now.0);
        }
        let failed = failures
            .entry((account.to_owned(), network(address)))
            .or_insert(Failures {
                count: 0,
                last: now,
                told: None,
            });
        // A day without a failure starts anew.
        if failed.last.plus(Time::DAY) < now {
            failed.count = 0;
        }
        failed.count = failed.count.saturating_add(1);
        failed.last = now;
    }

    pub(super) fn succeeded(&self, account: &str, address: IpAddr) {
        self.failures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&(account.to_owned(), network(address)));
    }
}

/// One household of IPv6 addresses counts as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slower_and_does_not_hold_up_others() {
        let throttle = Throttle::default();
        let (here, there) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let now = Time(1_000_000);
        for _ in 0..8 {
            throttle.failed("ada", here, now);
        }
        assert_eq!(throttle.wait("ada", here, now), Some(8));
        assert_eq!(throttle.wait("ada", here, now.plus(8 * Time::SECOND)), None);
        assert_eq!(throttle.wait("ada", there, now), None);
        assert_eq!(throttle.wait("bob", here, now), None);

        throttle.succeeded("ada", here);

        assert_eq!(throttle.wait("ada", here, now), None);
    }
}
