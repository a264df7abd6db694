//! Networks by their addresses, as an operator writes them: `10.0.0.0/8`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// An address and how many of its leading bits count. IPv4 addresses that
/// arrive dressed as IPv6 count as what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network: write an address, or one with its leading bits, such as 10.0.0.0/8")]
pub struct NoNetwork(pub String);

impl Network {
    /// The lowest of its addresses.
    pub fn first(&self) -> IpAddr {
        self.address
    }

    pub fn has(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(asked)) => {
                shifted(network.to_bits().into(), 32, self.bits)
                    == shifted(asked.to_bits().into(), 32, self.bits)
            }
            (IpAddr::V6(network), IpAddr::V6(asked)) => {
                shifted(network.to_bits(), 128, self.bits)
                    == shifted(asked.to_bits(), 128, self.bits)
            }
            _ => false,
        }
    }
}

/// The leading `bits` of a number that is `width` bits wide.
fn shifted(number: u128, width: u32, bits: u8) -> u128 {
    number
        .checked_shr(width - u32::from(bits))
        .unwrap_or_default()
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Network, NoNetwork> {
        let wrong = || NoNetwork(text.to_owned());
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_bad| wrong())?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let bits: u8 = match bits {
            None => widest,
            // What `parse` takes and nobody means: `+8`.
            Some(bits) if !bits.bytes().all(|digit| digit.is_ascii_digit()) => return Err(wrong()),
            Some(bits) => bits.parse().map_err(|_bad| wrong())?,
        };
        let canonical = address.to_canonical();
        let bits = if canonical.is_ipv4() && address.is_ipv6() {
            bits.checked_sub(96).ok_or_else(wrong)?
        } else {
            bits
        };
        let network = Network {
            address: canonical,
            bits,
        };
        let limit = if canonical.is_ipv4() { 32 } else { 128 };
        if bits > limit || !network.is_whole(limit) {
            return Err(wrong());
        }
        Ok(network)
    }
}

impl Network {
    /// Nothing behind the bits that count: `10.0.0.5/8` is more likely a slip.
    fn is_whole(&self, width: u8) -> bool {
        let number = match self.address {
            IpAddr::V4(address) => address.to_bits().into(),
            IpAddr::V6(address) => address.to_bits(),
        };
        let rest = u32::from(width - self.bits);
        number.trailing_zeros() >= rest
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = if self.address.is_ipv4() { 32 } else { 128 };
        if self.bits == widest {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.bits)
        }
    }
}

/// Several of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(pub Vec<Network>);

impl Networks {
    /// Reads a list with commas or spaces between.
    pub fn parse(text: &str) -> Result<Networks, NoNetwork> {
        let words = text
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|word| !word.is_empty());
        Ok(Networks(words.map(str::parse).collect::<Result<_, _>>()?))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One of them has the address.
    pub fn have(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.has(address))
    }

    /// For a list that limits: an empty one does not.
    pub fn allow(&self, address: IpAddr) -> bool {
        self.is_empty() || self.have(address)
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, network) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{network}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(network: &str, address: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.has(address.parse().unwrap())
    }

    #[test]
    fn an_address_belongs_to_its_network_and_to_no_neighbour() {
        assert!(has("10.0.0.0/8", "10.255.0.1"));
        assert!(!has("10.0.0.0/8", "11.0.0.1"));
        assert!(has("192.168.1.128/25", "192.168.1.200"));
        assert!(!has("192.168.1.128/25", "192.168.1.127"));
        assert!(has("10.0.0.5", "10.0.0.5") && !has("10.0.0.5", "10.0.0.4"));
        assert!(has("0.0.0.0/0", "203.0.113.9") && !has("0.0.0.0/0", "2001:db8::1"));
        assert!(has("2001:db8::/32", "2001:db8:ffff::1") && has("::/0", "fe80::1"));
        assert!(!has("2001:db8::/32", "2001:db9::1"));
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_an_ipv4_address() {
        assert!(has("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(has("::ffff:10.0.0.0/104", "10.1.2.3"));
        assert!(!has("::/0", "::ffff:10.1.2.3"));
    }

    #[test]
    fn a_slip_of_the_pen_is_no_network() {
        for wrong in [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "10.0.0.5/8",
            "10.0.0.0/+8",
            "10.0.0.0/-1",
            "::/129",
            "corp.example",
            "10.0.0.0/8/8",
            "::ffff:10.0.0.0/8",
            "10.0.0.0/",
        ] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_list_reads_back_as_it_was_written() {
        let list = Networks::parse("10.0.0.0/8,  192.168.1.7\n2001:db8::/32").unwrap();
        assert_eq!(list.to_string(), "10.0.0.0/8, 192.168.1.7, 2001:db8::/32");
        assert!(list.allow("10.9.9.9".parse().unwrap()));
        assert!(!list.allow("172.16.0.1".parse().unwrap()));
        assert!(Networks::default().allow("172.16.0.1".parse().unwrap()));
        assert!(!Networks::default().have("172.16.0.1".parse().unwrap()));
    }
}
