//! What an address is: somewhere outside, somewhere in the house, this machine,
//! or a place nobody is ever sent to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far away an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Public,
    /// Another machine of the same house.
    Private,
    /// This machine.
    Loopback,
    /// Refused whatever the configuration says; the words tell what it is.
    Never(&'static str),
}

/// The address meant: a v4 address in v6 clothes is the v4 address.
pub(super) fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

pub(super) fn reach(address: IpAddr) -> Reach {
    match plain(address) {
        IpAddr::V4(v4) => reach_v4(v4),
        IpAddr::V6(v6) => reach_v6(v6),
    }
}

/// Addresses where clouds tell a machine its secrets, outside the link-local range.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    if METADATA_V4.contains(&address) {
        return Reach::Never("an address of a cloud's metadata");
    }
    match (a, b, c) {
        (0, ..) => Reach::Never("no address of a machine"),
        (127, ..) => Reach::Loopback,
        (169, 254, _) => Reach::Never("a link-local address, where clouds keep their metadata"),
        (224..=239, ..) => Reach::Never("a multicast address"),
        (240..=255, ..) => Reach::Never("a reserved or a broadcast address"),
        (192, 0, 0) => Reach::Never("an address for protocols, not for machines"),
        (10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) | (198, 18..=19, _) => {
            Reach::Private
        }
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    let s = address.segments();
    if address == Ipv6Addr::LOCALHOST {
        return Reach::Loopback;
    }
    if METADATA_V6.contains(&address) {
        return Reach::Never("an address of a cloud's metadata");
    }
    match s {
        [0, 0, 0, 0, 0, 0, ..] => Reach::Never("no address of a machine"),
        // Translators, 6to4, ISATAP.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        | [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => embedded(high, low),
        [0x2001, 0, ..] => Reach::Never("an address of a tunnel"),
        [0xfc00..=0xfdff, ..] => Reach::Private,
        [0xfe80..=0xfebf, ..] => Reach::Never("a link-local address"),
        [0xff00..=0xffff, ..] => Reach::Never("a multicast address"),
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Never("an address nobody was given"),
    }
}

/// A v4 address carried in a v6 one for a translator or a tunnel to unpack:
/// only what is outside anyway may be reached like that.
fn embedded(high: u16, low: u16) -> Reach {
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    match reach_v4(Ipv4Addr::new(a, b, c, d)) {
        Reach::Public => Reach::Public,
        _ => Reach::Never("an address that hides another one"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(address: &str) -> &'static str {
        match reach(address.parse().unwrap()) {
            Reach::Public => "public",
            Reach::Private => "private",
            Reach::Loopback => "loopback",
            Reach::Never(_) => "never",
        }
    }

    fn all(addresses: &[&str], reach: &str) {
        for address in addresses {
            assert_eq!(what(address), reach, "{address}");
        }
    }

    #[test]
    fn where_an_address_leads() {
        all(
            &[
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::1",
                "64:ff9b::101:101",
                "2002:101:101::1",
                "::ffff:1.1.1.1",
            ],
            "public",
        );
        all(
            &[
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "198.19.0.1",
                "fc00::1",
                "fd12:3456::1",
                "::ffff:10.0.0.1",
            ],
            "private",
        );
        all(
            &["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"],
            "loopback",
        );
    }

    #[test]
    fn where_nobody_is_ever_sent() {
        all(
            &[
                "0.0.0.0",
                "0.1.2.3",
                "169.254.169.254",
                "169.254.0.1",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "192.0.0.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::7f00:1",
                "::a00:1",
                "::ffff:0.0.0.0",
                "::ffff:169.254.169.254",
                "::ffff:a9fe:a9fe",
                "::ffff:224.0.0.1",
                "::ffff:255.255.255.255",
                "::ffff:0:7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::a00:1",
                "64:ff9b:1::a00:1",
                "2002:7f00:1::1",
                "2002:a9fe:a9fe::1",
                "2002:a00:1::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2606:4700::5efe:7f00:1",
                "2606:4700::200:5efe:a9fe:a9fe",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100::1",
                "4000::1",
            ],
            "never",
        );
    }
}
