//! The accept loop: who may come in, TLS, HTTP/1.1 and HTTP/2, and an end to
//! every silence.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::server::Acceptor;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use crate::base::Networks;
use crate::config::{Gate, Limits, Told};
use crate::site::Site;
use crate::tls::{self, Handshakes};
use crate::web::{Arrived, Door, Inside, Peer, Through, client};

use super::activity::Activity;
use super::patience::{Patience, Steady};
use super::seats::{Seat, Seats, Standing};

/// What is under way when the server stops may take this long.
const GRACE: Duration = Duration::from_secs(10);
/// A request's head, line and headers together.
const HEAD: u32 = 64 << 10;
const HEADERS: usize = 100;
/// Streams a client opened and took back, with us not done yet; more end the
/// connection ("rapid reset").
const RESETS: usize = 20;

/// Tells the server to stop: sent `true`, or dropped.
pub type Stop = watch::Receiver<bool>;

/// Both ends of a connection, theirs and ours, and whether who is at theirs is known.
type Ends = (SocketAddr, Option<Arrived>, Standing);

/// What is said and heard over a connection.
type Stream = TokioIo<Patience<TlsStream<TcpStream>>>;

/// How a connection learns that the server stops, and the server that the connection ended.
struct End {
    open: Watcher,
    stop: Stop,
}

/// One door: who may come in, and what is behind it.
#[derive(Clone)]
pub(super) struct Entrance {
    pub(super) door: Door,
    pub(super) handshakes: Arc<Handshakes>,
    allow: Networks,
    proxies: Networks,
    told: Told,
    limits: Limits,
    /// Connections at once.
    room: usize,
    router: Router,
    site: Site,
    /// Handshakes that are worked on at once: one for each processor.
    turns: Arc<Semaphore>,
}

impl Entrance {
    /// `room` is how many connections there are at once.
    pub(super) fn new(
        site: &Site,
        (door, room): (Door, usize),
        gate: &Gate,
        router: Router,
    ) -> Result<Entrance, tls::Error> {
        let edges = &site.config.edges;
        let handshakes = Handshakes::open(&site.certificates, gate.client_ca.as_deref())?;
        Ok(Entrance {
            door,
            handshakes: Arc::new(handshakes),
            allow: gate.allow.clone(),
            proxies: edges.proxies.clone(),
            told: edges.told,
            limits: edges.limits.clone(),
            room,
            router,
            site: site.clone(),
            turns: Arc::new(Semaphore::new(turns())),
        })
    }

