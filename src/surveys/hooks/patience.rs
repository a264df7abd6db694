//! How long an address is tried, and how long between.

use crate::base::{Patience, Time};

/// Of one message.
const PATIENCE: Patience = Patience {
    whole: 3 * Time::DAY,
    waits: &[
        5 * Time::SECOND,
        30 * Time::SECOND,
        2 * Time::MINUTE,
        10 * Time::MINUTE,
        Time::HOUR,
        3 * Time::HOUR,
        6 * Time::HOUR,
        6 * Time::HOUR,
        12 * Time::HOUR,
    ],
};
/// A server is heard that wants to be asked later, but not later than this.
const MOST: i64 = 6 * Time::HOUR;
/// A server that is not there is asked for other messages after this at the latest.
const REST: i64 = Time::MINUTE;

/// When to try again after that many tries; `None`: it is given up. `asked` is how many
/// seconds the other side wants to be left alone.
pub(super) fn next_try(since: Time, tries: i64, now: Time, asked: Option<u32>) -> Option<Time> {
    PATIENCE.next_after(since, tries, now, heard(asked))
}

fn heard(asked: Option<u32>) -> i64 {
    (i64::from(asked.unwrap_or_default()) * Time::SECOND).min(MOST)
}

/// Until when nothing else is tried at an address that did not answer, or asked for it.
pub(super) fn rest(next: Option<Time>, now: Time, asked: Option<u32>) -> Time {
    let least = now.plus(heard(asked));
    let soon = now.plus(REST);
    next.map_or(soon, |next| next.min(soon)).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_tried_for_three_days_and_ever_more_seldom() {
        let since = Time(1_000);
        let (mut now, mut tries, mut waits) = (since, 0, Vec::new());
        loop {
            tries += 1;
            let Some(next) = next_try(since, tries, now, None) else {
                break;
            };
            waits.push(next.0 - now.0);
            now = next;
        }

        assert_eq!(waits[..9], *PATIENCE.waits);
        assert_eq!(now, since.plus(PATIENCE.whole));
        assert!(waits.len() < 15, "{waits:?}");
    }

    #[test]
    fn what_a_server_asks_for_is_heard_within_bounds() {
        let now = Time(0);
        let next = |asked| next_try(now, 1, now, asked).unwrap().0 / Time::SECOND;
        assert_eq!(next(Some(90)), 90);
        assert_eq!(next(Some(1)), 5, "not sooner than it would be");
        assert_eq!(next(Some(u32::MAX)), MOST / Time::SECOND);
        assert_eq!(rest(Some(Time(5_000)), now, None), Time(5_000));
        assert_eq!(rest(Some(Time(Time::HOUR)), now, None), Time(REST));
        assert_eq!(rest(Some(Time(Time::HOUR)), now, Some(600)), Time(600_000));
        assert_eq!(rest(None, now, None), Time(REST));
    }
}
