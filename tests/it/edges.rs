//! The edges over real sockets: doors, client certificates, networks, limits.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use onsight::base::{Clock, Networks};
use onsight::config::Edges;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::open::{ANY, Open, Shown, Tls, apart, impatient, open, read_all, status};
use crate::support::NOON;

fn second_door() -> Edges {
    Edges {
        admin_listen: Some(ANY),
        ..Edges::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administration_is_behind_the_second_door_and_nowhere_else() {
    let open = open(second_door()).await;
    apart(move || {
        let admin = open.admin.unwrap();
        let head = "Host: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\
                    Content-Type: application/x-www-form-urlencoded";
        let entered = open.ask(
            open.public,
            &format!("POST {} HTTP/1.1\r\n{head}\r\n\r\n", open.link),
        );
        let (_, rest) = entered.split_once("__Host-session=").unwrap();
        let session = rest.split(';').next().unwrap();
        let cookie = format!("Cookie: __Host-session={session}\r\n");
        for path in ["/members", "/members/keys", "/audit", "/security"] {
            assert_eq!(
                status(&open.get(open.public, path, &cookie)),
                "404",
                "{path}"
            );
            assert_eq!(status(&open.get(open.public, path, "")), "404", "{path}");
            assert_eq!(status(&open.get(admin, path, &cookie)), "200", "{path}");
            assert_eq!(status(&open.get(admin, path, "")), "303", "{path}");
        }
        // What is not there and what is behind the other door look the same.
        let (gone, hidden) = (
            open.get(open.public, "/nowhere", &cookie),
            open.get(open.public, "/members", &cookie),
        );
        let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.len();
        assert_eq!(body(&gone), body(&hidden));
        let apps = open.get(open.public, "/apps", &cookie);
        assert_eq!(status(&apps), "200");
        assert!(!apps.contains("href=\"/members\""), "{apps}");
        assert!(
            open.get(admin, "/apps", &cookie)
                .contains("href=\"/members\"")
        );
    })
    .await;
}

/// An authority and a certificate it signed.
struct Signed {
    authority: String,
    cert: String,
    key: String,
}

fn signed() -> Signed {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let mut params = CertificateParams::new(vec!["ada.corp".to_owned()]).unwrap();
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::generate().unwrap();
    Signed {
        authority,
        cert: params.signed_by(&key, &issuer).unwrap().pem(),
        key: key.serialize_pem(),
    }
}

fn shake(open: &Open, to: SocketAddr, shown: Shown<'_>) -> std::io::Result<String> {
    let mut tls = open.tls(to, shown);
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    tls.write_all(request.as_bytes())?;
    let answer = read_all(&mut tls)?;
    if answer.is_empty() {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_asks_for_certificates_opens_to_those_its_authority_signed() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("clients.pem");
    let (ours, foreign) = (signed(), signed());
    std::fs::write(&file, &ours.authority).unwrap();
    let mut edges = second_door();
    edges.admin_gate.client_ca = Some(file);
    let open = open(edges).await;
    apart(move || {
        let admin = open.admin.unwrap();
        assert!(shake(&open, admin, None).is_err());
        assert!(shake(&open, admin, Some((&foreign.cert, &foreign.key))).is_err());
        let known = shake(&open, admin, Some((&ours.cert, &ours.key))).unwrap();
        assert_eq!(status(&known), "200");
        let public = shake(&open, open.public, None).unwrap();
        assert_eq!(status(&public), "200");
    })
    .await;
}

#[test]
fn a_new_list_of_authorities_is_taken_up_and_a_broken_one_is_not() {
    use onsight::store::{Key, Keyring};
    use onsight::tls::{Certificates, Handshakes};

    let folder = TempDir::new().unwrap();
    let file: PathBuf = folder.path().join("clients.pem");
    let later = |seconds| std::time::UNIX_EPOCH + Duration::from_secs(seconds);
    let write = |text: &str, at| {
        std::fs::write(&file, text).unwrap();
        let opened = std::fs::File::options().write(true).open(&file).unwrap();
        opened.set_modified(later(at)).unwrap();
    };
    let keyring = Keyring::open(&folder.path().join("k.db"), &Key::random().unwrap()).unwrap();
    let served = Certificates::open(&keyring, None, &[], &Clock::set_to(NOON)).unwrap();
    let served = Arc::new(served);
    let opened = |path: &Path| Handshakes::open(&served, Some(path));
    let error = opened(&file).unwrap_err().to_string();
    assert!(error.contains("clients.pem"), "{error}");
    write("no certificate", 100);
    assert!(
        opened(&file)
            .unwrap_err()
            .to_string()
            .contains("holds no certificate")
    );

    write(&signed().authority, 200);
    let door = opened(&file).unwrap();
    let before = door.config();
    assert!(!door.refresh().unwrap());
    write("broken", 300);
    assert!(door.refresh().is_err());
    assert!(Arc::ptr_eq(&before, &door.config()));
    write(&signed().authority, 400);
    assert!(door.refresh().unwrap());
    assert!(!Arc::ptr_eq(&before, &door.config()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_from_another_network_is_hung_up_on_before_a_word_is_said() {
    let mut edges = Edges::default();
    edges.gate.allow = Networks::parse("10.0.0.0/8").unwrap();
    let open = open(edges).await;
    apart(move || {
        let mut stranger = TcpStream::connect(open.public).unwrap();
        stranger
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        // No time-out: the server hangs up by itself.
        match stranger.read(&mut [0; 16]) {
            Ok(read) => assert_eq!(read, 0),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_not_ours_is_sent_away() {
    let open = open(Edges::default()).await;
    apart(move || {
        let ask = |head: &str| {
            let request = format!("GET /healthz HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
            status(&open.ask(open.public, &request)).to_owned()
        };
        for ours in ["localhost", "LOCALHOST:1", "127.0.0.1:8443", "[::1]:8443"] {
            assert_eq!(ask(&format!("Host: {ours}\r\n")), "200", "{ours}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example",
            "evil.example:8443",
            "10.99.99.99",
        ] {
            assert_eq!(ask(&format!("Host: {foreign}\r\n")), "421", "{foreign}");
        }
        assert_eq!(ask(""), "421");
        assert_eq!(ask("Host: localhost\r\nHost: evil.example\r\n"), "421");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_or_too_much_is_refused() {
    let open = open(Edges::default()).await;
    apart(move || {
        let long = "a".repeat(9 << 10);
        assert_eq!(
            status(&open.get(open.public, &format!("/{long}"), "")),
            "414"
        );
        let many = (0..200).fold(String::new(), |head, n| format!("{head}x-{n}: y\r\n"));
        assert_eq!(status(&open.get(open.public, "/healthz", &many)), "431");
        let big = format!("x: {}\r\n", "a".repeat(70 << 10));
        let refused = open.get(open.public, "/healthz", &big);
        assert!(["431", ""].contains(&status(&refused)), "{refused}");
        let body = "a".repeat(300 << 10);
        let post = format!(
            "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(status(&open.ask(open.public, &post)), "413");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_a_place_for_nothing_loses_it() {
    let open = open(impatient()).await;
    apart(move || {
        // Half a handshake.
        let mut half = TcpStream::connect(open.public).unwrap();
        half.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        half.write_all(&[0x16, 0x03, 0x01]).unwrap();
        assert_eq!(half.read(&mut [0; 16]).unwrap_or(0), 0);
        // Half a head.
        let mut tls = open.tls(open.public, None);
        tls.write_all(b"GET /healthz HTTP/1.1\r\nHost: loc")
            .unwrap();
        let said = read_all(&mut tls).unwrap_or_default();
        assert!(["408", ""].contains(&status(&said)), "{said}");
        // A head, and a body that never comes.
        let head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=";
        let refused = open.ask(open.public, head);
        assert!(!refused.starts_with("HTTP/1.1 200"), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_takes_nothing_is_hung_up_on() {
    let open = open(impatient()).await;
    apart(move || {
        let mut tls = open.tls(open.public, None);
        let page = open.get(open.public, "/sign-in", "");
        let (_, rest) = page.split_once("/assets/").unwrap();
        let build = rest.split('/').next().unwrap();
        let request = format!(
            "GET /assets/{build}/vendor/dist/echarts.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        // Twenty megabytes asked for, more than any socket keeps, none taken:
        // in the end even asking fails, because nobody is there any more.
        for _ in 0..40 {
            if tls.write_all(request.as_bytes()).is_err() {
                return;
            }
        }
        let ended = (0..600).any(|_| {
            let gone = tls
                .write_all(b"GET / HTTP/1.1\r\n")
                .and_then(|()| tls.flush());
            if gone.is_ok() {
                std::thread::park_timeout(Duration::from_millis(100));
            }
            gone.is_err()
        });
        assert!(ended);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_takes_only_its_share_of_connections() {
    let mut edges = Edges::default();
    edges.limits.per_address = 2;
    let open = open(edges).await;
    apart(move || {
        let held: Vec<Tls> = (0..2)
            .map(|_| {
                let mut tls = open.tls(open.public, None);
                let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
                tls.write_all(request.as_bytes()).unwrap();
                assert!(tls.read(&mut [0; 64]).unwrap() > 0);
                tls
            })
            .collect();
        assert!(shake(&open, open.public, None).is_err());
        drop(held);
        let again = (0..600).any(|_| {
            std::thread::park_timeout(Duration::from_millis(50));
            shake(&open, open.public, None).is_ok()
        });
        assert!(again);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_address_is_believed_from_nobody_and_a_true_one_from_a_proxy() {
    for (proxies, seen) in [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9")] {
        let edges = Edges {
            proxies: Networks::parse(proxies).unwrap(),
            ..Edges::default()
        };
        let open = open(edges).await;
        apart(move || {
            let head = "Host: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\
                        Content-Type: application/x-www-form-urlencoded\r\n\
                        X-Forwarded-For: 198.51.100.7, 203.0.113.9";
            let entered = open.ask(
                open.public,
                &format!("POST {} HTTP/1.1\r\n{head}\r\n\r\n", open.link),
            );
            let (_, rest) = entered.split_once("__Host-session=").unwrap();
            let session = rest.split(';').next().unwrap();
            let cookie = format!("Cookie: __Host-session={session}\r\n");
            let account = open.get(open.public, "/account", &cookie);
            assert!(account.contains(&format!("<td>{seen}</td>")), "{account}");
        })
        .await;
    }
}
