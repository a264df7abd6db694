//! Which points go, and why. Nothing else destroys one.

use crate::base::Time;

/// No copy is older than this, anywhere, unless it is held.
pub(super) const HARD_CAP: i64 = 30 * Time::DAY;

/// Why a point was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// In its slot: every night a full one, between nights what changed.
    Slot,
    /// Somebody asked for it.
    Asked,
    /// Before another version was installed.
    Upgrade,
}

impl Reason {
    pub const ALL: [Reason; 3] = [Reason::Slot, Reason::Asked, Reason::Upgrade];

    pub fn name(self) -> &'static str {
        match self {
            Reason::Slot => "slot",
            Reason::Asked => "asked",
            Reason::Upgrade => "upgrade",
        }
    }

    pub fn named(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What is known of a point when it is decided whether it stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) at: Time,
    pub(super) reason: Reason,
    /// The full point it builds on; `None`: it is one itself.
    pub(super) base: Option<String>,
    /// At least one destination holds it whole.
    pub(super) is_whole: bool,
    pub(super) is_held: bool,
}

/// A point that goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gone {
    pub(super) id: String,
    pub(super) why: &'static str,
}

/// What goes now, of all points there are. `nights` is how many nightly points
/// stay; those made between them stay as long as the full one they build on.
pub(super) fn gone(points: &[Kept], nights: usize, now: Time) -> Vec<Gone> {
    let mut nightly: Vec<&Kept> = { points.iter() }
        .filter(|one| one.reason == Reason::Slot && one.base.is_none() && one.is_whole)
        .collect();
    nightly.sort_by_key(|one| std::cmp::Reverse(one.at));
    let kept: Vec<&str> = nightly
        .iter()
        .take(nights)
        .map(|one| one.id.as_str())
        .collect();
    let is_needed = |id: &str| {
        points
            .iter()
            .any(|other| other.is_held && other.base.as_deref() == Some(id))
    };
    let why = |one: &Kept| {
        if one.is_held || is_needed(&one.id) {
            return None;
        }
        let age = now.0 - one.at.0;
        if age > HARD_CAP {
            return Some("older than 30 days");
        }
        let days = i64::try_from(nights).unwrap_or(30) * Time::DAY;
        match (&one.base, one.reason) {
            // What never became whole is of no use once it is not being made.
            _ if !one.is_whole => (age > Time::DAY).then_some("never whole"),
            (Some(base), _) => (!kept.contains(&base.as_str())).then_some("what it builds on goes"),
            (None, Reason::Slot) => {
                (!kept.contains(&one.id.as_str())).then_some("enough newer nightly points")
            }
            (None, Reason::Asked) => (age > days).then_some("older than nightly points are kept"),
            (None, Reason::Upgrade) => None,
        }
    };
    let gone = points.iter().filter_map(|one| {
        why(one).map(|why| Gone {
            id: one.id.clone(),
            why,
        })
    });
    gone.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(id: &str, at: i64, base: Option<&str>) -> Kept {
        Kept {
            id: id.to_owned(),
            at: Time(at),
            reason: Reason::Slot,
            base: base.map(str::to_owned),
            is_whole: true,
            is_held: false,
        }
    }

    /// Four a day for so many days; the first of a day is full.
    fn days(count: i64) -> Vec<Kept> {
        (0..count * 4)
            .map(|number| {
                let base = (number % 4 != 0).then(|| format!("p{}", number / 4 * 4));
                point(
                    &format!("p{number}"),
                    number * 6 * Time::HOUR,
                    base.as_deref(),
                )
            })
            .collect()
    }

    fn left(points: &[Kept], now: i64) -> Vec<String> {
        let gone = gone(points, 7, Time(now));
        let left = points
            .iter()
            .filter(|one| gone.iter().all(|gone| gone.id != one.id));
        left.map(|one| one.id.clone()).collect()
    }

    #[test]
    fn seven_nights_stay_with_what_was_made_between_them() {
        let points = days(40);
        let left = left(&points, 40 * Time::DAY);
        assert_eq!(left.len(), 28);
        assert_eq!(left.first().unwrap(), "p132");
        assert_eq!(left.last().unwrap(), "p159");
    }

    #[test]
    fn nothing_is_older_than_thirty_days_unless_it_is_held() {
        let mut points = vec![
            point("lonely", 0, None),
            Kept {
                reason: Reason::Asked,
                ..point("asked", 0, None)
            },
            Kept {
                reason: Reason::Upgrade,
                ..point("upgrade", 0, None)
            },
            point("base", 0, None),
            Kept {
                is_held: true,
                ..point("held", 1, Some("base"))
            },
        ];
        assert_eq!(
            left(&points, 30 * Time::DAY),
            ["lonely", "upgrade", "base", "held"]
        );
        assert_eq!(left(&points, 30 * Time::DAY + 1), ["base", "held"]);
        points[4].is_held = false;
        assert_eq!(left(&points, 30 * Time::DAY + 2), Vec::<String>::new());
    }

    #[test]
    fn half_a_point_neither_counts_nor_stays() {
        let mut points = days(8);
        for one in points.iter_mut().rev().take(4) {
            one.is_whole = false;
        }
        let left = left(&points, 8 * Time::DAY);
        assert!(
            left.contains(&"p0".to_owned()),
            "the seventh whole night: {left:?}"
        );
        let later = gone(&points, 7, Time(9 * Time::DAY + 1));
        assert_eq!(
            later
                .iter()
                .filter(|gone| gone.why == "never whole")
                .count(),
            4
        );
    }
}
