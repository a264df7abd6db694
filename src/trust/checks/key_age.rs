//! How old the keys are, and whether a change of one failed.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count};

const OLD: i64 = 365 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "key_age",
        title: "Keys are changed",
        area: Area::Keys,
        promises: &[39, 41],
        looks_at: "since when each key is in use, and how its last change ended",
        place: "/security/keys",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    if let Some((title, fault)) = inside
        .keys
        .iter()
        .find_map(|key| Some((&key.title, key.fault.as_ref()?)))
    {
        return Finding::red(
            format!("{title}: the last change came to nothing: {fault}"),
            "change it again once the cause is mended",
        );
    }
    let is_old = |since: &Time| since.plus(OLD) < facts.now;
    let old = inside.keys.iter().filter_map(|key| key.since).filter(is_old);
    match old.count() {
        0 => Finding::green(format!("{}, none older than a year", count(inside.keys.len(), "key"))),
        old => Finding::amber(
            format!("{} older than a year", count(old, "key")),
            "change them, and make a backup afterwards",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn an_old_key_is_amber_and_a_change_that_failed_red() {
        let old = fine::within(&KIND, |inside| {
            inside.keys[0].since = Some(fine::NOON.plus(-366 * Time::DAY));
        });
        assert_eq!(old.level, Level::Amber);
        let failed = fine::within(&KIND, |inside| inside.keys[0].fault = Some("disk full".into()));
        assert_eq!(failed.level, Level::Red);
        assert!(failed.said.contains("disk full"));
    }
}
