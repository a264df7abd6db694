//! Whether copies are kept from being destroyed, and somebody looks whether they still must be.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count, some};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "holds",
        title: "Holds on copies",
        area: Area::Copies,
        promises: &[50],
        looks_at: "holds that are open, and when each is to be reviewed",
        place: "/backup",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let holds = &inside.copies.holds;
    let named: Vec<String> = holds.iter().map(|hold| hold.reason.clone()).collect();
    let todo = "release it as soon as it is not needed: what it keeps is destroyed within a day";
    if holds.iter().any(|hold| hold.review < facts.now) {
        return Finding::red(format!("a hold was to be reviewed and was not: {}", some(&named)), todo);
    }
    if holds.is_empty() {
        return Finding::green("no hold keeps copies longer than promised");
    }
    Finding::amber(format!("{} open: {}", count(holds.len(), "hold"), some(&named)), todo)
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::{Hold, fine};
    use crate::trust::finding::Level;

    #[test]
    fn a_hold_is_told_while_it_is_open_and_red_when_nobody_looks_after_it() {
        for (days, level) in [(5, Level::Amber), (-1, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                inside.copies.holds = vec![Hold {
                    reason: "case 7".to_owned(),
                    review: fine::NOON.plus(days * Time::DAY),
                }];
            });
            assert_eq!(found.level, level);
            assert!(found.said.contains("case 7"));
        }
    }
}
