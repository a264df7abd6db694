//! Whether the trail was read again lately, and was whole.

use super::daily::{Words, newest};
use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "chain",
        title: "The chain of records is whole",
        area: Area::Trail,
        promises: &[23],
        looks_at: "every record, signature and sealed file, once a day",
        place: "/audit/settings",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let words = Words {
        never: "nobody has read the whole chain yet",
        done: "read whole",
        todo: "keep the data folder as it is, and compare with a copy of checkpoints.ndjson from another machine",
    };
    newest(facts, inside, KIND.about.name, &words)
}
