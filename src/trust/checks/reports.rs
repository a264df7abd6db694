//! Whether anything leaves by agreement, and whether somebody agreed.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "reports",
        title: "Usage reports",
        area: Area::Copies,
        promises: &[18, 19],
        looks_at: "what was agreed to, and the ledger of what was sent",
        place: "/telemetry",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let reports = &inside.copies.reports;
    match (reports.is_on, reports.sent) {
        (Some(true), sent) => Finding::green(format!("agreed to; {sent} in the ledger, each with its bytes")),
        (Some(false), _) => Finding::green("declined: nothing is sent"),
        (None, 0) => Finding::green("nobody agreed, so nothing is sent"),
        (None, sent) => Finding::red(
            format!("{sent} were sent though nobody agreed"),
            "look at the ledger, and tell whoever made this build",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn what_was_sent_without_a_word_is_red() {
        let sent = fine::within(&KIND, |inside| {
            (inside.copies.reports.is_on, inside.copies.reports.sent) = (None, 1);
        });
        assert_eq!(sent.level, Level::Red);
        for is_on in [None, Some(false), Some(true)] {
            let found = fine::within(&KIND, |inside| inside.copies.reports.is_on = is_on);
            assert_eq!(found.level, Level::Green);
        }
    }
}
