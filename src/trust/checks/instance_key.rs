//! Where the key lies that opens all others.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "instance_key",
        title: "The instance key lies apart",
        area: Area::Keys,
        promises: &[39],
        looks_at: "where the instance key comes from",
        place: "/security/keys",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let (place, is_file) = &inside.key_place;
    if *is_file {
        return Finding::amber(
            format!("it lies in {place}, beside the data it opens: a copy of the folder holds both"),
            "hand it over as the systemd credential onsight.key, and keep a copy of it off this machine",
        );
    }
    Finding::green(format!("it is handed over: {place}"))
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_key_beside_its_lock_is_amber() {
        let found = fine::within(&KIND, |inside| inside.key_place = ("keys/instance.key".into(), true));
        assert_eq!(found.level, Level::Amber);
    }
}
