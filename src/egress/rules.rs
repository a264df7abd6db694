//! Where the configuration file lets us go: `ldap.corp:636`, `10.0.0.0/8:5432`.

use std::net::IpAddr;

use super::address::{Reach, reach};
use super::{Error, Host};
use crate::base::Network;

/// One entry: a name or a network, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    place: Place,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Name(String),
    Network(Network),
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
            Place::Network(network) => {
                (!is_here || reach(network.first()) == Reach::Loopback) && network.has(address)
            }
        })
    }
}

/// An address of the sixth version stands in brackets, its bits behind them.
fn place_of(text: &str) -> Option<Place> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let network = bracketed.map(|(address, bits)| format!("{address}{bits}"));
    if let Ok(network) = network.as_deref().unwrap_or(text).parse() {
        return Some(Place::Network(network));
    }
    match Host::parse(text).ok()? {
        Host::Name(name) => Some(Place::Name(name)),
        Host::Address(_) => None,
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
            "10.0.0.5/8:80",
            "1[0.0.0.0]/8:80",
            "[::1:80",
        ] {
            let error = Rules::parse(&[wrong.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }
}
