//! Whether somebody tried lately that a copy can be put back.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "restore_test",
        title: "Copies can be put back",
        area: Area::Copies,
        promises: &[46],
        looks_at: "the last restore test: when, and what it found",
        place: "/backup",
        is_guard: false,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let test = &inside.copies.test;
    let todo = "run one: onsight backup test, or the button on the page";
    if let Some(fault) = &test.fault {
        return Finding::red(
            format!("the last restore test failed: {fault}"),
            "treat the copies as worthless until a test succeeds: mend the cause, make a full one, test again",
        );
    }
    if test.is_overdue {
        return Finding::red("no restore test succeeded for 90 days", todo);
    }
    match test.proved {
        Some(proved) if test.is_due => {
            Finding::amber(format!("the last was at {}; one is due", proved.rfc3339()), todo)
        }
        Some(proved) => Finding::green(format!("put back and compared at {}", proved.rfc3339())),
        None => Finding::amber("no copy was ever put back", todo),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::{Test, fine};
    use crate::trust::finding::Level;

    #[test]
    fn a_test_that_failed_or_is_too_old_is_red() {
        let level = |change: fn(&mut Test)| {
            fine::within(&KIND, |inside| change(&mut inside.copies.test)).level
        };
        assert_eq!(level(|test| test.fault = Some("a byte differs".into())), Level::Red);
        assert_eq!(level(|test| test.is_overdue = true), Level::Red);
        assert_eq!(level(|test| test.is_due = true), Level::Amber);
        assert_eq!(level(|test| test.proved = None), Level::Amber);
    }
}
