//! The name of another machine, or its address, as somebody wrote it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use super::Error;

/// A name or a literal address; nothing that a resolver could read as both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    pub fn parse(text: &str) -> Result<Host, Error> {
        let bad = || Error::BadHost(text.to_owned());
        if let Some(v6) = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let v6 = v6.parse().map_err(|_not_v6| bad())?;
            return Ok(Host::Address(IpAddr::V6(v6)));
        }
        if let Ok(address) = text.parse() {
            return Ok(Host::Address(address));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_name = name.len() <= 253 && name.split('.').all(is_label) && !is_number(last);
        if is_name {
            Ok(Host::Name(name))
        } else {
            Err(bad())
        }
    }
}

fn is_label(label: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=63).contains(&label.len()) && label.chars().all(letters)
}

/// `127.1`, `0x7f000001` and `017700000001` are addresses to some programs and
/// names to others: nobody is sent to what can be read twice.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x");
    label.chars().all(|c| c.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))
}

/// As an address on the web carries it: v6 in brackets.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::Address(IpAddr::V4(v4)) => v4.fmt(f),
            Host::Address(IpAddr::V6(v6)) => write!(f, "[{v6}]"),
        }
    }
}

impl From<Ipv4Addr> for Host {
    fn from(address: Ipv4Addr) -> Host {
        Host::Address(address.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_never_both() {
        for (text, shown) in [
            ("ldap.corp", "ldap.corp"),
            ("LDAP.Corp.", "ldap.corp"),
            ("localhost", "localhost"),
            ("_ldap.corp", "_ldap.corp"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("10.0.0.1", "10.0.0.1"),
            ("::1", "[::1]"),
            ("[fd00::1]", "[fd00::1]"),
        ] {
            assert_eq!(Host::parse(text).unwrap().to_string(), shown);
        }
        for wrong in [
            "",
            ".",
            "a..b",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.0.0.01",
            "1.2.3.4.5",
            "256.1.1.1",
            "127.0.0.1.",
            "user@ldap.corp",
            "ldap.corp:636",
            "ldap.corp/x",
            "ldap corp",
            "ldap.corp\r\nHost: x",
            "ldap.corp\0",
            "bücher.example",
            "１２７.0.0.1",
            "[127.0.0.1]",
            "[::1%lo]",
            "%6cocalhost",
        ] {
            assert!(Host::parse(wrong).is_err(), "{wrong}");
        }
    }
}
