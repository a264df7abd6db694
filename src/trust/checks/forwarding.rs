//! Whether somebody elsewhere has the records, too.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

const LATE: i64 = Time::HOUR;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "forwarding",
        title: "Records are kept elsewhere, too",
        area: Area::Trail,
        promises: &[23, 56],
        looks_at: "where records are sent, and what waits",
        place: "/audit/forwarding",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let targets = &inside.trail.targets;
    if targets.is_empty() {
        return Finding::amber(
            "records lie on this machine only: whoever is root here could rewrite them",
            "send them to a log collector, or to journald from where one fetches them",
        );
    }
    let late = targets.iter().find(|target| {
        let waits = target.since.filter(|_| target.waiting > 0);
        waits.is_some_and(|since| since.plus(LATE) < facts.now)
    });
    if let Some(late) = late {
        let why = late.fault.as_deref().unwrap_or("no answer");
        return Finding::red(
            format!("{} records wait for {}: {why}", late.waiting, late.name),
            "mend the way there; what waits is sent then, in order",
        );
    }
    let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    Finding::green(format!("sent to {}", names.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn nowhere_is_amber_and_a_collector_that_takes_nothing_is_red() {
        let none = fine::within(&KIND, |inside| inside.trail.targets.clear());
        assert_eq!(none.level, Level::Amber);
        let waits = |minutes: i64| {
            fine::within(&KIND, |inside| {
                let target = &mut inside.trail.targets[0];
                target.waiting = 12;
                target.since = Some(fine::NOON.plus(-minutes * Time::MINUTE));
                target.fault = Some("connection refused".to_owned());
            })
        };
        assert_eq!(waits(5).level, Level::Green);
        let late = waits(61);
        assert_eq!(late.level, Level::Red);
        assert!(late.said.contains("12 records") && late.said.contains("connection refused"));
    }
}
