//! Whether the time can be believed: nothing is destroyed by a clock that
//! jumped.
//!
//! The wall clock is compared with how long the machine has been running since
//! the last look, also across a restart of the process. What does not fit by a
//! day or more is a jump, and stays one until an operator confirms the time.

use crate::base::Time;

/// How far wall clock and machine may be apart.
const MOST: i64 = Time::DAY;
/// 2026-11-01: no honest clock is before this was written.
const BUILT: Time = Time(1_793_491_200_000);

/// A look at both clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) wall: Time,
    /// Milliseconds the machine has been running.
    pub(super) uptime: i64,
    /// Which start of the machine it was.
    pub(super) boot: String,
}

impl Look {
    /// What the machine says now, beside that wall clock.
    pub(super) fn at(wall: Time) -> Look {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let uptime = read("/proc/uptime");
        let uptime = uptime.split_whitespace().next().unwrap_or_default();
        let (seconds, parts) = uptime.split_once('.').unwrap_or((uptime, "0"));
        let seconds = seconds.parse::<i64>().unwrap_or_default();
        let parts = format!("{parts:0<3}");
        Look {
            wall,
            uptime: seconds * Time::SECOND + parts[..3].parse::<i64>().unwrap_or_default(),
            boot: read("/proc/sys/kernel/random/boot_id").trim().to_owned(),
        }
    }
}

/// What is wrong with the time; `None` when it can be believed.
pub(super) fn doubt(before: Option<&Look>, now: &Look) -> Option<String> {
    if now.wall < BUILT {
        return Some(format!(
            "the clock says {}, before this version of Onsight was made",
            now.wall.rfc3339()
        ));
    }
    let before = before?;
    // After a restart of the machine nobody knows how long it was off.
    let passed = if before.boot == now.boot {
        now.uptime - before.uptime
    } else {
        0
    };
    let expected = before.wall.plus(passed);
    let apart = now.wall.0 - expected.0;
    (apart.abs() >= MOST).then(|| {
        let way = if apart > 0 { "forward" } else { "back" };
        format!(
            "the clock went {way} by {} hours, from {} to {}",
            apart.abs() / Time::HOUR,
            expected.rfc3339(),
            now.wall.rfc3339()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(wall: i64, uptime: i64, boot: &str) -> Look {
        Look {
            wall: BUILT.plus(wall),
            uptime,
            boot: boot.to_owned(),
        }
    }

    #[test]
    fn a_jump_of_a_day_either_way_is_doubted_and_time_that_passed_is_not() {
        let before = look(500 * Time::DAY, 1000, "a");
        for jump in [-400, -2, -1, 1, 2, 400] {
            let now = look((500 + jump) * Time::DAY, 1000, "a");
            assert!(doubt(Some(&before), &now).is_some(), "{jump} days");
        }
        for hours in [-23, -1, 0, 1, 23] {
            let now = look(500 * Time::DAY + hours * Time::HOUR, 1000, "a");
            assert_eq!(doubt(Some(&before), &now), None, "{hours} hours");
        }
        let later = look(520 * Time::DAY, 1000 + 20 * Time::DAY, "a");
        assert_eq!(doubt(Some(&before), &later), None);
        let restarted = look(500 * Time::DAY + Time::HOUR, 5, "b");
        assert_eq!(doubt(Some(&before), &restarted), None);
        let off = look(503 * Time::DAY, 5, "b");
        assert!(
            doubt(Some(&before), &off)
                .unwrap()
                .contains("forward by 72 hours")
        );
        assert!(doubt(None, &look(-1, 0, "a")).is_some());
        assert_eq!(doubt(None, &look(0, 0, "a")), None);
    }

    #[test]
    fn the_machine_says_how_long_it_runs() {
        let look = Look::at(BUILT);
        assert!(look.uptime > 0 && look.boot.len() == 36, "{look:?}");
    }
}
