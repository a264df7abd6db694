//! Whether the facts about where this runs are there and still true.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count, some};
use crate::trust::hosting::Hosting;

/// What ended this long ago was forgotten.
const FORGOTTEN: i64 = 30 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "hosting",
        title: "Where it runs is written down",
        area: Area::Assurance,
        promises: &[8],
        looks_at: "the hosting facts, and when certificates and contracts end",
        place: "/security/hosting",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let hosting = &inside.hosting;
    if hosting.is_empty() {
        return Finding::amber(
            "nothing is written down about the site, the provider and their certificates",
            "fill in the hosting facts: the people of the workspaces read them",
        );
    }
    let named = |is: &dyn Fn(&Hosting) -> bool| -> Vec<String> {
        let found = hosting.iter().filter(|fact| is(fact));
        found.map(|fact| format!("{} ({})", fact.name, fact.day())).collect()
    };
    let todo = "ask for the new certificate, and write its number and end down";
    let forgotten = named(&|fact| fact.is_over(facts.now.plus(-FORGOTTEN)));
    if !forgotten.is_empty() {
        return Finding::red(format!("ended over a month ago: {}", some(&forgotten)), todo);
    }
    let over = named(&|fact| fact.is_over(facts.now));
    if !over.is_empty() {
        return Finding::amber(format!("ended: {}", some(&over)), todo);
    }
    let soon = named(&|fact| fact.ends_soon(facts.now));
    if !soon.is_empty() {
        return Finding::amber(format!("ends within 60 days: {}", some(&soon)), todo);
    }
    Finding::green(format!("{} written down, none ends within 60 days", count(hosting.len(), "fact")))
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_certificate_is_told_of_before_it_ends_and_red_when_forgotten() {
        for (days, level) in [(59, Level::Amber), (-1, Level::Amber), (-31, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                inside.hosting[0].ends = Some(fine::NOON.plus(days * Time::DAY));
            });
            assert_eq!(found.level, level, "{days}");
            assert!(found.said.contains("ISO 27001"));
        }
        let none = fine::within(&KIND, |inside| inside.hosting.clear());
        assert_eq!(none.level, Level::Amber);
    }
}
