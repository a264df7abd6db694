//! Whether the image it runs from has the patches of this week.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

const OLD: i64 = 7 * Time::DAY;
const TOO_OLD: i64 = 30 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "image",
        title: "The image is recent",
        area: Area::Host,
        promises: &[10, 31],
        looks_at: "/etc/onsight-image",
        place: "",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let Some(built) = facts.host.machine.image else {
        return Finding::green("it runs from no image: the host's own updates count");
    };
    let age = facts.now.0 - built.0;
    let said = format!("the image is {} days old", (age / Time::DAY).max(0));
    let todo = "build it anew, or see that unattended-upgrades runs in it";
    match age {
        age if age > TOO_OLD => Finding::red(said, todo),
        age if age > OLD => Finding::amber(said, todo),
        _ => Finding::green(said),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn an_image_older_than_a_week_is_amber_and_than_a_month_red() {
        for (days, level) in [(8, Level::Amber), (31, Level::Red)] {
            let built = fine::NOON.plus(-days * Time::DAY);
            let found = fine::after(&KIND, |facts| facts.host.machine.image = Some(built));
            assert_eq!(found.level, level, "{days}");
        }
        let none = fine::after(&KIND, |facts| facts.host.machine.image = None);
        assert_eq!(none.level, Level::Green);
    }
}
