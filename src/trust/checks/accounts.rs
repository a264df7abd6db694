//! Accounts that nobody uses, and whether enough people run the server.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Account, Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count, some};

const DORMANT: i64 = 90 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "accounts",
        title: "Accounts are in use",
        area: Area::People,
        promises: &[21, 28, 68],
        looks_at: "when each account was last signed in to",
        place: "/accounts",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let is_dormant = |one: &&Account| {
        let last = one.entered.unwrap_or(one.created);
        last.plus(DORMANT) < facts.now
    };
    let dormant: Vec<&Account> = inside.accounts.iter().filter(is_dormant).collect();
    let emails: Vec<String> = dormant.iter().map(|one| one.email.clone()).collect();
    let said = format!("{} without a sign-in for 90 days: {}", count(dormant.len(), "account"), some(&emails));
    let todo = "shut out who left, and take the operator's mark from who needs it no more";
    if dormant.iter().any(|one| one.is_operator) {
        Finding::red(said, todo)
    } else if dormant.is_empty() {
        Finding::green(format!("{}, all signed in to within 90 days", count(inside.accounts.len(), "account")))
    } else {
        Finding::amber(said, todo)
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn somebody_who_does_not_come_is_amber_and_an_operator_who_does_not_is_red() {
        for (is_operator, level) in [(false, Level::Amber), (true, Level::Red)] {
            let found = fine::within(&KIND, |inside| {
                let mut gone = fine::account("gone@example.org", is_operator);
                gone.entered = Some(fine::NOON.plus(-91 * Time::DAY));
                inside.accounts.push(gone);
            });
            assert_eq!(found.level, level);
            assert!(found.said.contains("gone@example.org"));
        }
    }
}
