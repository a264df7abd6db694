//! Operators who are in somebody else’s workspace now.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count, some};

/// Open at once, beyond which it is no exception any more.
const MANY: usize = 3;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "visits",
        title: "Stays of operators",
        area: Area::People,
        promises: &[20, 22],
        looks_at: "stays that are open",
        place: "/workspaces",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    if inside.visits.is_empty() {
        return Finding::green("no operator is in a workspace that is not theirs");
    }
    let named: Vec<String> = inside
        .visits
        .iter()
        .map(|one| format!("{} in {} until {}", one.who, one.place, one.ends.rfc3339()))
        .collect();
    let said = format!("{} open: {}", count(named.len(), "stay"), some(&named));
    let todo = "end it as soon as the work is done, under Workspaces, Stays";
    if named.len() > MANY {
        Finding::red(said, todo)
    } else {
        Finding::amber(said, todo)
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::{Visit, fine};
    use crate::trust::finding::Level;

    #[test]
    fn a_stay_is_amber_while_it_lasts_and_many_are_red() {
        for (stays, level) in [(1, Level::Amber), (4, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                inside.visits = (0..stays)
                    .map(|_| Visit {
                        who: "gus@example.org".to_owned(),
                        place: "Northgate".to_owned(),
                        ends: fine::NOON.plus(Time::HOUR),
                    })
                    .collect();
            });
            assert_eq!(found.level, level);
            assert!(found.said.contains("gus@example.org in Northgate"));
        }
    }
}
