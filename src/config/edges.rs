//! What only the file says: the doors, who may come through them, whom to
//! believe, and how patient to be.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use toml_edit::Item;

use crate::base::{Networks, text};

/// The keys, as the file writes them; those with a dot stand in a section.
pub(super) const KEYS: [&str; 18] = [
    "allow",
    "client_ca",
    "proxies",
    "proxy_header",
    "admin.listen",
    "admin.allow",
    "admin.client_ca",
    "site.url",
    "site.security_contact",
    "site.support",
    "limits.connections",
    "limits.per_address",
    "limits.handshake",
    "limits.head",
    "limits.silence",
    "limits.idle",
    "limits.streams",
    "limits.drain",
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// Who may come through the door everybody uses.
    pub gate: Gate,
    /// A second door, and the only one to administration once it is there.
    pub admin_listen: Option<SocketAddr>,
    pub admin_gate: Gate,
    /// Proxies whose word about where a request came from is believed.
    pub proxies: Networks,
    pub told: Told,
    /// The address people know the site by.
    pub url: Option<Url>,
    /// Where to report a hole: an address with `mailto:` or `https:`.
    pub security_contact: Option<String>,
    /// Whom to ask, in the operator's own words, for the sign-in page.
    pub support: Option<String>,
    pub limits: Limits,
}

/// Whom a door lets in, before a word of HTTP is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// Others are hung up on; empty lets everybody in.
    pub allow: Networks,
    /// PEM file of the authorities whose client certificates are asked for.
    pub client_ca: Option<PathBuf>,
}

/// The header a proxy of ours tells the client's address in. One, not both: what
/// a proxy does not write itself it passes on from whoever wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    #[default]
    XForwardedFor,
    Forwarded,
}

/// `https://host:port`, nothing behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    origin: String,
    host: String,
}

impl Url {
    pub fn parse(text: &str) -> Option<Url> {
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let host = text.strip_prefix("https://")?;
        let is_fine = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        let name = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => {
                port.parse::<u16>().ok()?;
                name
            }
            _ => host,
        };
        let name = name.trim_matches(['[', ']']);
        (!name.is_empty() && host.chars().all(is_fine)).then(|| Url {
            host: name.to_owned(),
            origin: text.clone(),
        })
    }

    /// As links begin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub fn host(&self) -> &str {
        &self.host
    }
}

/// How much at once, how long at the most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; more wait in the kernel's queue.
    pub connections: usize,
    /// Connections at once from one address (IPv6: from one /64). Declared
    /// proxies stand for many and are not counted.
    pub per_address: usize,
    pub handshake: Duration,
    /// A request's head takes this long at the most, the wait for it included.
    pub head: Duration,
    /// A body that sends nothing, or a reader that takes nothing, for this long
    /// is given up.
    pub silence: Duration,
    /// An HTTP/2 connection without a request is ended after this.
    pub idle: Duration,
    /// Requests at once on an HTTP/2 connection.
    pub streams: u32,
    /// How long `/readyz` says no before the doors close.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 20_000,
            per_address: 2_000,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(30),
            silence: Duration::from_secs(30),
            idle: Duration::from_mins(5),
            streams: 100,
            drain: Duration::ZERO,
        }
    }
}

const A_PATH: &str = "a path in quotes";
const AN_ADDRESS: &str = "an address and a port in quotes, such as \"10.8.0.1:8444\"";
const NETWORKS: &str = "a list of networks, such as [\"10.0.0.0/8\", \"192.168.1.7\"]";
const A_URL: &str = "an address in quotes, such as \"https://apps.corp.example:8443\"";
const A_CONTACT: &str =
    "in quotes, with mailto: or https:, such as \"mailto:security@corp.example\"";
const A_NUMBER: &str = "a whole number of at least 1";
const A_HEADER: &str = "\"x-forwarded-for\" or \"forwarded\"";
const WORDS: &str = "one line in quotes, at most 200 characters";

