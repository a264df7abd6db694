//! Whether everybody who administers has a second factor.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count, some};

/// Who came in and set none up within this time is told of in red.
const GRACE: i64 = 7 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "factors",
        title: "Second factors",
        area: Area::People,
        promises: &[33],
        looks_at: "second factors of operators and admins, and the rules of each workspace for other roles",
        place: "/accounts",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let owes = inside
        .accounts
        .iter()
        .filter(|one| (one.is_operator || one.is_admin) && !one.has_factor);
    let owes: Vec<_> = owes.collect();
    let emails: Vec<String> = owes.iter().map(|one| one.email.clone()).collect();
    let is_late = owes
        .iter()
        .any(|one| one.entered.is_some() && one.created.plus(GRACE) < facts.now);
    let said = format!("{} without one: {}", count(owes.len(), "administrator"), some(&emails));
    let todo = "they are let no further than to the page that sets one up: remind them, or shut the account out";
    if is_late {
        return Finding::red(said, todo);
    }
    if !owes.is_empty() {
        return Finding::amber(said, todo);
    }
    let loose: Vec<String> = inside
        .places
        .iter()
        .filter(|place| !["builder", "auditor"].iter().all(|role| place.asks(role)))
        .map(|place| place.name.clone())
        .collect();
    if !loose.is_empty() {
        return Finding::amber(
            format!("builders and auditors need none in {}", some(&loose)),
            "an admin of that workspace asks for it under Members, Sign-in rules",
        );
    }
    Finding::green("operators, admins, builders and auditors all have to have one")
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn an_administrator_without_one_is_amber_at_first_and_red_after_a_week() {
        let after = |days: i64, entered: Option<Time>| {
            fine::within(&KIND, |inside| {
                let mut ada = fine::account("eve@example.org", true);
                ada.has_factor = false;
                ada.created = fine::NOON.plus(-days * Time::DAY);
                ada.entered = entered;
                inside.accounts.push(ada);
            })
        };
        assert_eq!(after(1, Some(fine::NOON)).level, Level::Amber);
        assert_eq!(after(8, None).level, Level::Amber);
        let late = after(8, Some(fine::NOON));
        assert_eq!(late.level, Level::Red);
        assert!(late.said.contains("eve@example.org"));
    }

    #[test]
    fn a_workspace_that_asks_builders_for_none_is_amber() {
        let found = fine::within(&KIND, |inside| inside.places[0].factor_roles.clear());
        assert_eq!(found.level, Level::Amber);
        assert!(found.said.contains("Northgate"));
    }
}
