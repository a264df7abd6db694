//! When the next point is due, and when one is late.

use jiff::civil::Time as OfDay;
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

use crate::base::Time;

/// How long after its slot a point is late.
pub(super) const LATE: i64 = Time::HOUR;

/// When points are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Hours between two points.
    pub every: u32,
    /// Minutes after midnight when the nightly full one is made.
    pub nightly: u32,
    /// Whose midnight: a name such as `Europe/Berlin`.
    pub zone: String,
}

/// A moment at which a point is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub at: Time,
    /// Everything is copied, not only what changed.
    pub is_full: bool,
}

impl Schedule {
    /// The zone, if there is one of that name.
    pub fn zone(name: &str) -> Option<TimeZone> {
        match name {
            "UTC" => Some(TimeZone::UTC),
            name => TimeZone::get(name).ok(),
        }
    }

    /// The newest slot that has come.
    pub fn latest(&self, now: Time) -> Slot {
        let zoned = self.local(now);
        // Slots are counted from the night before; where clocks are set, the
        // night is shorter or longer and the last slot of it as well.
        let night = self.night(&zoned);
        let night = match night {
            Some(night) if night <= now => night,
            _ => self.night_before(&zoned).unwrap_or(now),
        };
        let step = i64::from(self.every.max(1)) * Time::HOUR;
        let count = (now.0 - night.0) / step;
        Slot {
            at: night.plus(count * step),
            is_full: count == 0,
        }
    }

    /// The slot after that moment.
    pub fn next(&self, now: Time) -> Slot {
        let step = i64::from(self.every.max(1)) * Time::HOUR;
        let latest = self.latest(now);
        let next = latest.at.plus(step);
        let slot = self.latest(next);
        if slot.at > latest.at {
            slot
        } else {
            Slot {
                at: next,
                is_full: false,
            }
        }
    }

    fn local(&self, now: Time) -> Zoned {
        let zone = Schedule::zone(&self.zone).unwrap_or(TimeZone::UTC);
        now.timestamp().to_zoned(zone)
    }

    /// This day's nightly moment.
    fn night(&self, day: &Zoned) -> Option<Time> {
        let hour = i8::try_from(self.nightly / 60).ok()?;
        let minute = i8::try_from(self.nightly % 60).ok()?;
        let of_day = OfDay::new(hour, minute, 0, 0).ok()?;
        let at = day.date().to_datetime(of_day);
        let at = at.to_zoned(day.time_zone().clone()).ok()?;
        Some(Time(at.timestamp().as_millisecond()))
    }

    fn night_before(&self, day: &Zoned) -> Option<Time> {
        let before = day.checked_sub(Span::new().days(1)).ok()?;
        self.night(&before)
    }
}

/// Is a point due? `last` is the slot of the newest whole one; one that lies in
/// the future was made before the clock was set back.
pub(super) fn is_due(latest: Slot, last: Option<Time>) -> bool {
    last.is_none_or(|last| last != latest.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        Time(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn said(slot: Slot) -> String {
        let full = if slot.is_full { " full" } else { "" };
        format!("{}{full}", slot.at.rfc3339())
    }

    #[test]
    fn four_points_a_day_and_the_nightly_one_is_full() {
        let schedule = Schedule {
            every: 6,
            nightly: 2 * 60,
            zone: "UTC".to_owned(),
        };
        for (now, latest, next) in [
            (
                "2026-11-22T02:00:00Z",
                "2026-11-22T02:00:00Z full",
                "2026-11-22T08:00:00Z",
            ),
            (
                "2026-11-22T01:59:59Z",
                "2026-11-21T20:00:00Z",
                "2026-11-22T02:00:00Z full",
            ),
            (
                "2026-11-22T14:30:00Z",
                "2026-11-22T14:00:00Z",
                "2026-11-22T20:00:00Z",
            ),
        ] {
            assert_eq!(said(schedule.latest(at(now))), latest, "{now}");
            assert_eq!(said(schedule.next(at(now))), next, "{now}");
        }
    }

    #[test]
    fn night_is_where_the_operator_says_also_when_clocks_are_set() {
        let schedule = Schedule {
            every: 12,
            nightly: 2 * 60 + 30,
            zone: "Europe/Berlin".to_owned(),
        };
        assert_eq!(
            said(schedule.latest(at("2026-07-01T00:30:00Z"))),
            "2026-07-01T00:30:00Z full"
        );
        assert_eq!(
            said(schedule.latest(at("2026-01-01T01:30:00Z"))),
            "2026-01-01T01:30:00Z full"
        );
        // That night has no half past two.
        let slot = schedule.latest(at("2026-03-29T03:00:00Z"));
        assert!(
            slot.is_full && slot.at >= at("2026-03-29T00:30:00Z"),
            "{slot:?}"
        );
        let mut now = at("2026-03-27T00:00:00Z");
        for _ in 0..40 {
            let next = schedule.next(now);
            assert!(
                next.at > now && next.at.0 - now.0 <= 13 * Time::HOUR,
                "{next:?}"
            );
            now = next.at;
        }
    }

    #[test]
    fn a_clock_set_back_skips_nothing() {
        let latest = Slot {
            at: Time(1000),
            is_full: true,
        };
        assert!(is_due(latest, None));
        assert!(is_due(latest, Some(Time(900))));
        assert!(is_due(latest, Some(Time(5000))));
        assert!(!is_due(latest, Some(Time(1000))));
    }
}
