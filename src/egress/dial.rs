//! Connects to where one may go: the name is resolved, every address of it is
//! checked, and a checked address is what is connected to.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::address::{Reach, plain, reach};
use super::rules::Rules;
use super::{Host, names};

/// For one address.
const CONNECT: Duration = Duration::from_secs(5);
/// For all of them, names included.
const WHOLE: Duration = Duration::from_secs(15);

/// What somebody is called for, which says who chose the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A directory or a provider that an operator entered.
    SignIn,
    /// A log collector that an operator entered.
    AuditLog,
    /// A destination of backups that an operator entered.
    Backup,
    /// The server for mail that an operator entered.
    Mail,
    /// A webhook for alerts that an operator entered.
    Alerts,
    /// The collector of usage reports that the configuration file names.
    Telemetry,
    /// Somebody who is no operator entered it, or another machine named it:
    /// only what the configuration file allows.
    Linked,
}

impl Purpose {
    /// Whoever entered it may allow it by doing so: another machine, never this one.
    fn is_operators(self) -> bool {
        matches!(
            self,
            Purpose::SignIn
                | Purpose::AuditLog
                | Purpose::Backup
                | Purpose::Mail
                | Purpose::Alerts
                | Purpose::Telemetry
        )
    }
}

/// Cheap to clone; every clone goes by the same rules.
#[derive(Clone, Debug)]
pub struct Egress(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    rules: Rules,
    /// The port this server listens on: its own door is no destination.
    own_port: u16,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "egress.allow: `{0}` must be a name, an address or a network with a port, such as \"ldap.corp:636\" or \"10.0.0.0/8:5432\""
    )]
    BadRule(String),
    #[error("`{0}` is no name of a machine and no address")]
    BadHost(String),
    #[error("`{0}` is no address that begins with https:// and names a machine, without a user")]
    BadAddress(String),
    #[error("the name {name} is not known: {why}")]
    UnknownName { name: String, why: String },
    #[error("names cannot be looked up: {0}")]
    NoNames(String),
    #[error("{host} leads to {address}, {what}: nobody is sent there")]
    Never {
        host: String,
        address: IpAddr,
        what: &'static str,
    },
    #[error(
        "{host} leads to {address}, which is not allowed; whoever runs this server may add it to its configuration file: [egress] allow = [\"{host}:{port}\"]"
    )]
    NotAllowed {
        host: String,
        address: IpAddr,
        port: u16,
    },
    #[error("no connection to {address}: {source}")]
    Refused {
        address: SocketAddr,
        source: io::Error,
    },
    #[error("{0} did not answer in time")]
    TimedOut(String),
    #[error("the CA certificate cannot be read: {0}")]
    BadCa(String),
    #[error("no trust in {host}: {why}")]
    Untrusted { host: String, why: String },
    #[error("the connection to {0} broke: {1}")]
    Broke(String, String),
    #[error("{0} answered with more than {1} KiB")]
    TooLarge(String, usize),
}

impl Egress {
    /// `allow` as the configuration file has it.
    pub fn new(allow: &[String], own_port: u16) -> Result<Egress, Error> {
        let rules = Rules::parse(allow)?;
        Ok(Egress(Arc::new(Parts { rules, own_port })))
    }

    /// A connection to an address of `host` that was checked.
    pub async fn connect(
        &self,
        host: &str,
        port: u16,
        purpose: Purpose,
    ) -> Result<TcpStream, Error> {
        let host = Host::parse(host)?;
        let late = |_elapsed| Error::TimedOut(format!("{host}:{port}"));
        timeout(WHOLE, self.dial(&host, port, purpose))
            .await
            .map_err(late)?
    }

    /// The addresses `host` has and may be called at: the first half of
    /// [`connect`](Egress::connect), for a test that shows its steps.
    pub async fn route(
        &self,
        host: &str,
        port: u16,
        purpose: Purpose,
    ) -> Result<Vec<SocketAddr>, Error> {
        let host = Host::parse(host)?;
        self.checked(&host, port, purpose).await
    }

    /// Why a literal address is never called, whatever the configuration says.
    pub(super) fn refusal(&self, host: &str, port: u16) -> Option<String> {
        let host = Host::parse(host).ok()?;
        let Host::Address(address) = &host else {
            return None;
        };
        match self.check(&host, plain(*address), port, Purpose::Linked) {
            Err(error @ Error::Never { .. }) => Some(error.to_string()),
            _ => None,
        }
    }

