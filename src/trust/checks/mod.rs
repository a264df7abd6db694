//! What the instance is held against its promises by: one folder or file per
//! question, each named once, in the list below.

mod daily;

use super::facts::{Facts, Inside};
use super::finding::{About, Finding, Found};

/// A question about the instance.
pub(super) trait Check: Sync {
    fn about(&self) -> &About;
    fn look(&self, facts: &Facts) -> Finding;
}

/// A check that is a sentence about itself and a function.
struct Plain {
    about: About,
    look: Look,
}

enum Look {
    /// It needs the machine and the configuration only.
    Outside(fn(&Facts) -> Finding),
    /// It needs the open data folder.
    Inside(fn(&Facts, &Inside) -> Finding),
}

impl Check for Plain {
    fn about(&self) -> &About {
        &self.about
    }

    fn look(&self, facts: &Facts) -> Finding {
        match (&self.look, &facts.inside) {
            (Look::Outside(look), _) => look(facts),
            (Look::Inside(look), Ok(inside)) => look(facts, inside),
            (Look::Inside(_), Err(_)) => Finding::unknown(
                "the data folder is not open",
                "see to the data folder first: it is the first line of this list",
            ),
        }
    }
}

crate::kinds! { pub(super) dyn Check:
    folder, disk, files, process, confinement, memory, processor, clock, version, image,
    ports, certificate, administration, networks, transport, contact, surface, egress,
    instance_key, key_age,
    factors, session_rules, accounts, programs, visits, policies,
    chain, signatures, forwarding, retention,
    backup, restore_test, holds, deletions, reports,
    alerts, review, hosting,
}

/// All of them, asked.
pub fn look(facts: &Facts) -> Vec<Found> {
    let asked = ALL.iter().map(|check| Found {
        about: *check.about(),
        finding: check.look(facts),
    });
    asked.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;
    use crate::trust::register;

    #[test]
    fn an_instance_that_keeps_its_promises_is_green_all_over() {
        for found in look(&fine::facts()) {
            let (name, finding) = (found.about.name, found.finding);
            assert_eq!(finding.level, Level::Green, "{name}: {finding:?}");
            assert!(!finding.said.is_empty(), "{name} says nothing");
        }
    }

    #[test]
    fn every_check_says_what_it_is_and_which_promise_it_holds() {
        let mut names = HashSet::new();
        for check in ALL {
            let about = check.about();
            assert!(names.insert(about.name), "{} is there twice", about.name);
            assert!(!about.title.is_empty() && !about.looks_at.is_empty());
            assert!(!about.promises.is_empty(), "{}", about.name);
            for promise in about.promises {
                let is_known = register::ALL.iter().any(|row| row.promise == *promise);
                assert!(
                    is_known,
                    "{}: R-{promise} is not in the register",
                    about.name
                );
            }
        }
    }

    #[test]
    fn a_folder_that_does_not_open_is_red_and_hides_nothing_else() {
        let mut facts = fine::facts();
        facts.inside = Err("the key is missing".to_owned());
        let found = look(&facts);
        let level = |name: &str| {
            let one = found.iter().find(|found| found.about.name == name);
            one.unwrap().finding.level
        };
        assert_eq!(level("folder"), Level::Red);
        assert_eq!(level("disk"), Level::Green);
        assert_eq!(level("factors"), Level::Unknown);
    }
}
