//! A program that listens at the other end: over TLS on this machine, with a certificate of
//! its own. It answers one thing after the other and keeps what it heard.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

/// A message as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) head: String,
    pub(super) body: String,
}

impl Heard {
    pub(super) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values
            .next()
            .unwrap_or_else(|| panic!("{name}: {}", self.head))
            .1
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn event(&self) -> String {
        self.json()["event"].as_str().unwrap().to_owned()
    }
}

pub(super) struct Receiver {
    pub(super) port: u16,
    pub(super) ca: String,
    acceptor: TlsAcceptor,
    answers: &'static [&'static str],
    heard: Arc<Mutex<Vec<Heard>>>,
    /// What it waits for where its answer is `held`.
    pub(super) release: Arc<Notify>,
}

impl Receiver {
    /// With a certificate and a port, but nobody listens yet. An answer is a status and
    /// headers: `503 retry-after: 600`; `held` waits before it answers 200. The last one
    /// goes on for ever.
    pub(super) async fn prepared(answers: &'static [&'static str]) -> Receiver {
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
        Receiver {
            port: listener.local_addr().unwrap().port(),
            ca: cert.pem(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
            answers,
            heard: Arc::default(),
            release: Arc::default(),
        }
    }

    pub(super) async fn open(answers: &'static [&'static str]) -> Receiver {
        let receiver = Receiver::prepared(answers).await;
        receiver.listen().await;
        receiver
    }

    /// Begins to listen.
    pub(super) async fn listen(&self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let (acceptor, heard) = (self.acceptor.clone(), Arc::clone(&self.heard));
        let (answers, release) = (self.answers, Arc::clone(&self.release));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, heard) = (acceptor.clone(), Arc::clone(&heard));
                let release = Arc::clone(&release);
                tokio::spawn(serve(stream, acceptor, (heard, release), answers));
            }
        });
    }

    pub(super) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(super) fn events(&self) -> Vec<String> {
        self.heard().iter().map(Heard::event).collect()
    }
}

async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    (heard, release): (Arc<Mutex<Vec<Heard>>>, Arc<Notify>),
    answers: &'static [&'static str],
) {
    // A test of the connection alone shakes hands and goes.
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
    let mut body = vec![0; message.header("content-length").parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    message.body = String::from_utf8(body).unwrap();
    let turn = {
        let mut heard = heard.lock().unwrap();
        heard.push(message);
        heard.len() - 1
    };
    let answer = match answers[turn.min(answers.len() - 1)] {
        "held" => {
            release.notified().await;
            "200"
        }
        answer => answer,
    };
    let (status, header) = answer.split_once(' ').unwrap_or((answer, "x-other: 1"));
    let words = "<b>No\r\nsuch thing</b>";
    let length = words.len();
    let text =
        format!("HTTP/1.1 {status} x\r\n{header}\r\ncontent-length: {length}\r\n\r\n{words}");
    stream.write_all(text.as_bytes()).await.unwrap();
    let _ = stream.shutdown().await;
}
