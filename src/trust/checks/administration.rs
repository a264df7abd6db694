//! Whether administration has a door of its own.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "administration",
        title: "Administration has its own door",
        area: Area::Doors,
        promises: &[34, 67],
        looks_at: "listen and allow under [admin] in the configuration",
        place: "/security/server",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let edges = &facts.config.edges;
    let Some(admin) = edges.admin_listen else {
        return Finding::amber(
            "administration is behind the door that everybody uses",
            "give it an address of its own on a network that only administrators reach: listen under [admin]",
        );
    };
    let gate = &edges.admin_gate;
    if gate.allow.is_empty() && gate.client_ca.is_none() && admin.ip().is_unspecified() {
        return Finding::red(
            format!("the administrators' door {admin} is open to every network"),
            "name the networks it is for: allow under [admin], or bind it to an address of the VPN",
        );
    }
    Finding::green(format!("administration is at {admin} only"))
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Networks;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn one_door_is_amber_and_a_second_that_is_open_to_all_is_red() {
        let none = fine::after(&KIND, |facts| facts.config.edges.admin_listen = None);
        assert_eq!(none.level, Level::Amber);
        let open = fine::after(&KIND, |facts| {
            facts.config.edges.admin_listen = Some(([0, 0, 0, 0], 8444).into());
            facts.config.edges.admin_gate.allow = Networks::default();
        });
        assert_eq!(open.level, Level::Red);
    }
}
