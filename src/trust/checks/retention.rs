//! How long records stay at hand.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

/// Days that are promised, and days below which nobody can look back at a quarter.
const PROMISED: i64 = 365;
const LEAST: i64 = 90;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "retention",
        title: "Records stay at hand for a year",
        area: Area::Trail,
        promises: &[26],
        looks_at: "for how many days records stay in the table",
        place: "/audit/settings",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let days = inside.trail.days;
    let said = format!("records stay at hand for {days} days, then in sealed files");
    let todo = "keep them for 365 days or more";
    match days {
        days if days < LEAST => Finding::red(said, todo),
        days if days < PROMISED => Finding::amber(said, todo),
        _ => Finding::green(said),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn less_than_a_year_is_amber_and_less_than_a_quarter_red() {
        for (days, level) in [(364, Level::Amber), (89, Level::Red), (730, Level::Green)] {
            let found = fine::within(&KIND, |inside| inside.trail.days = days);
            assert_eq!(found.level, level, "{days}");
        }
    }
}
