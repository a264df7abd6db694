//! A whole site behind real listeners, and a client that speaks TLS to it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use onsight::base::Clock;
use onsight::config::{Config, Edges, Said};
use onsight::people::{self, Email, NewUser, People};
use onsight::server::{self, Doors};
use onsight::site::Site;
use onsight::web::Role;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;
use tokio::sync::watch;

/// A site behind real listeners, until it is dropped.
pub(crate) struct Open {
    pub(crate) public: SocketAddr,
    pub(crate) admin: Option<SocketAddr>,
    root: String,
    /// Signs an operator in who has not used it yet.
    pub(crate) link: String,
    _stop: watch::Sender<bool>,
    _folder: TempDir,
}

pub(crate) const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

pub(crate) async fn open(edges: Edges) -> Open {
    let folder = TempDir::new().unwrap();
    let said = Said {
        data: Some(folder.path().to_owned()),
        listen: Some(ANY),
        edges: Some(edges),
        ..Said::default()
    };
    // Whoever comes in by the link has no second factor to show.
    let config = Config::of(&[said]).unwrap().for_demo();
    let doors = Doors::bind(&config).unwrap();
    let (public, admin) = (doors.address().unwrap(), doors.admin_address().unwrap());
    let site = Site::open(config, Clock::system()).unwrap();
    let email = Email::parse("ada@example.org").unwrap();
    let new = NewUser {
        email: email.clone(),
        name: "Ada".to_owned(),
        role: Role::Admin,
        operator: true,
    };
    people::welcome(&site, new, "Northgate", None)
        .await
        .unwrap();
    let link = people::sign_in_link(&site, &email).await.unwrap();
    let root = site.certificates.root().unwrap();
    let (stop, told) = watch::channel(false);
    tokio::spawn(server::serve(People::new(site), doors, told));
    Open {
        public,
        admin,
        root,
        link,
        _stop: stop,
        _folder: folder,
    }
}

pub(crate) type Tls = StreamOwned<ClientConnection, TcpStream>;

/// A certificate with its key, as PEM.
pub(crate) type Shown<'a> = Option<(&'a str, &'a str)>;

impl Open {
    pub(crate) fn tls(&self, to: SocketAddr, shown: Shown<'_>) -> Tls {
        self.tls_saying(to, shown, &[])
    }

    /// The protocols offered, such as `h2`.
    pub(crate) fn tls_saying(&self, to: SocketAddr, shown: Shown<'_>, protocols: &[&[u8]]) -> Tls {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_slice(self.root.as_bytes()).unwrap();
        roots.add(root).unwrap();
        let config = ClientConfig::builder().with_root_certificates(roots);
        let mut config = match shown {
            None => config.with_no_client_auth(),
            Some((cert, key)) => {
                let cert = CertificateDer::from_pem_slice(cert.as_bytes()).unwrap();
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
                config.with_client_auth_cert(vec![cert], key).unwrap()
            }
        };
        config.alpn_protocols = protocols.iter().map(|one| one.to_vec()).collect();
        let name = ServerName::try_from("localhost").unwrap();
        let tcp = TcpStream::connect(to).unwrap();
        tcp.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), tcp)
    }

    /// Sends a request and reads the answer to the end of the connection.
    pub(crate) fn ask(&self, to: SocketAddr, request: &str) -> String {
        let mut tls = self.tls(to, None);
        tls.write_all(request.as_bytes()).unwrap();
        read_all(&mut tls).unwrap()
    }

    pub(crate) fn get(&self, to: SocketAddr, path: &str, more: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        self.ask(to, &format!("{head}{more}\r\n"))
    }
}

/// What comes until the other side hangs up, politely or not.
pub(crate) fn read_all(tls: &mut Tls) -> std::io::Result<String> {
    let (mut all, mut piece) = (Vec::new(), [0; 16 << 10]);
    loop {
        match tls.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => all.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(error) if all.is_empty() => return Err(error),
            Err(_) => break,
        }
    }
    Ok(String::from_utf8_lossy(&all).into_owned())
}

pub(crate) fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("")
}

/// Blocking sockets beside the server's own threads.
pub(crate) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// Small limits, so that a test need not wait.
pub(crate) fn impatient() -> Edges {
    let mut edges = Edges::default();
    edges.limits.handshake = Duration::from_secs(1);
    edges.limits.head = Duration::from_secs(1);
    edges.limits.silence = Duration::from_secs(1);
    edges.limits.idle = Duration::from_secs(1);
    edges
}
