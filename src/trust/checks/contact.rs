//! Whether somebody who finds a hole knows whom to tell, and links have one address.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "contact",
        title: "Somebody can be told",
        area: Area::Doors,
        promises: &[5, 37],
        looks_at: "security_contact and url under [site] in the configuration",
        place: "/security/server",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let edges = &facts.config.edges;
    match (&edges.security_contact, &edges.url) {
        (Some(contact), Some(_)) => Finding::green(format!("holes are reported to {contact}")),
        (None, _) => Finding::amber(
            "nobody is named to whom a hole could be reported",
            "write security_contact under [site] in the configuration",
        ),
        (_, None) => Finding::amber(
            "the site has no address of its own, so links use the one of each browser",
            "write url under [site] in the configuration",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn without_a_contact_or_an_address_it_is_amber() {
        let mute = fine::after(&KIND, |facts| facts.config.edges.security_contact = None);
        let nowhere = fine::after(&KIND, |facts| facts.config.edges.url = None);
        assert_eq!((mute.level, nowhere.level), (Level::Amber, Level::Amber));
        assert_ne!(mute.todo, nowhere.todo);
    }
}
