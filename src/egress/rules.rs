//! Where the configuration file lets us go: `ldap.corp:636`, `10.0.0.0/8:5432`.

use std::net::IpAddr;

use super::address::{Reach, plain, reach};
use super::{Error, Host};

/// One entry: a name or a network, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    place: Place,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Name(String),
    /// An address and how many of its leading bits count.
    Network(IpAddr, u8),
}

/// All entries; empty means nowhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

impl Rules {
    pub(super) fn parse(entries: &[String]) -> Result<Rules, Error> {
        let rules = entries.iter().map(|entry| {
            let bad = || Error::BadRule(entry.clone());
            let (place, port) = entry.trim().rsplit_once(':').ok_or_else(bad)?;
            let port = port.parse().ok().filter(|port| *port != 0);
            Ok(Rule {
                place: place_of(place).ok_or_else(bad)?,
                port: port.ok_or_else(bad)?,
            })
        });
        Ok(Rules(rules.collect::<Result<_, Error>>()?))
    }

    /// Is that destination an entry? `address` is one `host` stands for.
    /// This machine is reached only by an entry that names it: no wide network
    /// and no other machine's name leads here.
    pub(super) fn allow(&self, host: &Host, address: IpAddr, port: u16) -> bool {
        let is_here = reach(address) == Reach::Loopback;
        let mut on_port = self.0.iter().filter(|rule| rule.port == port);
        on_port.any(|rule| match &rule.place {
            Place::Name(name) => {
                *host == Host::Name(name.clone()) && (!is_here || name == "localhost")
            }
            Place::Network(network, bits) => {
                (!is_here || reach(*network) == Reach::Loopback)
                    && is_within(plain(address), *network, *bits)
            }
        })
    }
}

fn place_of(text: &str) -> Option<Place> {
    if let Some((network, bits)) = text.split_once('/') {
        let network: IpAddr = network.trim_matches(['[', ']']).parse().ok()?;
        let bits: u8 = bits.parse().ok()?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        return (bits <= most).then_some(Place::Network(network, bits));
    }
    Some(match Host::parse(text).ok()? {
        Host::Name(name) => Place::Name(name),
        Host::Address(address) => {
            let address = plain(address);
            Place::Network(address, if address.is_ipv4() { 32 } else { 128 })
        }
    })
}

fn is_within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let same = |a: u128, b: u128, width: u32| {
        let rest = width - u32::from(bits);
        // A network of no bits holds everything; shifting by the width is no shift.
        rest >= width || a >> rest == b >> rest
    };
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            same(u128::from(a.to_bits()), u128::from(b.to_bits()), 32)
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(rule: &str, host: &str, address: &str, port: u16) -> bool {
        let rules = Rules::parse(&[rule.to_owned()]).unwrap();
        rules.allow(&Host::parse(host).unwrap(), address.parse().unwrap(), port)
    }

    #[test]
    fn an_entry_allows_its_destination_and_no_other() {
        for (rule, host, address, port, expected) in [
            ("ldap.corp:636", "ldap.corp", "10.0.0.5", 636, true),
            ("LDAP.corp:636", "ldap.CORP.", "10.0.0.5", 636, true),
            ("ldap.corp:636", "ldap.corp", "10.0.0.5", 389, false),
            ("ldap.corp:636", "evil.ldap.corp", "10.0.0.5", 636, false),
            ("ldap.corp:636", "ldap.corp.evil", "10.0.0.5", 636, false),
            ("10.0.0.0/8:5432", "db.corp", "10.9.8.7", 5432, true),
            ("10.0.0.0/8:5432", "db.corp", "11.0.0.1", 5432, false),
            ("10.0.0.0/8:5432", "10.9.8.7", "::ffff:10.9.8.7", 5432, true),
            ("10.1.2.3:22", "10.1.2.3", "10.1.2.3", 22, true),
            ("10.1.2.3:22", "10.1.2.4", "10.1.2.4", 22, false),
            ("[fd00::]/8:443", "fd12::1", "fd12::1", 443, true),
            ("[fd00::1]:443", "fd00::1", "fd00::1", 443, true),
            ("[fd00::1]:443", "fd00::2", "fd00::2", 443, false),
            ("0.0.0.0/0:80", "1.1.1.1", "1.1.1.1", 80, true),
            ("0.0.0.0/0:80", "::1", "::1", 80, false),
            ("0.0.0.0/0:80", "127.0.0.1", "127.0.0.1", 80, false),
            ("[::]/0:80", "::1", "::1", 80, false),
            ("ldap.corp:636", "ldap.corp", "127.0.0.1", 636, false),
            ("localhost:636", "localhost", "127.0.0.1", 636, true),
            ("127.0.0.1:636", "localhost", "127.0.0.1", 636, true),
            ("127.0.0.0/8:636", "127.9.9.9", "127.9.9.9", 636, true),
            ("[::1]:636", "::1", "::1", 636, true),
        ] {
            assert_eq!(
                allows(rule, host, address, port),
                expected,
                "{rule} {host} {address}"
            );
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_stops_the_start() {
        for wrong in [
            "ldap.corp",
            "ldap.corp:0",
            "ldap.corp:x",
            "10.0.0.0/33:1",
            ":1",
            "*:443",
            "a b:1",
            "127.1:80",
        ] {
            let error = Rules::parse(&[wrong.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }
}
