//! Keys of programs: where they open from, until when, and whether they are used.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside, Program};
use crate::trust::finding::{About, Area, Finding, count, some};

const UNUSED: i64 = 90 * Time::DAY;
/// A key made for longer has no end worth the name.
const ENDLESS: i64 = 400 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "programs",
        title: "Keys of programs",
        area: Area::People,
        promises: &[34, 72],
        looks_at: "networks, end and last use of every key that works",
        place: "/members/keys",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let named = |is: &dyn Fn(&Program) -> bool| -> Vec<String> {
        let found = inside.programs.iter().filter(|one| is(one));
        found.map(|one| one.name.clone()).collect()
    };
    let endless = named(&|one| one.expires.0 - facts.now.0 > ENDLESS);
    if !endless.is_empty() {
        return Finding::red(
            format!("{} without an end: {}", count(endless.len(), "key"), some(&endless)),
            "revoke them and make new ones: a key lives a year at the most",
        );
    }
    let roaming = named(&|one| !one.has_networks);
    if !roaming.is_empty() {
        return Finding::amber(
            format!("{} open from every network: {}", count(roaming.len(), "key"), some(&roaming)),
            "have their owners make new ones that name the networks of the program",
        );
    }
    let idle = named(&|one| one.used.unwrap_or(one.created).plus(UNUSED) < facts.now);
    if !idle.is_empty() {
        return Finding::amber(
            format!("{} not used for 90 days: {}", count(idle.len(), "key"), some(&idle)),
            "revoke what no program needs",
        );
    }
    Finding::green(match inside.programs.len() {
        0 => "no program has a key".to_owned(),
        keys => format!("{}, each with an end and with networks", count(keys, "key")),
    })
}

#[cfg(test)]
mod tests {
    use super::{KIND, Program};
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn keys_without_networks_use_or_end_are_told_by_name() {
        let level = |change: fn(&mut Program)| {
            let found = fine::within(&KIND, |inside| change(&mut inside.programs[0]));
            assert!(found.said.contains("Excel"));
            found.level
        };
        assert_eq!(level(|key| key.has_networks = false), Level::Amber);
        assert_eq!(level(|key| key.expires = fine::NOON.plus(500 * Time::DAY)), Level::Red);
        assert_eq!(level(|key| key.used = Some(fine::NOON.plus(-91 * Time::DAY))), Level::Amber);
    }
}
