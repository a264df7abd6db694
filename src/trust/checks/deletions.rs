//! Whether what was deleted is gone when it should be.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "deletions",
        title: "Deleted is gone",
        area: Area::Copies,
        promises: &[49],
        looks_at: "what is on its way out, and what should be gone",
        place: "",
        is_guard: false,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let endings = &inside.copies.endings;
    if endings.late > 0 {
        let why = endings.fault.as_deref().unwrap_or("nobody tried yet");
        return Finding::red(
            format!("{} should be gone and is not: {why}", endings.late),
            "see what stands in its way in the log; it is tried again by itself",
        );
    }
    Finding::green(match endings.going {
        0 => "nothing waits to be destroyed".to_owned(),
        going => format!("{going} on the way out, none of it late"),
    })
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::{Endings, fine};
    use crate::trust::finding::Level;

    #[test]
    fn what_should_be_gone_and_is_not_is_red() {
        let found = fine::within(&KIND, |inside| {
            inside.copies.endings = Endings {
                going: 2,
                late: 1,
                fault: Some("disk full".to_owned()),
            };
        });
        assert_eq!(found.level, Level::Red);
        assert!(found.said.contains("disk full"));
    }
}