impl Edges {
    /// `Err(None)`: no such key; `Err(Some(must))`: what its value must be.
    pub(super) fn set(&mut self, key: &str, item: &Item) -> Result<(), Option<&'static str>> {
        match key {
            "allow" => self.gate.allow = networks(item)?,
            "client_ca" => self.gate.client_ca = Some(path(item)?),
            "admin.allow" => self.admin_gate.allow = networks(item)?,
            "admin.client_ca" => self.admin_gate.client_ca = Some(path(item)?),
            "admin.listen" => {
                let address = item.as_str().and_then(|text| text.parse().ok());
                self.admin_listen = Some(address.ok_or(Some(AN_ADDRESS))?);
            }
            "proxies" => self.proxies = networks(item)?,
            "proxy_header" => {
                self.told = match item.as_str().map(str::to_ascii_lowercase).as_deref() {
                    Some("x-forwarded-for") => Told::XForwardedFor,
                    Some("forwarded") => Told::Forwarded,
                    _ => return Err(Some(A_HEADER)),
                }
            }
            "site.url" => {
                let url = item.as_str().and_then(Url::parse);
                self.url = Some(url.ok_or(Some(A_URL))?);
            }
            "site.security_contact" => {
                let is_fine = |text: &&str| {
                    let known = ["mailto:", "https://"];
                    known.iter().any(|start| text.starts_with(start)) && is_line(text)
                };
                let contact = item.as_str().filter(is_fine);
                self.security_contact = Some(contact.ok_or(Some(A_CONTACT))?.to_owned());
            }
            "site.support" => {
                let words = item.as_str().filter(|text| is_line(text));
                self.support = Some(words.ok_or(Some(WORDS))?.to_owned());
            }
            _ => return self.limits.set(key, item),
        }
        Ok(())
    }
}

impl Limits {
    fn set(&mut self, key: &str, item: &Item) -> Result<(), Option<&'static str>> {
        let number = || {
            let found = item.as_integer().filter(|number| *number > 0);
            let found = found.and_then(|number| u32::try_from(number).ok());
            found.ok_or(Some(A_NUMBER))
        };
        let seconds = || number().map(|number| Duration::from_secs(number.into()));
        let count = || number().map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        match key {
            // The semaphore behind it has an end, far beyond any host.
            "limits.connections" => self.connections = count()?.min(1 << 24),
            "limits.per_address" => self.per_address = count()?,
            "limits.handshake" => self.handshake = seconds()?,
            "limits.head" => self.head = seconds()?,
            "limits.silence" => self.silence = seconds()?,
            "limits.idle" => self.idle = seconds()?,
            "limits.streams" => self.streams = number()?,
            "limits.drain" => self.drain = seconds()?,
            _ => return Err(None),
        }
        Ok(())
    }
}

fn is_line(words: &str) -> bool {
    let length = text::shorten(words, 201).chars().count();
    (1..=200).contains(&length) && !words.contains(char::is_control)
}

fn path(item: &Item) -> Result<PathBuf, Option<&'static str>> {
    item.as_str().map(PathBuf::from).ok_or(Some(A_PATH))
}

fn networks(item: &Item) -> Result<Networks, Option<&'static str>> {
    let list = item.as_array().and_then(|list| {
        let networks = list
            .iter()
            .map(|one| one.as_str().and_then(|text| text.parse().ok()));
        networks.collect::<Option<Vec<_>>>()
    });
    list.map(Networks).ok_or(Some(NETWORKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_has_an_origin_and_nothing_behind_it() {
        let url = Url::parse("https://Apps.Corp.example:8443/").unwrap();
        assert_eq!(url.origin(), "https://apps.corp.example:8443");
        assert_eq!(url.host(), "apps.corp.example");
        let literal = Url::parse("https://[2001:db8::1]:8443").unwrap();
        assert_eq!(literal.host(), "2001:db8::1");
        assert_eq!(
            Url::parse("https://[2001:db8::1]").unwrap().host(),
            "2001:db8::1"
        );
        for wrong in [
            "http://apps.corp.example",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "apps.corp.example",
            "https://a:99999",
            "https://a b",
            "https://:8443",
        ] {
            assert!(Url::parse(wrong).is_none(), "{wrong}");
        }
    }
}
