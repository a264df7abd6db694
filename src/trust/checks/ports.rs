//! Whether the server listens where it was told to, and nowhere else.

use super::{Look, Plain};
use std::net::SocketAddr;

use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "ports",
        title: "One door, or two",
        area: Area::Doors,
        promises: &[34, 69],
        looks_at: "the sockets of the process in /proc, against the configuration",
        place: "/security/server",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let process = facts.host.process.as_ref();
    let Some(listens) = process.and_then(|process| process.listens.as_ref()) else {
        return Finding::unknown(
            "no server runs whose sockets could be seen",
            "start it, and run this as the same user; or look with ss -ltnp",
        );
    };
    let mut told = vec![facts.config.listen];
    told.extend(facts.config.edges.admin_listen);
    let named = |list: &[SocketAddr]| {
        let names: Vec<String> = list.iter().map(ToString::to_string).collect();
        names.join(" and ")
    };
    let is_told = |address: &&SocketAddr| told.contains(address);
    let strange: Vec<SocketAddr> = listens.iter().filter(|one| !is_told(one)).copied().collect();
    if listens.len() > told.len() {
        return Finding::red(
            format!("it listens on {}, which nobody told it to", named(&strange)),
            "find out what opened that door: this program opens none by itself",
        );
    }
    if listens.is_empty() {
        return Finding::unknown("it listens nowhere yet", "look again in a moment");
    }
    if !strange.is_empty() {
        return Finding::amber(
            format!("it listens on {}, the configuration says {}", named(&strange), named(&told)),
            "fine where systemd hands the socket over (systemctl cat onsight.socket); otherwise restart it",
        );
    }
    Finding::green(format!("it listens on {} and nowhere else", named(listens)))
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_third_door_is_red_and_another_door_is_told() {
        let listens = |change: fn(&mut Vec<super::SocketAddr>)| {
            fine::after(&KIND, |facts| {
                change(facts.host.process.as_mut().unwrap().listens.as_mut().unwrap());
            })
        };
        let third = listens(|list| list.push(([0, 0, 0, 0], 5432).into()));
        assert_eq!(third.level, Level::Red);
        assert!(third.said.contains("0.0.0.0:5432"), "{}", third.said);
        let other = listens(|list| list[0] = ([0, 0, 0, 0], 443).into());
        assert_eq!(other.level, Level::Amber);
        let hidden = fine::after(&KIND, |facts| {
            facts.host.process.as_mut().unwrap().listens = None;
        });
        assert_eq!(hidden.level, Level::Unknown);
    }
}
