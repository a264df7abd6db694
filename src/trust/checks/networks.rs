//! Which networks may come, and whose word about an address is believed.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

/// Addresses far apart: networks that hold both hold everybody.
const FAR: [std::net::IpAddr; 2] = [
    std::net::IpAddr::V4(std::net::Ipv4Addr::new(9, 9, 9, 9)),
    std::net::IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9)),
];

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "networks",
        title: "Networks and proxies",
        area: Area::Doors,
        promises: &[34],
        looks_at: "allow and proxies in the configuration",
        place: "/security/server",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let edges = &facts.config.edges;
    if FAR.into_iter().all(|address| edges.proxies.have(address)) {
        return Finding::red(
            format!("every machine is believed about where a request came from: proxies are {}", edges.proxies),
            "name the addresses of your own proxies only: with this, anybody writes any address into the records",
        );
    }
    let is_local = facts.config.listen.ip().is_loopback();
    if edges.gate.allow.is_empty() && edges.gate.client_ca.is_none() && !is_local {
        return Finding::amber(
            "people may come from every network",
            "name the networks people work in with allow, or see that a firewall does",
        );
    }
    Finding::green(if edges.gate.allow.is_empty() {
        "the door is on this machine only, or asks for a certificate".to_owned()
    } else {
        format!("people come from {}", edges.gate.allow)
    })
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Networks;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn an_open_door_is_amber_and_believing_everybody_is_red() {
        let open = fine::after(&KIND, |facts| {
            facts.config.edges.gate.allow = Networks::default();
        });
        assert_eq!(open.level, Level::Amber);
        let gullible = fine::after(&KIND, |facts| {
            facts.config.edges.proxies = Networks::parse("0.0.0.0/0").unwrap();
        });
        assert_eq!(gullible.level, Level::Red);
        let fine_proxy = fine::after(&KIND, |facts| {
            facts.config.edges.proxies = Networks::parse("10.0.0.5").unwrap();
        });
        assert_eq!(fine_proxy.level, Level::Green);
    }
}
