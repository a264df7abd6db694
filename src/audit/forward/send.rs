//! Sends records and remembers, on disk, which were taken.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{UdpSocket, UnixDatagram};
use tokio::time::timeout;

use super::sql::{self, Kept};
use super::target::{Target, Transport};
use super::{SOCKET, journald, syslog};
use crate::base::Time;
use crate::egress::{self, Purpose, Trust};
use crate::journal::Link;
use crate::site::Site;
use crate::store;

/// What the table calls the two destinations.
pub const SYSLOG: &str = "syslog";
pub const JOURNALD: &str = "journald";

/// Records sent in one go.
const AT_ONCE: usize = 200;
/// A collector says nothing when it has read. What it was sent counts as taken
/// when the connection still stands this long after.
const SURE: i64 = 2 * Time::SECOND;
/// For a batch to leave.
const LATE: Duration = Duration::from_secs(20);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Egress(#[from] egress::Error),
    #[error("the connection broke: {0}")]
    Broke(#[from] std::io::Error),
    #[error("nothing was taken for {LATE:?}")]
    Late,
    #[error("the destination cannot be read; save it again")]
    Target(#[from] serde_json::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A way to a destination that is open.
enum Way {
    Stream(Box<dyn Stream>),
    Udp(UdpSocket),
    Journal(UnixDatagram, PathBuf),
}

/// Sends to one destination.
pub struct Sender {
    site: Site,
    name: &'static str,
    socket: PathBuf,
    open: Option<Open>,
}

struct Open {
    way: Way,
    /// What it was opened for: changed settings open anew.
    target: String,
    /// The last record that was handed over, and when.
    sent: i64,
    at: Time,
}

impl Sender {
    pub fn new(site: Site, name: &'static str) -> Sender {
        Sender {
            site,
            name,
            socket: SOCKET.into(),
            open: None,
        }
    }

    /// The same with journald's socket elsewhere.
    #[must_use]
    pub fn with_socket(self, socket: PathBuf) -> Sender {
        Sender { socket, ..self }
    }

    /// Sends what is new. Gives how many records were handed over; what went
    /// wrong is noted where the settings show it.
    pub async fn push(&mut self) -> Result<usize, Error> {
        let pushed = self.go_on().await;
        if let Err(error) = &pushed {
            self.open = None;
            let (name, fault) = (self.name, error.to_string());
            let noted = self
                .site
                .system
                .write(move |tx| sql::fault(tx, name, &fault));
            noted.await?;
        }
        pushed
    }

    async fn go_on(&mut self) -> Result<usize, Error> {
        let name = self.name;
        let kept = self
            .site
            .system
            .read(move |conn| sql::find(conn, name))
            .await?;
        let Some(kept) = kept else {
            self.open = None;
            return Ok(0);
        };
        self.look_back(&kept).await?;
        let from = self
            .open
            .as_ref()
            .map_or(kept.seq, |open| open.sent.max(kept.seq));
        let links = self
            .site
            .system
            .read(move |conn| sql::after(conn, from, AT_ONCE))
            .await?;
        let Some(last) = links.last().map(|link| link.seq) else {
            return Ok(0);
        };
        let (host, now) = (host(&self.site), self.site.clock.now());
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin(kept).await?,
        };
        let sent = timeout(LATE, open.way.send(&links, &host)).await;
        sent.map_err(|_elapsed| Error::Late)??;
        (open.sent, open.at) = (last, now);
        // Nobody tells what becomes of a datagram: it was handed over, and that is all.
        if !matches!(open.way, Way::Stream(_)) {
            self.taken(last).await?;
        }
        self.open = Some(open);
        Ok(links.len())
    }

    /// Closes what no longer stands and counts as taken what stood long enough.
    async fn look_back(&mut self, kept: &Kept) -> Result<(), Error> {
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        if open.target != kept.target || !open.way.stands().await {
            self.open = None;
        } else if open.sent > kept.seq && open.at.plus(SURE) <= self.site.clock.now() {
            let sent = open.sent;
            self.taken(sent).await?;
        }
        Ok(())
    }

    async fn taken(&self, seq: i64) -> Result<(), Error> {
        let (name, now) = (self.name, self.site.clock.now());
        let noted = self
            .site
            .system
            .write(move |tx| sql::taken(tx, name, (seq, now)));
        Ok(noted.await?)
    }

    async fn begin(&self, kept: Kept) -> Result<Open, Error> {
        let way = if self.name == JOURNALD {
            Way::Journal(UnixDatagram::unbound()?, self.socket.clone())
        } else {
            way(&self.site, &serde_json::from_str(&kept.target)?).await?
        };
        Ok(Open {
            way,
            target: kept.target,
            sent: kept.seq,
            at: self.site.clock.now(),
        })
    }
}

/// What this machine is called in a message.
fn host(site: &Site) -> String {
    let names = site.certificates.shown().names;
    let name = names.iter().find(|name| *name != "localhost");
    name.cloned().unwrap_or_default()
}

async fn way(site: &Site, target: &Target) -> Result<Way, Error> {
    let (host, port) = (target.host.as_str(), target.port);
    let egress = &site.egress;
    Ok(match target.transport {
        Transport::Udp => {
            let route = egress.route(host, port, Purpose::AuditLog).await?;
            let address = route
                .first()
                .ok_or_else(|| std::io::Error::other("the name has no address"))?;
            let any: std::net::IpAddr = if address.is_ipv4() {
                std::net::Ipv4Addr::UNSPECIFIED.into()
            } else {
                std::net::Ipv6Addr::UNSPECIFIED.into()
            };
            let socket = UdpSocket::bind((any, 0)).await?;
            socket.connect(address).await?;
            Way::Udp(socket)
        }
        Transport::Tcp => Way::Stream(Box::new(
            egress.connect(host, port, Purpose::AuditLog).await?,
        )),
        Transport::Tls => {
            let client = Trust::new(&target.ca)?.client()?;
            let stream = egress.connect(host, port, Purpose::AuditLog).await?;
            Way::Stream(Box::new(egress.secure(stream, host, &client).await?))
        }
    })
}

/// Sends a message that is no record, to see whether it leaves.
pub(in crate::audit) async fn probe(site: &Site, target: &Target) -> Result<(), Error> {
    let mut way = way(site, target).await?;
    let message = syslog::trial(&host(site), site.clock.now().0);
    let sent = match &mut way {
        Way::Stream(stream) => timeout(LATE, write(stream, &syslog::framed(&message))).await,
        Way::Udp(socket) => {
            timeout(LATE, async { socket.send(&message).await.map(|_sent| ()) }).await
        }
        Way::Journal(..) => Ok(Ok(())),
    };
    sent.map_err(|_elapsed| Error::Late)??;
    // Whoever wants no such message closes at once.
    if way.stands().await {
        Ok(())
    } else {
        Err(std::io::Error::other("the other side closed it at once").into())
    }
}

async fn write(stream: &mut Box<dyn Stream>, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

impl Way {
    async fn send(&mut self, links: &[Link], host: &str) -> std::io::Result<()> {
        match self {
            Way::Stream(stream) => {
                let mut out = Vec::new();
                for link in links {
                    out.extend(syslog::framed(&syslog::line(link, host)));
                }
                write(stream, &out).await
            }
            Way::Udp(socket) => {
                for link in links {
                    socket.send(&syslog::line(link, host)).await?;
                }
                Ok(())
            }
            Way::Journal(socket, path) => {
                for link in links {
                    socket.send_to(&journald::datagram(link), &path).await?;
                }
                Ok(())
            }
        }
    }

    /// A collector has nothing to say: what can be read is the end.
    async fn stands(&mut self) -> bool {
        match self {
            Way::Stream(stream) => {
                let mut byte = [0; 256];
                match timeout(Duration::from_millis(5), stream.read(&mut byte)).await {
                    Ok(Ok(0) | Err(_)) => false,
                    Ok(Ok(_)) | Err(_) => true,
                }
            }
            Way::Udp(_) | Way::Journal(..) => true,
        }
    }
}
