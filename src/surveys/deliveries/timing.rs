//! When a schedule falls due.

use jiff::civil::{Date, Time as OfDay};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

use super::model::{Every, When};
use crate::base::Time;

/// In so many days there is a day of every schedule.
const DAYS: i64 = 32;

/// The zone, if there is one of that name.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    match name {
        "UTC" => Some(TimeZone::UTC),
        name => TimeZone::get(name).ok(),
    }
}

impl When {
    /// The newest of its moments that has come; `None`: it has none.
    pub(in crate::surveys) fn latest(&self, now: Time) -> Option<Time> {
        let mut days = (0..=DAYS).filter_map(|back| self.moment(now, -back));
        days.find(|at| *at <= now)
    }

    /// The first that is to come.
    pub(in crate::surveys) fn next(&self, now: Time) -> Option<Time> {
        let mut days = (0..=DAYS).filter_map(|ahead| self.moment(now, ahead));
        days.find(|at| *at > now)
    }

    /// Its moment on the day that many days from now, if it has one then.
    fn moment(&self, now: Time, days: i64) -> Option<Time> {
        let zone = zone(&self.zone).unwrap_or(TimeZone::UTC);
        let today: Zoned = now.timestamp().to_zoned(zone.clone());
        let date = today.date().checked_add(Span::new().days(days)).ok()?;
        if !self.is_on(date) {
            return None;
        }
        let hour = i8::try_from(self.at / 60).ok()?;
        let minute = i8::try_from(self.at % 60).ok()?;
        let of_day = OfDay::new(hour, minute, 0, 0).ok()?;
        // Where clocks are set and there is no such hour, the next one is meant.
        let at = date.to_datetime(of_day).to_zoned(zone).ok()?;
        Some(Time(at.timestamp().as_millisecond()))
    }

    fn is_on(&self, date: Date) -> bool {
        let day = match self.every {
            Every::Never => return false,
            Every::Day => return true,
            Every::Week => date.weekday().to_monday_one_offset(),
            Every::Month => date.day(),
        };
        u32::try_from(day) == Ok(self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        Time(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn when(every: Every, day: u32, zone: &str) -> When {
        When {
            every,
            day,
            at: 6 * 60 + 30,
            zone: zone.to_owned(),
            is_new_only: false,
        }
    }

    #[test]
    fn a_schedule_has_its_hour_in_its_zone_also_when_clocks_are_set() {
        let berlin = |every, day| when(every, day, "Europe/Berlin");
        for (when, now, latest, next) in [
            // A Sunday.
            (
                when(Every::Day, 0, "UTC"),
                "2026-11-22T06:29:59Z",
                "2026-11-21T06:30:00Z",
                "2026-11-22T06:30:00Z",
            ),
            (
                berlin(Every::Day, 0),
                "2026-07-01T04:30:00Z",
                "2026-07-01T04:30:00Z",
                "2026-07-02T04:30:00Z",
            ),
            (
                berlin(Every::Week, 1),
                "2026-11-22T12:00:00Z",
                "2026-11-16T05:30:00Z",
                "2026-11-23T05:30:00Z",
            ),
            (
                berlin(Every::Month, 28),
                "2026-03-28T05:00:00Z",
                "2026-02-28T05:30:00Z",
                "2026-03-28T05:30:00Z",
            ),
            (
                berlin(Every::Month, 28),
                "2026-03-29T05:00:00Z",
                "2026-03-28T05:30:00Z",
                "2026-04-28T04:30:00Z",
            ),
        ] {
            assert_eq!(when.latest(at(now)), Some(at(latest)), "{now}");
            assert_eq!(when.next(at(now)), Some(at(next)), "{now}");
        }
        let never = when(Every::Never, 0, "UTC");
        assert_eq!(
            (
                never.latest(at("2026-11-22T12:00:00Z")),
                never.next(Time(0))
            ),
            (None, None)
        );
    }

    #[test]
    fn an_hour_that_a_day_does_not_have_is_the_next_one() {
        let night = When {
            at: 2 * 60 + 30,
            ..when(Every::Day, 0, "Europe/Berlin")
        };
        let mut now = at("2026-03-27T00:00:00Z");
        for _ in 0..5 {
            let next = night.next(now).unwrap();
            assert!(next > now && next.0 - now.0 <= 26 * Time::HOUR, "{next:?}");
            assert_eq!(night.latest(next), Some(next));
            now = next;
        }
    }
}
