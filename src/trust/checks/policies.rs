//! Whether policies on rows were taken away lately.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count};

/// Taken away within a month, beyond which somebody is clearing up.
const MANY: usize = 5;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "policies",
        title: "Policies stay on",
        area: Area::People,
        promises: &[16, 36],
        looks_at: "policies on rows that were taken away in the last 30 days and not put back",
        place: "",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let gone = &inside.policies_removed;
    let Some((_, at)) = gone.first() else {
        return Finding::green("no policy was taken away in the last 30 days");
    };
    // Which table is the workspace's own business: its admins read it in their trail.
    let said = format!(
        "{} taken away in the last 30 days, the last at {}",
        count(gone.len(), "policy"),
        at.rfc3339()
    );
    let todo = "ask the admins of the workspaces: their trail says which table, and who did it (policy.removed)";
    if gone.len() > MANY {
        Finding::red(said, todo)
    } else {
        Finding::amber(said, todo)
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_policy_taken_away_is_told_without_the_name_of_its_table() {
        for (gone, level) in [(1, Level::Amber), (6, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                inside.policies_removed = vec![("salaries".to_owned(), fine::NOON); gone];
            });
            assert_eq!(found.level, level);
            assert!(!found.said.contains("salaries"));
        }
    }
}
