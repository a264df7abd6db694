//! A page's line for events: a real socket over TLS to a site behind real doors.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, Response, header};
use futures_util::{SinkExt, StreamExt};
use onsight::server::{self, Doors};
use onsight::surveys::running::token;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::stage::Stage;
use crate::support::{Answer, NOON};

/// What never comes is not waited for longer than that.
const PATIENCE: Duration = Duration::from_secs(30);

/// The doors of a stage's site, until it is dropped.
pub(super) struct Open {
    port: u16,
    root: String,
    _stop: watch::Sender<bool>,
}

/// A socket that is open.
pub(super) struct Line(WebSocketStream<TlsStream<TcpStream>>);

/// The page's clock says what the site's does: else its certificate is of another time.
#[derive(Debug)]
struct SameTime;

impl TimeProvider for SameTime {
    fn current_time(&self) -> Option<UnixTime> {
        let since = u64::try_from(NOON.0).ok().map(Duration::from_millis);
        since.map(UnixTime::since_unix_epoch)
    }
}

impl Open {
    pub(super) fn of(stage: &Stage) -> Open {
        let site = stage.site.site();
        let doors = Doors::bind(&site.config).unwrap();
        let port = doors.address().unwrap().port();
        let (stop, told) = watch::channel(false);
        tokio::spawn(server::serve(stage.site.people.clone(), doors, told));
        Open {
            port,
            root: site.certificates.root().unwrap(),
            _stop: stop,
        }
    }

    pub(super) fn origin(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Asks for a socket there, from a page of that site; else the answer.
    pub(super) async fn ask(
        &self,
        path: &str,
        origin: Option<&str>,
    ) -> Result<Line, Response<Option<Vec<u8>>>> {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_slice(self.root.as_bytes()).unwrap();
        roots.add(root).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(SameTime))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let tls = TlsConnector::from(Arc::new(config.with_no_client_auth()));
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = tls.connect(name, tcp).await.unwrap();
        let address = format!("wss://localhost:{}{path}", self.port);
        let mut request: Request<()> = address.into_client_request().unwrap();
        if let Some(origin) = origin {
            let headers = request.headers_mut();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Line(socket)),
            Err(Error::Http(answer)) => Err(*answer),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket of a page of this site.
    pub(super) async fn line(&self) -> Line {
        let own = self.origin();
        self.ask("/s/cereals/live", Some(&own)).await.unwrap()
    }

    /// The same, for whoever answers at that address.
    pub(super) async fn greeted(&self, way: &str) -> Line {
        let mut line = self.line().await;
        line.say(&hello(token_of(way))).await;
        assert_eq!(line.hears().await, json!("hello"));
        line
    }
}

impl Line {
    pub(super) async fn say(&mut self, said: &Value) {
        self.send(Message::text(said.to_string())).await;
    }

    pub(super) async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// The next thing that is said, whatever pings come before it.
    pub(super) async fn hears(&mut self) -> Value {
        loop {
            match self.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Ping(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Up to which number a visit is kept, once a batch was sent.
    pub(super) async fn acked(&mut self, sent: &Value) -> u64 {
        self.say(sent).await;
        let said = self.hears().await;
        assert_eq!(said["ack"]["visit"], sent["events"]["visit"], "{said}");
        said["ack"]["seq"].as_u64().unwrap()
    }

    /// The number it is closed with.
    pub(super) async fn ends(&mut self) -> u16 {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(Message::Ping(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn next(&mut self) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, self.0.next()).await.unwrap()
    }
}

impl Stage {
    /// A page sends that over HTTPS.
    pub(super) async fn posts(&self, body: &Value) -> Answer {
        let mut page = self.site.stranger();
        page.origin = Some("https://localhost".to_owned());
        page.post("/s/cereals/live", &body.to_string()).await
    }

    /// What is kept of all visits: page, number, kind and question, in the order it came.
    pub(super) fn noted(&self) -> Vec<String> {
        self.texts(
            "select format('%s %d %s %s', page, seq, kind, question)
             from event join event_visit using (respondent, visit) order by id",
            None,
        )
    }
}

pub(super) fn token_of(way: &str) -> &str {
    way.rsplit('/').next().unwrap()
}

pub(super) fn hello(token: &str) -> Value {
    json!({ "hello": { "token": token } })
}

/// The nonce of a page that is shown.
pub(super) fn visit() -> String {
    token::fresh().unwrap()
}

/// Events of the first page with these numbers, half a second apart.
pub(super) fn batch(visit: &str, seqs: impl IntoIterator<Item = u32>) -> Value {
    let seqs = seqs.into_iter();
    let events = seqs
        .map(|seq| json!({ "seq": seq, "ms": 500 * seq, "kind": "changed", "question": "age" }));
    let events: Vec<Value> = events.collect();
    json!({ "events": { "visit": visit, "page": "screener", "turn": 0, "events": events } })
}

/// The same by itself, with who sends it.
pub(super) fn posted(way: &str, visit: &str, seqs: impl IntoIterator<Item = u32>) -> Value {
    let mut body = batch(visit, seqs);
    body["token"] = token_of(way).into();
    body
}
