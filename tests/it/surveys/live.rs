//! What an open page notes, over a real socket: each event once and none left out,
//! whatever the line does and whoever is at its other end.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use super::line::{Open, batch, hello, posted, token_of, visit};
use super::stage::{Stage, WHOLE};

fn numbered(seqs: impl IntoIterator<Item = u32>) -> Vec<String> {
    let seqs = seqs.into_iter();
    seqs.map(|seq| format!("screener {seq} changed age"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_kept_once_and_acknowledged_as_far_as_nothing_is_missing() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let open = Open::of(&stage);
    let mut line = open.greeted(&way).await;
    let visit = visit();

    for (sent, acked) in [
        (vec![], 0),
        (vec![1, 2, 3], 3),
        // Sent again, because the answer was late.
        (vec![2, 3, 4], 4),
        (vec![1, 2], 4),
        // A gap: what lies behind it comes again.
        (vec![6, 7], 4),
        (vec![5, 6, 8], 6),
        (vec![7, 7, 8, 1000], 8),
    ] {
        assert_eq!(
            line.acked(&batch(&visit, sent.clone())).await,
            acked,
            "{sent:?}"
        );
    }

    assert_eq!(stage.noted(), numbered(1..=8));
    line.say(&json!("beat")).await;
    assert_eq!(line.hears().await, json!("beat"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lost_line_did_not_acknowledge_comes_over_another_and_counts_once() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let open = Open::of(&stage);
    let visit = visit();
    for round in 0..5 {
        let mut line = open.greeted(&way).await;
        // The line is cut before anything is heard of it.
        line.say(&batch(&visit, 1..=(10 * (round + 1)))).await;
        drop(line);
    }
    let over_https = stage.posts(&posted(&way, &visit, 1..=60)).await;
    let mut line = open.greeted(&way).await;

    assert_eq!(over_https.status, 200, "{}", over_https.text);
    assert_eq!(line.acked(&batch(&visit, 40..=70)).await, 70);
    assert_eq!(stage.noted(), numbered(1..=70));
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_and_respondents_are_told_apart() {
    let stage = Stage::of(WHOLE).await;
    let (one, other) = (stage.begin("").await, stage.begin("").await);
    let open = Open::of(&stage);
    let (first, second) = (visit(), visit());
    let mut line = open.greeted(&one).await;
    assert_eq!(line.acked(&batch(&first, 1..=2)).await, 2);
    assert_eq!(line.acked(&batch(&second, 1..=1)).await, 1);

    let mut others = open.greeted(&other).await;

    // The same nonce in somebody else's mouth is a visit of theirs.
    assert_eq!(others.acked(&batch(&first, 2..=3)).await, 0);
    assert_eq!(others.acked(&batch(&first, 1..=3)).await, 3);
    let counts = stage.texts(
        "select format('%d %d', respondent, acked) from event_visit order by respondent, acked",
        None,
    );
    assert_eq!(counts, ["1 1", "1 2", "2 3"]);
}

fn text(value: &Value) -> Message {
    Message::text(value.to_string())
}

/// What is said to who was greeted.
fn said(token: &str, value: &Value) -> Vec<Message> {
    vec![text(&hello(token)), text(value)]
}

/// What nobody means well who does not keep to the words, and the number the socket is
/// closed with.
fn strange_words(token: &str, known: &str) -> Vec<(Vec<Message>, u16)> {
    let strange = "AAAAAAAAAAAAAAAAAAAAAA";
    let greeted = Message::binary(hello(token).to_string().into_bytes());
    vec![
        // Who is there?
        (vec![text(&json!("beat"))], 4401),
        (vec![text(&batch(known, [1]))], 4401),
        (vec![text(&hello(strange))], 4404),
        (vec![text(&hello("../../x"))], 4404),
        (said(token, &hello(strange)), 4400),
        // What is it?
        (vec![Message::text("")], 4400),
        (vec![Message::text("{}")], 4400),
        (vec![Message::text("[[[[")], 4400),
        (vec![Message::binary(vec![0; 8])], 4400),
        (vec![text(&hello(token)), greeted], 4400),
        (vec![Message::text("x".repeat(40 << 10))], 1009),
        (said(token, &json!({ "answers": {} })), 4400),
        (said(token, &batch(&visit(), 1..=201)), 4400),
    ]
}

/// Events that are none of this page. Each has the socket closed as one that speaks strangely.
fn strange_events(token: &str, known: &str) -> Vec<Vec<Message>> {
    let sent = |visit: &str, page: &str, turn: i64, event: &Value| {
        let events = json!({ "visit": visit, "page": page, "turn": turn, "events": [event] });
        said(token, &json!({ "events": events }))
    };
    let shown = |seq: Value, ms: Value| json!({ "seq": seq, "ms": ms, "kind": "shown" });
    let third = shown(json!(3), json!(1));
    let events = [
        // Numbers.
        shown(json!(-1), json!(1)),
        shown(json!(0), json!(1)),
        shown(json!(1001), json!(1)),
        shown(json!(u64::MAX), json!(1)),
        shown(json!(1), json!(i64::MAX)),
        // Kinds, questions, and answers that have no place here.
        json!({ "seq": 1, "ms": 1, "kind": "drop table" }),
        json!({ "seq": 1, "ms": 1, "kind": "changed", "question": "recommend" }),
        json!({ "seq": 1, "ms": 1, "kind": "changed", "question": "age", "value": 44 }),
        json!({ "seq": 1, "ms": 1, "kind": "block", "question": "age", "data": { "a": 44 } }),
    ];
    let events = events
        .iter()
        .map(|event| sent(&visit(), "screener", 0, event));
    // Another page under a known visit, and pages that are none.
    let pages = [
        (known, "use", 0),
        (known, "screener", 1),
        (known, "nowhere", 0),
        (known, "screener", -1),
        ("x", "screener", 0),
    ];
    let pages = pages.map(|(visit, page, turn)| sent(visit, page, turn, &third));
    events.chain(pages).collect()
}

/// All of that.
fn hostile(token: &str, known: &str) -> Vec<(Vec<Message>, u16)> {
    let events = strange_events(token, known).into_iter();
    let events = events.map(|said| (said, 4400));
    strange_words(token, known)
        .into_iter()
        .chain(events)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_ends_the_line_and_leaves_nothing() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let open = Open::of(&stage);
    let known = visit();
    let mut good = open.greeted(&way).await;
    assert_eq!(good.acked(&batch(&known, 1..=2)).await, 2);

    for (messages, code) in hostile(token_of(&way), &known) {
        let mut line = open.line().await;
        let shown = format!("{messages:?}");
        let shown: String = shown.chars().take(300).collect();
        let greets = messages.len() > 1;
        for message in messages {
            line.send(message).await;
        }
        if greets {
            assert_eq!(line.hears().await, json!("hello"), "{shown}");
        }
        assert_eq!(line.ends().await, code, "{shown}");
    }

    assert_eq!(stage.noted(), numbered(1..=2));
    assert_eq!(good.acked(&batch(&known, 3..=3)).await, 3, "others go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_of_this_site_get_a_socket() {
    let stage = Stage::of(WHOLE).await;
    let open = Open::of(&stage);
    let own = open.origin();
    let path = "/s/cereals/live";

    for origin in [
        None,
        Some("null"),
        Some("https://evil.example"),
        Some("https://localhost"),
        Some(&*own.replace("https", "http")),
        Some(&*format!("{own}.evil.example")),
    ] {
        let refused = open
            .ask(path, origin)
            .await
            .err()
            .map(|answer| answer.status().as_u16());
        assert_eq!(refused, Some(403), "{origin:?}");
    }
    let nowhere = open.ask("/s/nowhere/live", Some(&own)).await.err();
    assert_eq!(nowhere.unwrap().status(), 404);
    let plain = stage.stranger.get(path).await;
    assert_eq!(
        (plain.status.as_u16(), &plain.headers["upgrade"]),
        (426, &"websocket".parse().unwrap())
    );
    assert!(open.ask(path, Some(&own)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_there_is_no_socket() {
    let stage = Stage::of(WHOLE).await;
    let open = Open::of(&stage);
    let host = open.origin().replace("https://", "");
    let mut tcp = TcpStream::connect(host.replace("localhost", "127.0.0.1"))
        .await
        .unwrap();
    let asked = format!(
        "GET /s/cereals/live HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );

    tcp.write_all(asked.as_bytes()).await.unwrap();

    let mut said = Vec::new();
    // However it hangs up.
    let _ = tcp.read_to_end(&mut said).await;
    assert!(!String::from_utf8_lossy(&said).contains("101"), "{said:?}");
}
