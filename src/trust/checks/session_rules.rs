//! How soon sessions lock and end.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, some};

/// Minutes and hours that are usual.
const IDLE: i64 = 15;
const LONGEST: i64 = 12;
/// Beyond this nobody would call it a lock.
const TOO_LONG: i64 = 30;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "session_rules",
        title: "Sessions lock and end",
        area: Area::People,
        promises: &[32],
        looks_at: "the sign-in rules of each workspace; passwords have one rule for all: 15 characters, or 8 beside a second factor",
        place: "/workspaces",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let wide = |place: &&crate::trust::facts::Place| place.idle > IDLE || place.longest > LONGEST;
    let loose: Vec<_> = inside.places.iter().filter(wide).collect();
    if loose.is_empty() {
        return Finding::green("every workspace locks within 15 minutes and ends a session within 12 hours");
    }
    let named: Vec<String> = loose
        .iter()
        .map(|place| format!("{} after {} minutes, {} hours", place.name, place.idle, place.longest))
        .collect();
    let todo = "an admin of that workspace shortens it under Members, Sign-in rules";
    if loose.iter().any(|place| place.idle > TOO_LONG) {
        Finding::red(some(&named), todo)
    } else {
        Finding::amber(some(&named), todo)
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn sessions_that_stay_open_are_told_of_with_their_workspace() {
        for (idle, longest, level) in [(20, 12, Level::Amber), (15, 24, Level::Amber), (60, 12, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                (inside.places[0].idle, inside.places[0].longest) = (idle, longest);
            });
            assert_eq!(found.level, level, "{idle} {longest}");
            assert!(found.said.contains("Northgate"));
        }
    }
}
