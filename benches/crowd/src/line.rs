//! One connection, as a browser has one: TLS, HTTP/2 or HTTP/1.1.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use hyper::{Method, Request};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::Result;
use crate::older::Older;

/// As long as the page's own script waits.
const PATIENCE: Duration = Duration::from_secs(20);
/// So many addresses of the loopback network are called from.
const ADDRESSES: u64 = 200;

/// Where to, and how.
#[derive(Clone)]
pub struct Place {
    port: u16,
    tls: Option<TlsConnector>,
    is_two: bool,
}

pub struct Line {
    sender: Sender,
    authority: String,
    scheme: &'static str,
    pub kind: &'static str,
}

type Asking<'a> = (
    &'a mut http2::SendRequest<Full<Bytes>>,
    Request<Full<Bytes>>,
);

enum Sender {
    One(Older),
    Two(http2::SendRequest<Full<Bytes>>),
}

pub struct Answer {
    pub status: u16,
    pub location: String,
    pub retry_after: Option<u64>,
    pub body: Bytes,
}

impl Place {
    /// HTTPS over HTTP/2.
    pub fn tls(port: u16) -> Place {
        Place {
            port,
            tls: Some(connector(b"h2")),
            is_two: true,
        }
    }

    /// HTTPS over HTTP/1.1: what wrk and most programs speak.
    pub fn older(self) -> Place {
        Place {
            tls: Some(connector(b"http/1.1")),
            is_two: false,
            ..self
        }
    }

    /// HTTP without TLS.
    pub fn plain(port: u16) -> Place {
        Place {
            port,
            tls: None,
            is_two: false,
        }
    }

    /// A new connection from the address of that number.
    pub async fn open(&self, number: u64) -> Result<Line> {
        let last = u8::try_from(2 + number % ADDRESSES)?;
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)))?;
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let stream = timeout(PATIENCE, socket.connect(to)).await??;
        stream.set_nodelay(true)?;
        let authority = format!("127.0.0.1:{}", self.port);
        let sender = match &self.tls {
            None => Sender::One(Older::new(stream, &authority)),
            Some(tls) => self.secured(tls, stream, &authority).await?,
        };
        Ok(Line {
            sender,
            authority,
            scheme: if self.tls.is_some() { "https" } else { "http" },
            kind: "application/x-www-form-urlencoded",
        })
    }

    async fn secured(
        &self,
        tls: &TlsConnector,
        stream: TcpStream,
        authority: &str,
    ) -> Result<Sender> {
        let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
        let stream = timeout(PATIENCE, tls.connect(name, stream)).await??;
        if !self.is_two {
            return Ok(Sender::One(Older::new(stream, authority)));
        }
        let (sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Sender::Two(sender))
    }
}

impl Line {
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask(Method::GET, path, String::new()).await
    }

    pub async fn post(&mut self, path: &str, form: String) -> Result<Answer> {
        self.ask(Method::POST, path, form).await
    }

    /// The same with headers of a page's own; over HTTP/2 only.
    pub async fn fetch(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        let (sender, request) = self.request(path, headers)?;
        timeout(PATIENCE, newer(sender, request)).await?
    }

    /// An answer that lasts, from its head on.
    pub async fn last(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Incoming> {
        let (sender, request) = self.request(path, headers)?;
        sender.ready().await?;
        let answer = timeout(PATIENCE, sender.send_request(request)).await??;
        if answer.status() != 200 {
            return Err(format!("{path} was answered with {}", answer.status()).into());
        }
        Ok(answer.into_body())
    }

    fn request(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Asking<'_>> {
        let Sender::Two(sender) = &mut self.sender else {
            return Err("only HTTP/2 brings headers of its own".into());
        };
        let mut request = Request::builder().method(Method::GET);
        request = request.uri(format!("{}://{}{path}", self.scheme, self.authority));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok((sender, request.body(Full::default())?))
    }

    /// The server ended it: as a browser does, nothing is sent there any more.
    pub fn is_over(&self) -> bool {
        match &self.sender {
            Sender::One(sender) => sender.is_over(),
            Sender::Two(sender) => sender.is_closed(),
        }
    }

    async fn ask(&mut self, method: Method, path: &str, body: String) -> Result<Answer> {
        match &mut self.sender {
            Sender::One(sender) => {
                let asking = sender.ask(method.as_str(), path, (self.kind, &body));
                timeout(PATIENCE, asking).await?
            }
            Sender::Two(sender) => {
                let mut request = Request::builder().method(method);
                request = request.uri(format!("{}://{}{path}", self.scheme, self.authority));
                if !body.is_empty() {
                    request = request.header(CONTENT_TYPE, self.kind);
                }
                let request = request.body(Full::new(Bytes::from(body)))?;
                timeout(PATIENCE, newer(sender, request)).await?
            }
        }
    }
}

async fn newer(
    sender: &mut http2::SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<Answer> {
    sender.ready().await?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    Ok(Answer {
        status: head.status.as_u16(),
        location: text(&head.headers, LOCATION.as_str()),
        retry_after: text(&head.headers, RETRY_AFTER.as_str()).parse().ok(),
        body: body.collect().await?.to_bytes(),
    })
}

fn text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn connector(speaks: &[u8]) -> TlsConnector {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("the provider has the usual versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![speaks.to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// The certificate is the test site's own; its signature is checked, its name is not.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            cert,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            cert,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
