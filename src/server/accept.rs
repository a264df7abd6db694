//! The accept loop: TLS, HTTP/1.1 and HTTP/2, and an end to every silence.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;
use tower_http::timeout::TimeoutBody;

use crate::site::Site;
use crate::web::Peer;

/// Connections at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 20_000;
/// A handshake takes this long at the most.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A request's head takes this long at the most, the wait for it included.
const HEAD: Duration = Duration::from_secs(30);
/// What is under way when the server stops may take this long.
const GRACE: Duration = Duration::from_secs(10);
/// A body that sends nothing for this long is given up.
const SILENCE: Duration = Duration::from_secs(30);
const BACKLOG: u32 = 4_096;

/// A bound address.
pub struct Listener {
    tcp: std::net::TcpListener,
}

/// Tells the server to stop: sent `true`, or dropped.
pub type Stop = watch::Receiver<bool>;

impl Listener {
    pub(super) fn bind(address: SocketAddr) -> anyhow::Result<Listener> {
        let socket = if address.is_ipv4() {
            tokio::net::TcpSocket::new_v4()
        } else {
            tokio::net::TcpSocket::new_v6()
        }?;
        socket.set_reuseaddr(true)?;
        socket
            .bind(address)
            .with_context(|| format!("{address} cannot be listened on: is something else there? Name another with --listen"))?;
        let tcp = socket.listen(BACKLOG)?.into_std()?;
        Ok(Listener { tcp })
    }

    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.tcp.local_addr()?)
    }

    pub(super) async fn serve(
        self,
        site: &Site,
        router: Router,
        mut stop: Stop,
    ) -> anyhow::Result<()> {
        let tcp = TcpListener::from_std(self.tcp)?;
        let tls = TlsAcceptor::from(Arc::new(tls(site)));
        let seats = Arc::new(Semaphore::new(CONNECTIONS));
        let open = GracefulShutdown::new();
        loop {
            let seat = Arc::clone(&seats).acquire_owned().await?;
            let accepted = tokio::select! {
                accepted = tcp.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let connection = Connection {
                        peer,
                        seat,
                        tls: tls.clone(),
                        router: router.clone(),
                    };
                    tokio::spawn(connection.run(stream, open.watcher()));
                }
                Err(error) => {
                    // Out of file descriptors, mostly: give others time to end.
                    tracing::warn!("a connection could not be accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(tcp);
        if timeout(GRACE, open.shutdown()).await.is_err() {
            tracing::warn!("some requests were still under way after {GRACE:?} and were cut off");
        }
        Ok(())
    }
}

fn tls(site: &Site) -> ServerConfig {
    let certificates = Arc::clone(&site.certificates);
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

struct Connection {
    peer: SocketAddr,
    seat: OwnedSemaphorePermit,
    tls: TlsAcceptor,
    router: Router,
}

impl Connection {
    async fn run(self, stream: TcpStream, open: hyper_util::server::graceful::Watcher) {
        // Answers are written whole: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let Ok(Ok(stream)) = timeout(HANDSHAKE, self.tls.accept(stream)).await else {
            return;
        };
        let speaks_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let (router, peer) = (self.router, Peer(self.peer.ip().to_canonical()));
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            let request = request.map(|body| Body::new(TimeoutBody::new(SILENCE, body)));
            router.clone().oneshot(request)
        });
        let io = TokioIo::new(stream);
        // A broken connection is the other side's business.
        if speaks_h2 {
            let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .keep_alive_interval(HEAD)
                .keep_alive_timeout(HANDSHAKE)
                .max_concurrent_streams(200)
                .serve_connection(io, service);
            let _ = open.watch(connection).await;
        } else {
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .serve_connection(io, service);
            let _ = open.watch(connection).await;
        }
        drop(self.seat);
    }
}
