//! Records reach a log collector, by TLS too, and none is lost while it is away.

use std::net::SocketAddr;
use std::sync::Arc;

use onsight::audit::{JOURNALD, SYSLOG, Sender};
use onsight::base::Time;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, UnixDatagram};

use crate::support::{TestSite, Visitor};

/// Reads one message with its length in front.
async fn message(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut length = 0;
    loop {
        match stream.read_u8().await.unwrap() {
            b' ' => break,
            digit => length = length * 10 + usize::from(digit - b'0'),
        }
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

fn seq(message: &str) -> i64 {
    let (_, rest) = message.split_once("seq=\"").unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

async fn forwarded_to(address: SocketAddr, transport: &str, ca: &str) -> (TestSite, Visitor) {
    let site = TestSite::calling(vec![format!("127.0.0.1:{}", address.port())]);
    let admin = site.found("Northgate", "ada@example.org").await;
    site.site().carry().await.unwrap();
    let ca: String = form_urlencoded::byte_serialize(ca.as_bytes()).collect();
    let form = format!(
        "host=127.0.0.1&port={}&transport={transport}&ca={ca}",
        address.port()
    );
    let saved = admin.post("/audit/forwarding", &form).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    (site, admin)
}

async fn act(site: &TestSite, admin: &Visitor, name: &str) {
    let made = admin.post("/account/keys", &format!("name={name}")).await;
    assert_eq!(made.status, 200, "{}", made.text);
    site.site().carry().await.unwrap();
}

#[tokio::test]
async fn a_collector_that_was_away_gets_what_it_missed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (site, admin) = forwarded_to(address, "tcp", "").await;
    let mut sender = Sender::new(site.site().clone(), SYSLOG);
    site.site().carry().await.unwrap();
    act(&site, &admin, "first").await;

    let sent = sender.push().await.unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut got = Vec::new();
    for _ in 0..sent {
        got.push(seq(&message(&mut stream).await));
    }
    // It stood for a while: what it was sent counts as taken.
    site.site().clock.advance(3 * Time::SECOND);
    assert_eq!(sender.push().await.unwrap(), 0);

    // It is sent one more and goes away at once: nobody knows whether it read it.
    act(&site, &admin, "second").await;
    assert_eq!(sender.push().await.unwrap(), 1);
    drop((stream, listener));
    act(&site, &admin, "third").await;
    assert!(sender.push().await.is_err(), "nobody listens");
    let page = admin.get("/audit/forwarding").await;
    assert!(page.text.contains("Records wait"), "{}", page.text);

    let listener = TcpListener::bind(address).await.unwrap();
    let mut sender = Sender::new(site.site().clone(), SYSLOG);
    let again = sender.push().await.unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut text = String::new();
    for _ in 0..again {
        let line = message(&mut stream).await;
        got.push(seq(&line));
        text.push_str(&line);
    }

    assert!(
        text.contains("second") && text.contains("third") && !text.contains("\"first\""),
        "{text}"
    );
    got.dedup();
    assert!(got.windows(2).all(|pair| pair[1] == pair[0] + 1), "{got:?}");
}

#[tokio::test]
async fn a_record_travels_by_tls_and_only_to_whom_the_authority_vouches_for() {
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
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (site, admin) = forwarded_to(address, "tls", &cert.pem()).await;
    act(&site, &admin, "sealed").await;
    let reading = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        let mut lines = Vec::new();
        while !lines.iter().any(|line: &String| line.contains("sealed")) {
            lines.push(message(&mut stream).await);
        }
        (lines, listener, acceptor)
    });

    let mut sender = Sender::new(site.site().clone(), SYSLOG);
    sender.push().await.unwrap();

    let (lines, listener, acceptor) = reading.await.unwrap();
    let line = lines.last().unwrap();
    assert!(
        line.starts_with("<110>1 ") && line.contains(" key.made [onsight@32473 "),
        "{line}"
    );
    assert!(
        line.contains("email=\"ada@example.org\"") && line.contains("hash=\""),
        "{line}"
    );

    let stranger = rcgen::KeyPair::generate().unwrap();
    let other = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .unwrap()
        .self_signed(&stranger)
        .unwrap();
    let ca: String = form_urlencoded::byte_serialize(other.pem().as_bytes()).collect();
    let handshake = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        acceptor.accept(stream).await.is_ok()
    });
    let form = format!(
        "host=127.0.0.1&port={}&transport=tls&ca={ca}&try=1",
        address.port()
    );
    let tried = admin.post("/audit/forwarding", &form).await;
    assert!(
        tried.text.contains("The test did not work"),
        "{}",
        tried.text
    );
    assert!(!handshake.await.unwrap());
}

#[tokio::test]
async fn journald_gets_fields_by_its_own_socket() {
    let (site, admin) = TestSite::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let journal = UnixDatagram::bind(&path).unwrap();
    let on = admin.post("/audit/forwarding/journald", "on=1").await;
    assert_eq!(on.status, 303, "{}", on.text);
    act(&site, &admin, "Excel").await;

    let mut sender = Sender::new(site.site().clone(), JOURNALD).with_socket(path);
    let count = sender.push().await.unwrap();

    let mut last = String::new();
    for _ in 0..count {
        let mut bytes = vec![0; 65_536];
        let length = journal.recv(&mut bytes).await.unwrap();
        last = String::from_utf8(bytes[..length].to_vec()).unwrap();
    }
    for line in [
        "SYSLOG_IDENTIFIER=onsight",
        "ONSIGHT_ACTION=key.made",
        "ONSIGHT_OBJECT=Excel",
        "PRIORITY=6",
    ] {
        assert!(last.lines().any(|found| found == line), "{line} in {last}");
    }
    assert_eq!(sender.push().await.unwrap(), 0);
}
