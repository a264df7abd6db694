//! A directory on loopback, as far as a sign-in asks one: it binds, it finds the
//! one entry of an address, and it says which group that is in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Everybody's password.
const PASSWORD: &[u8] = b"open sesame";
const INVALID_CREDENTIALS: u8 = 49;
/// Operations, by their tags.
const BIND: u8 = 0x60;
const UNBIND: u8 = 0x42;
const SEARCH: u8 = 0x63;

pub(super) struct Directory {
    pub(super) port: u16,
    /// Whether everybody is in the group `makers`.
    has_makers: Arc<AtomicBool>,
}

impl Directory {
    pub(super) async fn open() -> Directory {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let has_makers = Arc::new(AtomicBool::new(true));
        let makers = Arc::clone(&has_makers);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&makers)));
            }
        });
        Directory { port, has_makers }
    }

    pub(super) fn let_go(&self) {
        self.has_makers.store(false, Ordering::SeqCst);
    }
}

async fn serve(mut stream: TcpStream, makers: Arc<AtomicBool>) {
    let (mut asked, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        while let Some((message, rest)) = taken(&asked) {
            let (id, operation) = read(message);
            let answer = match operation[0] {
                UNBIND => return,
                BIND => done(
                    id,
                    0x61,
                    if message.ends_with(PASSWORD) {
                        0
                    } else {
                        INVALID_CREDENTIALS
                    },
                ),
                SEARCH => {
                    let found = entry(message, makers.load(Ordering::SeqCst));
                    let found = found.map(|entry| answer(id, &entry)).unwrap_or_default();
                    [found, done(id, 0x65, 0)].concat()
                }
                other => panic!("nobody asks a directory for {other:#x}"),
            };
            asked = rest.to_vec();
            if stream.write_all(&answer).await.is_err() {
                return;
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return,
            Ok(count) => asked.extend_from_slice(&piece[..count]),
        }
    }
}

/// The entry of the one address in the filter that ends in `@example.org`.
fn entry(message: &[u8], has_makers: bool) -> Option<Vec<u8>> {
    let said = String::from_utf8_lossy(message);
    let (before, _) = said.split_once("@example.org")?;
    let is_name = |c: &char| c.is_ascii_alphanumeric();
    let name: String = before.chars().rev().take_while(is_name).collect();
    let name: String = name.chars().rev().collect();
    let attribute = |kind: &str, value: &str| {
        let values = tagged(0x31, &tagged(4, value.as_bytes()));
        tagged(0x30, &[tagged(4, kind.as_bytes()), values].concat())
    };
    let mut attributes = [
        attribute("entryUUID", &format!("uuid-of-{name}")),
        attribute("mail", &format!("{name}@example.org")),
        attribute("cn", &name),
    ]
    .concat();
    if has_makers {
        attributes.extend(attribute("memberOf", "cn=makers,dc=corp"));
    }
    let dn = tagged(4, format!("cn={name},dc=corp").as_bytes());
    Some(tagged(0x64, &[dn, tagged(0x30, &attributes)].concat()))
}

/// An operation is done, with that code.
fn done(id: &[u8], operation: u8, code: u8) -> Vec<u8> {
    let result = [vec![0x0a, 1, code], tagged(4, b""), tagged(4, b"")].concat();
    answer(id, &tagged(operation, &result))
}

fn answer(id: &[u8], operation: &[u8]) -> Vec<u8> {
    tagged(0x30, &[&tagged(2, id), operation].concat())
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]], content].concat()
}

/// The first whole message, and what comes after it.
fn taken(asked: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, length) = length(asked.get(1..)?)?;
    let end = 1 + head + length;
    (asked.len() >= end).then(|| asked.split_at(end))
}

/// How many bytes say the length, and the length.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*bytes.first()?);
    if first < 0x80 {
        return Some((1, first));
    }
    let count = first & 0x7f;
    let digits = bytes.get(1..=count)?;
    let length = digits
        .iter()
        .fold(0, |length, digit| length << 8 | usize::from(*digit));
    Some((1 + count, length))
}

/// The number of the message, and its operation.
fn read(message: &[u8]) -> (&[u8], &[u8]) {
    let (head, _) = length(&message[1..]).unwrap();
    let inside = &message[1 + head..];
    let (id_head, id_length) = length(&inside[1..]).unwrap();
    inside[1 + id_head..].split_at(id_length)
}
