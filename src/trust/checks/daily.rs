//! What is looked at once a day and only read here: chain and surface.

use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::Finding;

/// It is done every day: two misses are too many.
const STALE: i64 = 50 * Time::HOUR;

/// How one daily look is spoken of.
pub(super) struct Words {
    pub(super) never: &'static str,
    /// `it was last … at`
    pub(super) done: &'static str,
    /// What to do where it found a fault.
    pub(super) todo: &'static str,
}

/// What the newest of these looks found.
pub(super) fn newest(facts: &Facts, inside: &Inside, name: &str, words: &Words) -> Finding {
    let again =
        "it is done once a day while the server runs; onsight doctor --security --deep does it now";
    let Some(long) = inside.long(name) else {
        return Finding::unknown(words.never, again);
    };
    if !long.is_fine {
        return Finding::red(long.said.clone(), words.todo);
    }
    if long.at.plus(STALE) < facts.now {
        return Finding::amber(
            format!("it was last {} at {}", words.done, long.at.rfc3339()),
            again,
        );
    }
    Finding::green(format!("{}, at {}", long.said, long.at.rfc3339()))
}

#[cfg(test)]
mod tests {
    use super::super::{Check, chain, surface};
    use super::Inside;
    use crate::base::Time;
    use crate::trust::facts::{Long, fine};
    use crate::trust::finding::Level;

    #[test]
    fn a_fault_is_red_in_its_own_words_and_an_old_look_is_amber() {
        for kind in [&chain::KIND, &surface::KIND] {
            let long = |inside: &mut Inside, change: fn(&mut Long)| {
                let mut longs = inside.long.iter_mut();
                change(longs.find(|one| one.name == kind.about().name).unwrap());
            };
            let failed = fine::within(kind, |inside| {
                long(inside, |one| {
                    one.is_fine = false;
                    one.said = "record 7 was changed".to_owned();
                });
            });
            assert_eq!(
                (failed.level, &*failed.said),
                (Level::Red, "record 7 was changed")
            );
            let old = fine::within(kind, |inside| {
                long(inside, |one| one.at = fine::NOON.plus(-3 * Time::DAY));
            });
            assert_eq!(old.level, Level::Amber);
            let never = fine::within(kind, |inside| inside.long.clear());
            assert_eq!(never.level, Level::Unknown);
        }
    }
}
