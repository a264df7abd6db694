//! Whether somebody looked at the logs in the last 90 days.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};
use crate::trust::reviews::{GRACE, due};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "review",
        title: "Logs are reviewed",
        area: Area::Assurance,
        promises: &[55],
        looks_at: "the last review that was signed off; one is due every 90 days",
        place: "/security/reviews",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let Some(due) = due(inside.reviewed, inside.founded) else {
        return Finding::green("nothing is there to review before it is set up");
    };
    let late = facts.now.0 - due.0;
    let todo = "read the digest of the period and sign it off";
    if late > GRACE {
        Finding::red(format!("overdue since {}", due.rfc3339()), todo)
    } else if late > 0 {
        Finding::amber(format!("due for {} days", late / Time::DAY), todo)
    } else {
        Finding::green(match inside.reviewed {
            Some((_, signed)) => format!("signed off at {}; next due {}", signed.rfc3339(), due.rfc3339()),
            None => format!("the first is due {}", due.rfc3339()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_review_is_due_after_ninety_days_and_serious_two_weeks_later() {
        for (days, level) in [(89, Level::Green), (91, Level::Amber), (105, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                let last = fine::NOON.plus(-days * Time::DAY);
                inside.reviewed = Some((last, last));
            });
            assert_eq!(found.level, level, "{days}");
        }
        let young = fine::within(&KIND, |inside| {
            inside.reviewed = None;
            inside.founded = Some(fine::NOON.plus(-10 * Time::DAY));
        });
        assert_eq!(young.level, Level::Green);
    }
}