    async fn dial(&self, host: &Host, port: u16, purpose: Purpose) -> Result<TcpStream, Error> {
        let mut failed = Error::TimedOut(format!("{host}:{port}"));
        for address in self.checked(host, port, purpose).await? {
            match timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    let unset = |source| Error::Refused { address, source };
                    stream.set_nodelay(true).map_err(unset)?;
                    return Ok(stream);
                }
                Ok(Err(source)) => failed = Error::Refused { address, source },
                Err(_elapsed) => failed = Error::TimedOut(address.to_string()),
            }
        }
        Err(failed)
    }

    async fn checked(
        &self,
        host: &Host,
        port: u16,
        purpose: Purpose,
    ) -> Result<Vec<SocketAddr>, Error> {
        let addresses = match host {
            Host::Address(address) => vec![plain(*address)],
            Host::Name(name) => names::addresses(name).await?,
        };
        for address in &addresses {
            self.check(host, *address, port, purpose)?;
        }
        let addresses = addresses.into_iter();
        Ok(addresses.map(|ip| SocketAddr::new(ip, port)).collect())
    }

    /// One address that must not be refuses them all: an honest name has none.
    fn check(
        &self,
        host: &Host,
        address: IpAddr,
        port: u16,
        purpose: Purpose,
    ) -> Result<(), Error> {
        let never = |what| Error::Never {
            host: host.to_string(),
            address,
            what,
        };
        let reach = reach(address);
        if let Reach::Never(what) = reach {
            return Err(never(what));
        }
        if port == self.0.own_port
            && (reach == Reach::Loopback || own_addresses().contains(&address))
        {
            return Err(never("this server itself"));
        }
        let is_named = purpose.is_operators() && reach != Reach::Loopback;
        if is_named || self.0.rules.allow(host, address, port) {
            return Ok(());
        }
        Err(Error::NotAllowed {
            host: host.to_string(),
            address,
            port,
        })
    }
}

fn own_addresses() -> BTreeSet<IpAddr> {
    let cards = if_addrs::get_if_addrs().unwrap_or_default();
    cards.iter().map(|card| plain(card.ip())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allow: &[&str], host: &str, address: &str, purpose: Purpose) -> Result<(), String> {
        let allow: Vec<String> = allow.iter().map(|&entry| entry.to_owned()).collect();
        let egress = Egress::new(&allow, 8443).unwrap();
        egress
            .check(
                &Host::parse(host).unwrap(),
                address.parse().unwrap(),
                636,
                purpose,
            )
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_operator_allows_another_machine_by_entering_it_and_this_one_only_in_the_file() {
        use Purpose::{Linked, SignIn};
        assert_eq!(check(&[], "ldap.corp", "10.0.0.5", SignIn), Ok(()));
        assert_eq!(check(&[], "idp.example", "1.1.1.1", SignIn), Ok(()));
        let refused = check(&[], "ldap.corp", "127.0.0.1", SignIn).unwrap_err();
        assert!(
            refused.contains("[egress] allow = [\"ldap.corp:636\"]"),
            "{refused}"
        );
        assert_eq!(
            check(&["127.0.0.1:636"], "localhost", "127.0.0.1", SignIn),
            Ok(())
        );

        for address in ["10.0.0.5", "1.1.1.1", "127.0.0.1"] {
            assert!(check(&[], "db.corp", address, Linked).is_err(), "{address}");
        }
        assert_eq!(
            check(&["10.0.0.0/8:636"], "db.corp", "10.0.0.5", Linked),
            Ok(())
        );
    }

    #[test]
    fn a_wide_entry_never_opens_what_is_never_called() {
        let wide = &["0.0.0.0/0:636", "[::]/0:636", "evil.corp:636"];
        for address in [
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "fe80::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
        ] {
            for purpose in [Purpose::SignIn, Purpose::AuditLog, Purpose::Linked] {
                let refused = check(wide, "evil.corp", address, purpose).unwrap_err();
                assert!(refused.contains("nobody is sent there"), "{refused}");
            }
        }
    }

    #[tokio::test]
    async fn what_is_refused_is_never_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let closed = Egress::new(&[], 1).unwrap();
        for host in [
            "127.0.0.1",
            "localhost",
            "::ffff:127.0.0.1",
            "[::ffff:7f00:1]",
        ] {
            let refused = closed.connect(host, port, Purpose::SignIn).await;
            assert!(matches!(refused, Err(Error::NotAllowed { .. })), "{host}");
        }
        let open = Egress::new(&[format!("127.0.0.1:{port}")], 1).unwrap();

        let stream = open
            .connect("127.0.0.1", port, Purpose::Linked)
            .await
            .unwrap();

        let (_, caller) = listener.accept().await.unwrap();
        assert_eq!(stream.local_addr().unwrap(), caller);
        let own = Egress::new(&[format!("127.0.0.1:{port}")], port).unwrap();
        let refused = own.connect("127.0.0.1", port, Purpose::Linked).await;
        assert!(matches!(refused, Err(Error::Never { .. })));
    }
}
