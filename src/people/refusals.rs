//! Which refused keys were written down a moment ago, so that a program that
//! tries in a loop does not fill the journal.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::base::Time;

/// The same refusal is written down once in this time.
const QUIET: i64 = Time::MINUTE;
/// Written down at the most in that time, whatever is tried from wherever.
const MOST: usize = 200;

/// Refusals by what was tried and from where.
#[derive(Default)]
pub struct Refusals {
    written: Mutex<HashMap<(String, IpAddr), Time>>,
}

impl Refusals {
    /// This one is to be written down. `what` names the key and the reason.
    pub(super) fn is_news(&self, what: &str, address: IpAddr, now: Time) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.retain(|_, at| at.plus(QUIET) > now);
        if written.len() >= MOST {
            return false;
        }
        let before = written.insert((what.to_owned(), address), now);
        // Once more does not make it wait longer.
        if let Some(before) = before {
            written.insert((what.to_owned(), address), before);
        }
        before.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_written_down_once_a_minute_and_a_flood_not_at_all() {
        let refusals = Refusals::default();
        let (here, now) = ([10, 0, 0, 1].into(), Time(1_000_000));
        assert!(refusals.is_news("k expired", here, now));
        assert!(!refusals.is_news("k expired", here, now.plus(59_000)));
        assert!(refusals.is_news("k network", here, now));
        assert!(refusals.is_news("k expired", here, now.plus(Time::MINUTE)));
        let later = now.plus(Time::HOUR);
        let news = (0..1_000).filter(|n| refusals.is_news(&n.to_string(), here, later));
        assert_eq!(news.count(), MOST);
    }
}
