//! Whether the end of the chain is signed every hour.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

const LATE: i64 = 2 * Time::HOUR;
const TOO_LATE: i64 = 24 * Time::HOUR;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "signatures",
        title: "Records are signed",
        area: Area::Trail,
        promises: &[23],
        looks_at: "the newest record and the newest signature of the chain",
        place: "/audit/settings",
        is_guard: false,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let trail = &inside.trail;
    let Some((head, at)) = trail.head else {
        return Finding::green("there is no record yet");
    };
    let (signed, when) = trail.signed.unwrap_or((0, at));
    if signed >= head {
        return Finding::green(format!("all {head} records are signed"));
    }
    // What happened since is signed within the hour; what waits longer is late.
    let waits = facts.now.0 - when.0;
    let said = format!("records {} to {head} are not signed", signed + 1);
    let todo = "see whether the server runs (it signs every hour), and what its log says";
    match waits {
        waits if waits > TOO_LATE => Finding::red(said, todo),
        waits if waits > LATE => Finding::amber(said, todo),
        _ => Finding::green(format!("signed up to record {signed} of {head}, the rest within the hour")),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn records_that_wait_for_a_signature_turn_amber_and_red() {
        for (hours, level) in [(1, Level::Green), (3, Level::Amber), (25, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                inside.trail.head = Some((41, fine::NOON));
                inside.trail.signed = Some((40, fine::NOON.plus(-hours * Time::HOUR)));
            });
            assert_eq!(found.level, level, "{hours}");
        }
    }
}
