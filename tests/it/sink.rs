//! A collector of usage reports that keeps every byte it is sent.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use onsight::config::{Config, Telling};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::TestSite;

/// One request, as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) struct Sink {
    pub(crate) port: u16,
    host: &'static str,
    got: Arc<Mutex<Vec<Got>>>,
    /// What it answers with.
    pub(crate) answer: Arc<Mutex<&'static str>>,
    authority: PathBuf,
    _folder: TempDir,
}

impl Sink {
    /// Listens on that address of this machine.
    pub(crate) async fn on(host: &'static str) -> Sink {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec![host.to_owned()]).unwrap();
        let cert = params.self_signed(&key).unwrap();
        let folder = TempDir::new().unwrap();
        let authority = folder.path().join("ca.pem");
        std::fs::write(&authority, cert.pem()).unwrap();
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![cert.der().clone()],
                rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::<Mutex<Vec<Got>>>::default();
        let answer = Arc::new(Mutex::new("202 Accepted"));
        let (kept, says) = (Arc::clone(&got), Arc::clone(&answer));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut all = Vec::new();
                let (head, body) = loop {
                    let mut piece = [0; 4096];
                    let read = stream.read(&mut piece).await.unwrap();
                    all.extend(&piece[..read]);
                    let text = String::from_utf8_lossy(&all).into_owned();
                    if let Some((head, body)) = text.split_once("\r\n\r\n") {
                        let length = head.to_lowercase();
                        let length = length.split("content-length: ").nth(1).unwrap();
                        let length = length.lines().next().unwrap().trim().parse().unwrap();
                        if body.len() >= length {
                            break (head.to_owned(), body.to_owned());
                        }
                    }
                    assert!(read > 0, "it ended early: {text}");
                };
                kept.lock().unwrap().push(Got { head, body });
                let status = *says.lock().unwrap();
                let text = format!("HTTP/1.1 {status}\r\ncontent-length: 6\r\n\r\nthanks");
                stream.write_all(text.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
            }
        });
        Sink {
            port,
            host,
            got,
            answer,
            authority,
            _folder: folder,
        }
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("https://{}:{}/v1", self.host, self.port)
    }

    /// A site that nobody has set up yet, and whose reports would go here.
    pub(crate) fn site(&self) -> TestSite {
        TestSite::with(|config| Config {
            allow: vec![format!("{}:{}", self.host, self.port)],
            telling: Telling {
                endpoint: Some(self.endpoint()),
                ca: Some(self.authority.clone()),
                ..Telling::default()
            },
            ..config
        })
    }
}
