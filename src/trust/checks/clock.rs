//! Whether the clock can be believed.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::document::dated;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

/// A jump is told of for this long.
const RECENT: i64 = 7 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "clock",
        title: "The clock is right",
        area: Area::Host,
        promises: &[23, 50],
        looks_at: "who keeps the clock, its jumps against the machine's own count, the date of this version",
        place: "",
        is_guard: false,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let sync = "keep it right by NTP: timedatectl set-ntp true, with a server of your own network";
    if facts.now < dated() {
        return Finding::red(
            format!("the clock says {}, which is before this version was made", facts.now.rfc3339()),
            sync,
        );
    }
    if let Some((at, by)) = inside.jump.filter(|(at, _)| at.plus(RECENT) > facts.now) {
        return Finding::red(
            format!("the clock jumped by {} minutes at {}", by / Time::MINUTE, at.rfc3339()),
            "find out who set it; times of records around that moment cannot be compared with others",
        );
    }
    let machine = &facts.host.machine;
    match machine.clock {
        Some(keeper) => Finding::green(format!("{keeper} keeps it right")),
        None if machine.is_container => Finding::unknown(
            "the clock belongs to the machine around this container",
            "see that NTP runs there",
        ),
        None => Finding::amber("nobody is seen to keep the clock right", sync),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_clock_nobody_keeps_is_amber_and_one_that_jumped_is_red() {
        let level = |change: fn(&mut super::Facts)| fine::after(&KIND, change).level;
        assert_eq!(level(|facts| facts.host.machine.clock = None), Level::Amber);
        let jumped = fine::within(&KIND, |inside| {
            inside.jump = Some((fine::NOON.plus(-Time::DAY), -90 * Time::MINUTE));
        });
        assert_eq!(jumped.level, Level::Red);
        assert!(jumped.said.contains("-90 minutes"), "{}", jumped.said);
        assert_eq!(level(|facts| facts.now = Time(0)), Level::Red);
        let inside_a_container = |facts: &mut super::Facts| {
            facts.host.machine.clock = None;
            facts.host.machine.is_container = true;
        };
        assert_eq!(level(inside_a_container), Level::Unknown);
    }
}
