//! Whether there is a copy of everything, recent, elsewhere, and as old as it may be.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count, some};

/// No copy may be older than this, unless a hold keeps it.
const OLDEST: i64 = 30 * Time::DAY;
/// What is pruned each day may be a day over.
const SLACK: i64 = 2 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "backup",
        title: "Copies are made",
        area: Area::Copies,
        promises: &[46, 50, 75],
        looks_at: "plan, last point, destinations and the age of the oldest point",
        place: "/backup",
        is_guard: false,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let points = &inside.copies.points;
    if points.destinations == 0 || points.holders == 0 {
        return Finding::red(
            "nothing is backed up: there is no destination, or nobody who could open a copy",
            "make an identity (onsight backup identity), and name a destination",
        );
    }
    if let Some(why) = &points.waits {
        return Finding::red(format!("backups wait: {why}"), "look at the page and say that it may go on");
    }
    if !points.is_on {
        return Finding::red("backups are switched off", "switch them on");
    }
    if points.is_late {
        let last = points.newest.map_or_else(|| "never".to_owned(), Time::rfc3339);
        return Finding::red(format!("a backup is late; the last is of {last}"), mend(&points.faults));
    }
    if let Some(oldest) = points.oldest.filter(|oldest| oldest.plus(OLDEST + SLACK) < facts.now) {
        return Finding::red(
            format!("a copy is of {}: older than 30 days, and no hold keeps it", oldest.rfc3339()),
            "see why it could not be destroyed: its destination may be out of reach",
        );
    }
    if points.is_degraded || !points.faults.is_empty() {
        return Finding::amber(
            format!("not every destination has the last copy: {}", some(&points.faults)),
            mend(&points.faults),
        );
    }
    if points.destinations < 2 {
        return Finding::amber("there is one destination only", "name a second one, in another place");
    }
    let places = count(points.destinations, "destination");
    Finding::green(match points.newest {
        Some(newest) => format!("the last is of {}, at {places}", newest.rfc3339()),
        None => format!("the first goes to {places} when its hour comes"),
    })
}

fn mend(faults: &[String]) -> String {
    match faults.first() {
        Some(fault) => format!("mend the way there ({fault}); the page has a test for each destination"),
        None => "look at the page and at the log why it was not made".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::{Points, fine};
    use crate::trust::finding::Level;

    #[test]
    fn a_backup_that_is_late_off_nowhere_or_too_old_is_red() {
        let level = |change: fn(&mut Points)| {
            fine::within(&KIND, |inside| change(&mut inside.copies.points)).level
        };
        assert_eq!(level(|points| points.is_late = true), Level::Red);
        assert_eq!(level(|points| points.is_on = false), Level::Red);
        assert_eq!(level(|points| points.destinations = 0), Level::Red);
        assert_eq!(level(|points| points.holders = 0), Level::Red);
        assert_eq!(level(|points| points.waits = Some("the clock".into())), Level::Red);
        let old = |points: &mut Points| points.oldest = Some(fine::NOON.plus(-33 * Time::DAY));
        assert_eq!(level(old), Level::Red);
        assert_eq!(level(|points| points.is_degraded = true), Level::Amber);
        assert_eq!(level(|points| points.destinations = 1), Level::Amber);
        assert_eq!(level(|points| points.faults = vec!["nas: full".into()]), Level::Amber);
    }
}
