//! A program's key that is used from a network it never came from.

use std::net::IpAddr;

use super::{Adds, Count, Reached, Rule, shown, workspace_of};
use crate::alerts::model::{Alert, Severity};
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct MovedKey;

pub(super) static KIND: MovedKey = MovedKey;

impl Rule for MovedKey {
    fn title(&self) -> &'static str {
        "A key is used from a network it never came from"
    }

    fn actions(&self) -> &'static [&'static str] {
        &["key.used"]
    }

    fn counts(&self, record: &Past, _: &Connection) -> Result<Option<Count>, Error> {
        let network = network(&record.address);
        let is_meant = record.action == "key.used" && !record.object_id.is_empty();
        Ok(network.filter(|_| is_meant).map(|network| Count {
            group: format!("key:{}", record.object_id),
            adds: Adds::New(network),
            most: 1,
            window: Time::HOUR,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        let name = shown(&record.object);
        let network = network(&record.address).unwrap_or_default();
        Alert {
            key: format!("key.moved:{}:{network}", count.group),
            severity: Severity::Warning,
            title: format!("A key is used from somewhere else: {name}"),
            text: format!(
                "The key of {name} was used from {}, and never from there before. If the program \
                 did not move, revoke the key. A key can be bound to networks when it is made.",
                record.address
            ),
            workspace: workspace_of(record),
        }
    }
}

/// The neighbourhood of an address: 256 of IPv4, a /64 of IPv6.
fn network(address: &str) -> Option<String> {
    let address: IpAddr = address.parse().ok()?;
    Some(match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_neighbour_is_in_the_same_network() {
        assert_eq!(network("10.1.2.3"), network("10.1.2.250"));
        assert_eq!(network("::ffff:10.1.2.3"), network("10.1.2.4"));
        assert_ne!(network("10.1.2.3"), network("10.1.3.3"));
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("somewhere"), None);
    }
}