    /// Lets people in until told to stop, then lets what is under way finish.
    pub(super) async fn open(
        self,
        tcp: std::net::TcpListener,
        mut stop: Stop,
    ) -> anyhow::Result<()> {
        let tcp = TcpListener::from_std(tcp)?;
        let seats = Seats::new(self.room, self.limits.per_address);
        let open = GracefulShutdown::new();
        self.declare(seats.clone());
        loop {
            let next = async {
                let place = seats.place().await?;
                anyhow::Ok((place, tcp.accept().await))
            };
            let (place, accepted) = tokio::select! {
                next = next => next?,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let address = peer.ip().to_canonical();
                    if !self.allow.allow(address) {
                        tracing::info!(peer = %address, "{address} is not allowed here: hung up");
                        continue;
                    }
                    let is_proxy = self.proxies.have(address);
                    let Some(seat) = seats.seat(place, address, is_proxy) else {
                        tracing::info!(peer = %address, "{address} has too many connections: hung up");
                        continue;
                    };
                    let end = End {
                        open: open.watcher(),
                        stop: stop.clone(),
                    };
                    tokio::spawn(self.clone().let_in(stream, peer, seat, end));
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

    /// Has the connections counted, as they are when somebody looks.
    fn declare(&self, seats: Seats) {
        let door = match self.door {
            Door::Administration => "admin",
            Door::Only | Door::Public => "public",
        };
        let (name, help) = ("onsight_connections", "Connections that are open.");
        let count = move || u32::try_from(seats.taken()).ok().map(f64::from);
        let meters = &self.site.meters;
        meters.asked(name, help, &[("door", door)], count);
    }

    /// `seat` is given back when the stream ends, however it does. Who talks does so in a
    /// task of its own: a connection may rest for minutes, and all that a handshake needs
    /// would take room as long.
    async fn let_in(self, stream: TcpStream, peer: SocketAddr, seat: Seat, end: End) {
        // Answers are written whole: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let arrived = stream.local_addr().map(|here| Arrived(here.ip())).ok();
        let Ok(Ok(stream)) = timeout(self.limits.handshake, self.greet(stream)).await else {
            return;
        };
        let speaks_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let ends = (peer, arrived, seat.standing());
        // A socket that came of a request goes on when the request is answered: the seat
        // is the stream's.
        let io = TokioIo::new(Patience::new(stream, self.limits.silence).holding(seat));
        if speaks_h2 {
            tokio::spawn(self.talk_h2(io, ends, end));
        } else {
            tokio::spawn(self.talk_h1(io, ends, end));
        }
    }

    /// The handshake. Its costly part, the answer to the first words, is done for a few
    /// at a time, and after everything else that is ready: a crowd that arrives never
    /// stands before those who are in.
    async fn greet(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let heard = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let accept = {
            let _turn = self.turns.acquire().await.map_err(io::Error::other)?;
            yield_now().await;
            heard.into_stream(self.handshakes.config())
        };
        accept.await
    }

    // A broken connection is the other side's business: what it ends with is not kept.
    fn talk_h2(self, io: Stream, ends: Ends, mut end: End) -> impl Future<Output = ()> {
        let limits = self.limits.clone();
        let standing = ends.2.clone();
        let activity = Activity::new();
        let heard = activity.clone();
        let service = service_fn(move |request| {
            let answering = heard.begin();
            let answer = self.answer(request, ends.clone());
            async move {
                let answer = answer.await?;
                Ok::<_, std::convert::Infallible>(answer.map(|body| answering.with(body)))
            }
        });
        let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(limits.head)
            .keep_alive_timeout(limits.handshake)
            .max_concurrent_streams(limits.streams)
            .max_header_list_size(HEAD)
            .max_pending_accept_reset_streams(RESETS)
            .max_local_error_reset_streams(RESETS)
            .serve_connection(io, service);
        let mut connection = Box::pin(connection);
        async move {
            let rest = || standing.rest(limits.idle);
            let has_stopped = tokio::select! {
                _ = connection.as_mut() => return,
                () = stopped(&mut end.stop) => true,
                () = activity.ends(limits.silence, rest) => false,
            };
            // Who is just asking something is told to ask it again on another connection.
            connection.as_mut().graceful_shutdown();
            let patience = if has_stopped { GRACE } else { limits.handshake };
            let _ = timeout(patience, connection).await;
            drop(end.open);
        }
    }

    fn talk_h1(self, io: Stream, ends: Ends, mut end: End) -> impl Future<Output = ()> {
        let head = self.limits.head;
        let service = service_fn(move |request| self.answer(request, ends.clone()));
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_headers(HEADERS)
            .max_header_size(HEAD as usize)
            .serve_connection(io, service)
            .with_upgrades();
        let mut connection = Box::pin(connection);
        async move {
            tokio::select! {
                _ = connection.as_mut() => {}
                () = stopped(&mut end.stop) => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
            // The server waited for it.
            drop(end.open);
        }
    }

    fn answer(
        &self,
        mut request: hyper::Request<hyper::body::Incoming>,
        (peer, arrived, standing): Ends,
    ) -> impl Future<Output = Result<hyper::Response<Body>, std::convert::Infallible>> + use<> {
        let (address, through) = client(peer.ip(), request.headers(), &self.proxies, self.told);
        if !through.is_empty() {
            let through: Vec<String> = through.iter().map(ToString::to_string).collect();
            request.extensions_mut().insert(Through(through.join(", ")));
        }
        request.extensions_mut().insert(Peer(address));
        request.extensions_mut().insert(self.door);
        if let Some(arrived) = arrived {
            request.extensions_mut().insert(arrived);
        }
        let silence = self.limits.silence;
        let request = request.map(|body| Body::new(Steady::new(body, silence)));
        let answering = self.router.clone().oneshot(request);
        async move {
            let answer = answering.await?;
            if answer.extensions().get::<Inside>().is_some() {
                standing.settle();
            }
            Ok(answer)
        }
    }
}

/// Ready when the server is told to stop, or nobody is left to tell it.
async fn stopped(stop: &mut Stop) {
    drop(stop.wait_for(|stop| *stop).await);
}

/// As many handshakes at once as keep the processors busy.
fn turns() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}
