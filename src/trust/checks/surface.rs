//! Whether the daily look at our own routes found them as they are listed.

use super::daily::{Words, newest};
use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "surface",
        title: "Its own surface was scanned",
        area: Area::Doors,
        promises: &[52, 69],
        looks_at: "every route, asked as a stranger: what is open against the list, headers, cookies; once a day",
        place: "",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let words = Words {
        never: "nobody has looked at the routes yet",
        done: "scanned",
        todo: "do not use this build: a route answers that should not, or lacks what it should wear",
    };
    newest(facts, inside, KIND.about.name, &words)
}
