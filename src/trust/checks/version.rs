//! Whether this version is recent.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::document::{VERSION, dated};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

const OLD: i64 = 180 * Time::DAY;
const TOO_OLD: i64 = 365 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "version",
        title: "The version is recent",
        area: Area::Host,
        promises: &[31, 65],
        looks_at: "the version of this program and its date",
        place: "/security/server",
        is_guard: false,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let age = facts.now.0 - dated().0;
    let said = format!("version {VERSION} is {} days old", (age / Time::DAY).max(0));
    let todo = "look for a newer one, and for what it mends: apt update && apt list --upgradable";
    match age {
        age if age > TOO_OLD => Finding::red(said, todo),
        age if age > OLD => Finding::amber(said, todo),
        _ => Finding::green(said),
    }
}

#[cfg(test)]
mod tests {
    use super::{KIND, dated};
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_version_grows_old() {
        for (days, level) in [(181, Level::Amber), (366, Level::Red)] {
            let found = fine::after(&KIND, |facts| facts.now = dated().plus(days * Time::DAY));
            assert_eq!(found.level, level, "{days}");
        }
    }
}
