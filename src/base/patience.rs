//! How long somebody else's machine is tried, and how long between.

use super::Time;

/// What is sent again until it arrives or its time is over.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Milliseconds from when it was first wanted: then it is given up.
    pub whole: i64,
    /// Milliseconds after the first try, after the second, and so on; the last of them
    /// from there on.
    pub waits: &'static [i64],
}

impl Patience {
    /// For what people wait for: a letter, a postback, a file.
    pub const DAY: Patience = Patience {
        whole: Time::DAY,
        waits: &[
            Time::MINUTE,
            5 * Time::MINUTE,
            15 * Time::MINUTE,
            Time::HOUR,
            2 * Time::HOUR,
            4 * Time::HOUR,
        ],
    };

    /// When to try again after that many tries; `None`: it is given up.
    pub fn next(&self, since: Time, tries: i64, now: Time) -> Option<Time> {
        self.next_after(since, tries, now, 0)
    }

    /// The same, with so many milliseconds between at least.
    pub fn next_after(&self, since: Time, tries: i64, now: Time, least: i64) -> Option<Time> {
        let end = since.plus(self.whole);
        if now >= end {
            return None;
        }
        let at = usize::try_from(tries - 1).unwrap_or_default();
        let wait = self.waits.get(at).or(self.waits.last()).copied();
        // The last try is made when the time is over.
        Some(now.plus(wait.unwrap_or_default().max(least)).min(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_tried_for_a_day_and_ever_more_seldom() {
        let since = Time(1_800_000_000_000);
        let (mut now, mut tries, mut waits) = (since, 1, Vec::new());
        while let Some(next) = Patience::DAY.next(since, tries, now) {
            waits.push((next.0 - now.0) / Time::MINUTE);
            (now, tries) = (next, tries + 1);
        }

        assert_eq!(waits, [1, 5, 15, 60, 120, 240, 240, 240, 240, 240, 39]);
        assert_eq!(now, since.plus(Time::DAY));
    }

    #[test]
    fn who_wants_to_be_left_alone_is_but_not_for_longer_than_there_is_time() {
        let next = |tries, least| Patience::DAY.next_after(Time(0), tries, Time(0), least);
        assert_eq!(next(1, 90_000), Some(Time(90_000)));
        assert_eq!(next(1, 1), Some(Time(Time::MINUTE)));
        assert_eq!(next(1, i64::MAX), Some(Time(Time::DAY)));
        assert_eq!(next(0, 0), Some(Time(Time::MINUTE)), "before the first try");
    }
}
