//! HTTP/2 by hand: what a client may do that a browser does not.

use std::io::{Read, Write};

use onsight::config::Edges;

use crate::open::{Open, Tls, apart, impatient, open};

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
const ENHANCE_YOUR_CALM: u32 = 11;

struct Talk(Tls);

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    body: Vec<u8>,
}

impl Talk {
    fn begin(open: &Open, settings: &[u8]) -> Talk {
        let mut talk = Talk(open.tls_saying(open.public, None, &[b"h2"]));
        talk.0
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .unwrap();
        talk.send(SETTINGS, 0, 0, settings).unwrap();
        talk
    }

    fn send(&mut self, kind: u8, flags: u8, stream: u32, body: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let mut frame = vec![length[1], length[2], length[3], kind, flags];
        frame.extend(stream.to_be_bytes());
        frame.extend(body);
        self.0.write_all(&frame)
    }

    /// GET of a path at localhost, the whole of it.
    fn get(&mut self, stream: u32, path: &str) -> std::io::Result<()> {
        // From the static table: GET, https; then two literals by its names.
        let mut head = vec![0x82, 0x87, 0x04, u8::try_from(path.len()).unwrap()];
        head.extend(path.as_bytes());
        head.extend([0x01, 9]);
        head.extend(b"localhost");
        self.send(HEADERS, 0x5, stream, &head)
    }

    /// The next frame; `None` when the server has hung up.
    fn read(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut body = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut body).ok()?;
        Some(Frame {
            kind: head[3],
            flags: head[4],
            stream: u32::from_be_bytes([head[5], head[6], head[7], head[8]]),
            body,
        })
    }

    /// Does what is polite: acknowledges settings, answers pings.
    fn read_politely(&mut self) -> Option<Frame> {
        let frame = self.read()?;
        if frame.kind == SETTINGS && frame.flags & ACK == 0 {
            self.send(SETTINGS, ACK, 0, &[]).ok()?;
        }
        if frame.kind == PING && frame.flags & ACK == 0 {
            self.send(PING, ACK, 0, &frame.body).ok()?;
        }
        Some(frame)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_and_taking_back_in_a_loop_ends_the_connection() {
    let open = open(Edges::default()).await;
    apart(move || {
        let mut talk = Talk::begin(&open, &[]);
        for at in 0..2_000 {
            let stream = 2 * at + 1;
            let cancel = 8u32.to_be_bytes();
            let sent = talk
                .get(stream, "/sign-in")
                .and_then(|()| talk.send(RST_STREAM, 0, stream, &cancel));
            if sent.is_err() {
                break;
            }
        }
        let mut said = None;
        while let Some(frame) = talk.read() {
            if frame.kind == GOAWAY {
                said = Some(u32::from_be_bytes(frame.body[4..8].try_into().unwrap()));
            }
        }
        // The word may be lost when the server has hung up on what we still sent.
        assert!([None, Some(ENHANCE_YOUR_CALM)].contains(&said), "{said:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_answers_pings_and_takes_no_byte_is_hung_up_on() {
    let mut edges = impatient();
    edges.limits.head = std::time::Duration::from_millis(250);
    let open = open(edges).await;
    apart(move || {
        // A window of nothing for every stream.
        let mut talk = Talk::begin(&open, &[0, 4, 0, 0, 0, 0]);
        talk.get(1, "/sign-in").unwrap();
        let (mut answered, mut pinged) = (false, false);
        while let Some(frame) = talk.read_politely() {
            answered |= frame.kind == HEADERS && frame.stream == 1;
            pinged |= frame.kind == PING;
        }
        assert!(answered);
        assert!(pinged);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_asks_for_nothing_is_ended() {
    let open = open(impatient()).await;
    apart(move || {
        let mut talk = Talk::begin(&open, &[]);
        talk.get(1, "/healthz").unwrap();
        let mut answered = false;
        while let Some(frame) = talk.read_politely() {
            answered |= frame.kind == HEADERS && frame.stream == 1;
        }
        assert!(answered);
    })
    .await;
}
