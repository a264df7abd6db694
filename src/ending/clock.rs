//! Whether the clock can be believed: nothing is destroyed by one that jumped.

use std::fs;

use super::model::Error;
use super::sql;
use crate::alerts::{self, Alert, Severity};
use crate::base::Time;
use crate::site::Site;
use crate::store;

/// No clock that is right says less: 1 November 2026.
const RELEASED: Time = Time(1_793_491_200_000);
/// Who jumps so far or further is not believed.
const JUMP: i64 = Time::DAY;
/// How long a machine may have been off without somebody being asked.
const OFF: i64 = 7 * Time::DAY;
/// A clock that is believed is written down this seldom.
const OFTEN: i64 = Time::HOUR;
const ALERT: &str = "ending.clock";

/// What the clock says, and how long the machine is up in this run of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) wall: Time,
    /// Milliseconds, sleep included.
    pub(super) up: i64,
    pub(super) run: String,
}

impl Mark {
    pub(super) fn now(site: &Site) -> Mark {
        let wall = site.clock.now();
        if let Some(passed) = site.clock.passed() {
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
        if self.wall < RELEASED {
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
        let ahead = if is_same_run { JUMP } else { OFF };
        if (-JUMP + 1..ahead).contains(&apart) {
            return None;
        }
        let (hours, way) = (
            apart.unsigned_abs() / Time::HOUR.unsigned_abs(),
            if apart < 0 { "back" } else { "ahead" },
        );
        Some(format!(
            "the clock says {}, about {hours} hours {way} of what was to be expected",
            self.wall.rfc3339()
        ))
    }
}

/// What speaks against the clock now.
pub(super) async fn doubt(site: &Site) -> Result<Option<String>, store::Error> {
    let now = Mark::now(site);
    let before = site.system.read(sql::mark).await?;
    Ok(now.doubt(before.as_ref()))
}

/// Whether what is due may be destroyed now. Where the clock jumped, nothing is
/// until an operator says that it is right: an alert asks them.
pub async fn clock_is_sound(site: &Site) -> Result<bool, Error> {
    let now = Mark::now(site);
    let before = site.system.read(sql::mark).await?;
    if let Some(doubt) = now.doubt(before.as_ref()) {
        tracing::error!("nothing is destroyed: {doubt}");
        let alert = Alert {
            key: ALERT.to_owned(),
            severity: Severity::Critical,
            title: "The clock of this server jumped".to_owned(),
            text: format!(
                "Nothing that is due is destroyed: {doubt}. Put the clock right; if it is right, say so under Deletion."
            ),
            workspace: None,
        };
        alerts::raise(site, alert).await?;
        return Ok(false);
    }
    alerts::settle(site, ALERT).await?;
    let is_old = before
        .is_none_or(|before| before.run != now.run || (now.wall.0 - before.wall.0).abs() >= OFTEN);
    if is_old {
        // A note of the work itself: nothing an auditor asks for.
        let keep = move |tx: &store::Transaction<'_>| sql::keep_mark(tx, &now);
        site.system.write(keep).await?;
    }
    Ok(true)
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
    fn a_machine_may_have_been_off_for_a_week_and_never_before_today() {
        let before = mark(NOON, 9_000_000, "a");

        assert_eq!(
            mark(NOON + 6 * Time::DAY, 10, "b").doubt(Some(&before)),
            None
        );
        assert!(
            mark(NOON + 8 * Time::DAY, 10, "b")
                .doubt(Some(&before))
                .is_some()
        );
        assert!(
            mark(NOON - 2 * Time::DAY, 10, "b")
                .doubt(Some(&before))
                .is_some()
        );
        assert!(mark(0, 10, "a").doubt(None).is_some());
    }
}
