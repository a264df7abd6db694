//! What the clock says, held against how long the machine is up.

use std::fs;

use crate::base::{Clock, Time};

/// Who jumps so far or further is not believed. How long a machine was off
/// nobody knows: a day is asked about as well.
const JUMP: i64 = Time::DAY;

/// What the clock says, and how long the machine is up in this run of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) wall: Time,
    /// Milliseconds, sleep included.
    pub(super) up: i64,
    pub(super) run: String,
}

impl Mark {
    pub(super) fn of(clock: &Clock) -> Mark {
        let wall = clock.now();
        if let Some(passed) = clock.passed() {
            return Mark {
                wall,
                up: passed,
                run: "set".to_owned(),
            };
        }
        let said = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let up = said("/proc/uptime");
        let seconds = up
            .split(' ')
            .next()
            .and_then(|text| text.parse::<f64>().ok());
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a machine is up for fewer milliseconds than that"
        )]
        let up = seconds.map_or(0, |seconds| (seconds * 1000.0) as i64);
        let run = said("/proc/sys/kernel/random/boot_id");
        Mark {
            wall,
            up,
            run: run.trim().to_owned(),
        }
    }

    /// What speaks against it, after what was believed before.
    pub(super) fn doubt(&self, before: Option<&Mark>) -> Option<String> {
        if self.wall < Time::RELEASED {
            return Some(format!(
                "the clock says {}, which is before this version was made",
                self.wall.rfc3339()
            ));
        }
        let before = before?;
        let is_same_run = !self.run.is_empty() && self.run == before.run;
        let expected = before
            .wall
            .plus(if is_same_run { self.up - before.up } else { 0 });
        let apart = self.wall.0.saturating_sub(expected.0);
        if apart.abs() < JUMP {
            return None;
        }
        let (hours, way) = (
            apart.abs() / Time::HOUR,
            if apart < 0 { "back" } else { "ahead" },
        );
        Some(format!(
            "the clock says {}, about {hours} hours {way} of what was to be expected",
            self.wall.rfc3339()
        ))
    }

    /// Of another run, or that far from it.
    pub(super) fn is_apart(&self, before: &Mark, far: i64) -> bool {
        self.run != before.run || (self.wall.0 - before.wall.0).abs() >= far
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_800_000_000_000;

    fn mark(wall: i64, up: i64, run: &str) -> Mark {
        Mark {
            wall: Time(wall),
            up,
            run: run.to_owned(),
        }
    }

    #[test]
    fn a_clock_that_goes_on_is_believed_however_long_it_goes() {
        let before = mark(NOON, 0, "a");

        for days in [0, 1, 40, 400] {
            let passed = days * Time::DAY;
            assert_eq!(mark(NOON + passed, passed, "a").doubt(Some(&before)), None);
        }
        assert_eq!(before.doubt(None), None);
    }

    #[test]
    fn a_clock_that_jumps_a_day_either_way_is_not_believed() {
        let before = mark(NOON, 500, "a");

        for jump in [Time::DAY, -Time::DAY, 400 * Time::DAY, -300 * Time::DAY] {
            assert!(
                mark(NOON + jump, 500, "a").doubt(Some(&before)).is_some(),
                "{jump}"
            );
        }
        for jump in [Time::HOUR, -Time::HOUR, Time::DAY - 1, 1 - Time::DAY] {
            assert_eq!(
                mark(NOON + jump, 500, "a").doubt(Some(&before)),
                None,
                "{jump}"
            );
        }
    }

    #[test]
    fn a_machine_may_have_been_off_for_less_than_a_day_and_never_before_today() {
        let before = mark(NOON, 9_000_000, "a");
        let again = |wall| mark(wall, 10, "b").doubt(Some(&before)).is_some();

        assert!(!again(NOON + 23 * Time::HOUR));
        assert!(again(NOON + Time::DAY));
        assert!(again(NOON - 2 * Time::DAY));
        assert!(mark(0, 10, "a").doubt(None).is_some());
    }

    #[test]
    fn the_machine_says_how_long_it_is_up() {
        let now = Mark::of(&Clock::system());

        assert!(now.up > 0 && now.run.len() == 36, "{now:?}");
    }
}
