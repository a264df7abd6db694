//! Whether the daily look at our own routes found them as they are listed.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

/// It is done every day: two misses are too many.
const STALE: i64 = 50 * Time::HOUR;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "surface",
        title: "Its own surface was scanned",
        area: Area::Doors,
        promises: &[52, 69],
        looks_at: "every route, asked as a stranger: what is open against the list, headers, cookies; once a day",
        place: "",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let again = "it is done once a day while the server runs; onsight doctor --security --deep does it now";
    let Some(long) = inside.long(KIND.about.name) else {
        return Finding::unknown("nobody has looked at the routes yet", again);
    };
    if !long.is_fine {
        return Finding::red(
            long.said.clone(),
            "do not use this build: a route answers that should not, or lacks what it should wear",
        );
    }
    if long.at.plus(STALE) < facts.now {
        return Finding::amber(format!("it was last scanned at {}", long.at.rfc3339()), again);
    }
    Finding::green(format!("{}, at {}", long.said, long.at.rfc3339()))
}

#[cfg(test)]
mod tests {
    use super::{Inside, KIND};
    use crate::base::Time;
    use crate::trust::facts::{Long, fine};
    use crate::trust::finding::Level;

    fn long(inside: &mut Inside) -> &mut Long {
        let mut longs = inside.long.iter_mut();
        longs.find(|one| one.name == KIND.about.name).unwrap()
    }

    #[test]
    fn a_fault_is_red_in_its_own_words_and_an_old_look_is_amber() {
        let failed = fine::within(&KIND, |inside| {
            long(inside).is_fine = false;
            long(inside).said = "record 7 was changed".to_owned();
        });
        assert_eq!((failed.level, &*failed.said), (Level::Red, "record 7 was changed"));
        let old = fine::within(&KIND, |inside| {
            long(inside).at = fine::NOON.plus(-3 * Time::DAY);
        });
        assert_eq!(old.level, Level::Amber);
        let never = fine::within(&KIND, |inside| inside.long.clear());
        assert_eq!(never.level, Level::Unknown);
    }
}
