//! A machine that surveys ask: over TLS here, with a certificate of its own. It answers one
//! thing after the other and keeps what it heard.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

/// What it says.
#[derive(Clone, Copy)]
pub(crate) enum Reply {
    Json(&'static str),
    /// The same when it is told to.
    Held(&'static str),
    Status(u16),
    /// To a page of its own.
    Elsewhere,
    Large,
    /// Nothing, for ever.
    Silent,
}

/// A question as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Heard {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }
}

pub(crate) struct Machine {
    pub(crate) port: u16,
    pub(crate) ca: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    /// What it waits for where its answer is held.
    pub(crate) release: Arc<Notify>,
}

impl Machine {
    /// The last reply goes on for ever.
    pub(crate) async fn open(replies: &'static [Reply]) -> Machine {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let cert = params.self_signed(&key).unwrap();
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![cert.der().clone()],
                rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let machine = Machine {
            port: listener.local_addr().unwrap().port(),
            ca: cert.pem(),
            heard: Arc::default(),
            release: Arc::default(),
        };
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (heard, release) = (Arc::clone(&machine.heard), Arc::clone(&machine.release));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, heard) = (acceptor.clone(), Arc::clone(&heard));
                let release = Arc::clone(&release);
                tokio::spawn(serve(stream, acceptor, (heard, release), replies));
            }
        });
        machine
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    (heard, release): (Arc<Mutex<Vec<Heard>>>, Arc<Notify>),
    replies: &'static [Reply],
) {
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let mut lines = Vec::new();
    while !lines.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => lines.push(byte),
            Err(_gone) => return,
        }
    }
    let mut message = Heard {
        head: String::from_utf8(lines).unwrap(),
        body: String::new(),
    };
    let length = message
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    message.body = String::from_utf8(body).unwrap();
    let turn = {
        let mut heard = heard.lock().unwrap();
        heard.push(message);
        heard.len() - 1
    };
    let (status, more, words) = match replies[turn.min(replies.len() - 1)] {
        Reply::Json(json) => (200, "", json.to_owned()),
        Reply::Held(json) => {
            release.notified().await;
            (200, "", json.to_owned())
        }
        Reply::Status(status) => (status, "", "{}".to_owned()),
        Reply::Elsewhere => (302, "location: /elsewhere\r\n", "{}".to_owned()),
        Reply::Large => (200, "", format!("\"{}\"", "x".repeat(70 << 10))),
        Reply::Silent => std::future::pending().await,
    };
    let length = words.len();
    let text = format!("HTTP/1.1 {status} x\r\n{more}content-length: {length}\r\n\r\n{words}");
    // Who read enough goes before the end.
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}
