//! Where a log collector is, and how it is spoken to.

use serde::{Deserialize, Serialize};

use crate::egress::{Host, Trust};
use crate::web::{Faults, Fields};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::audit) enum Transport {
    Tls,
    Tcp,
    Udp,
}

impl Transport {
    pub(in crate::audit) const ALL: [Transport; 3] =
        [Transport::Tls, Transport::Tcp, Transport::Udp];

    pub(in crate::audit) fn name(self) -> &'static str {
        match self {
            Transport::Tls => "tls",
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        }
    }

    pub(in crate::audit) fn title(self) -> &'static str {
        match self {
            Transport::Tls => "TLS (RFC 5425)",
            Transport::Tcp => "TCP, readable on the way",
            Transport::Udp => "UDP, readable on the way, may get lost",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::audit) struct Target {
    pub(in crate::audit) host: String,
    pub(in crate::audit) port: u16,
    pub(in crate::audit) transport: Transport,
    /// The authority that vouches for it, as PEM; empty for the machine's own roots.
    pub(in crate::audit) ca: String,
}

impl Target {
    /// Faults stand at `host`, `port`, `transport` and `ca`.
    pub(in crate::audit) fn parse(fields: &Fields) -> Result<Target, Faults> {
        let word = |name: &str| fields.get(name).map(str::trim).unwrap_or_default();
        let mut faults = Faults::default();
        let host = word("host").to_owned();
        if let Err(error) = Host::parse(&host) {
            faults.add("host", error.to_string());
        }
        let port = word("port").parse::<u16>().ok().filter(|port| *port > 0);
        if port.is_none() {
            faults.add("port", "write a number from 1 to 65535, such as 6514");
        }
        let named = Transport::ALL.into_iter();
        let transport = named
            .into_iter()
            .find(|one| one.name() == word("transport"));
        if transport.is_none() {
            faults.add("transport", "choose tls, tcp or udp");
        }
        let ca = word("ca").to_owned();
        if let Err(error) = Trust::new(&ca) {
            faults.add("ca", error.to_string());
        }
        match (port, transport) {
            (Some(port), Some(transport)) if faults.is_empty() => Ok(Target {
                host,
                port,
                transport,
                ca,
            }),
            _ => Err(faults),
        }
    }
}
