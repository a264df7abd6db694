//! Which machines may be called.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding, some};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "egress",
        title: "Calls out go where they may",
        area: Area::Doors,
        promises: &[9, 18, 34],
        looks_at: "allow under [egress] in the configuration",
        place: "",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let allow = &facts.config.allow;
    let wide: Vec<String> = allow.iter().filter(|rule| is_wide(rule)).cloned().collect();
    if !wide.is_empty() {
        return Finding::red(
            format!("calls may go to wide networks: {}", some(&wide)),
            "name the machines that have to be called, each with its port",
        );
    }
    Finding::green(match allow.len() {
        0 => "nothing may be called".to_owned(),
        _ => format!("calls may go to {} and nowhere else", some(allow)),
    })
}

/// A network of more than 65,536 addresses.
fn is_wide(rule: &str) -> bool {
    let bits = rule.rsplit_once(':').and_then(|(place, _)| {
        let (address, bits) = place.split_once('/')?;
        let bits: u8 = bits.parse().ok()?;
        Some((address.contains(':'), bits))
    });
    bits.is_some_and(|(is_six, bits)| bits < if is_six { 64 } else { 16 })
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_network_that_holds_half_the_world_is_red() {
        let allowing = |rule: &str| {
            fine::after(&KIND, |facts| facts.config.allow = vec![rule.to_owned()]).level
        };
        assert_eq!(allowing("0.0.0.0/0:443"), Level::Red);
        assert_eq!(allowing("[2001:db8::]/32:443"), Level::Red);
        assert_eq!(allowing("10.1.2.0/24:5432"), Level::Green);
        assert_eq!(allowing("ldap.corp:636"), Level::Green);
    }
}
