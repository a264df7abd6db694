//! What requests leave in the log: their number, and nothing a log must not hold.

use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use onsight::log::{Format, Lines};
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{TestSite, Visitor};

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Paper {
    type Writer = Paper;

    fn make_writer(&'a self) -> Paper {
        self.clone()
    }
}

/// What must not be seen in any line.
const CANARY: &str = "Tr0ub4dorAndThree";

/// Asks with the canary in every place a request has. Gives the numbers of what
/// was answered.
async fn ask_everywhere(site: &TestSite, ada: &Visitor) -> Vec<String> {
    let mut stranger = site.stranger();
    stranger.cookie = format!("__Host-session={CANARY}");
    stranger.key = Some(format!("onsight_{CANARY}{CANARY}{CANARY}"));

    let mut numbers = Vec::new();
    for path in [
        format!("/data?q={CANARY}"),
        format!("/link/{CANARY}"),
        format!("/{CANARY}"),
        format!("/sign-in?then=%2F{CANARY}"),
        format!("/api/v1/apps/{CANARY}/queries/x"),
    ] {
        for visitor in [&stranger, ada] {
            let answer = visitor.get(&path).await;
            numbers.push(answer.headers["x-request-id"].to_str().unwrap().to_owned());
        }
    }
    let form = format!("email={CANARY}@example.org&then=%2F&password={CANARY}");
    stranger.key = None;
    stranger.post("/sign-in", &form).await;
    ada.post(
        "/queries/run",
        &format!("sql=selct+'{CANARY}'+from+x&params="),
    )
    .await;
    let broken = Body::from(format!("--x\r\n{CANARY}"));
    ada.send_as(
        "POST",
        "/data/import",
        "multipart/form-data; boundary=x",
        broken,
    )
    .await;
    numbers
}

#[tokio::test]
async fn no_canary_of_any_request_is_in_the_log_and_each_line_has_its_number() {
    let paper = Paper::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .event_format(Lines::new(Format::Json, false))
        .with_writer(paper.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (site, ada) = TestSite::new().await;
    let numbers = ask_everywhere(&site, &ada).await;

    let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(!written.contains(CANARY), "{written}");
    let lines: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let access: Vec<&Value> = lines
        .iter()
        .filter(|line| line["category"] == "access")
        .collect();
    for number in &numbers {
        assert!(
            access.iter().any(|line| line["request"] == number.as_str()),
            "{number}"
        );
    }
    for line in &access {
        let route = line["route"].as_str().unwrap_or_default();
        assert!(route == "none" || route.starts_with('/'), "{line}");
        assert!(
            line["status"].is_u64() && line["milliseconds"].is_f64(),
            "{line}"
        );
    }
    assert!(
        lines
            .iter()
            .all(|line| line["time"].is_string() && line["level"].is_string())
    );
}

#[tokio::test]
async fn a_page_that_breaks_shows_the_number_that_stands_in_the_log() {
    let paper = Paper::default();
    let subscriber = tracing_subscriber::fmt()
        .event_format(Lines::new(Format::Text, false))
        .with_writer(paper.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (site, ada) = TestSite::new().await;
    // A table the pages rely on is gone: what follows is our fault.
    site.site()
        .system
        .write(|tx| {
            tx.execute_batch("drop table telemetry_sent")?;
            Ok::<_, onsight::store::Error>(())
        })
        .await
        .unwrap();

    let broken = ada.get("/telemetry").await;

    assert_eq!(broken.status, 500);
    let number = broken.headers["x-request-id"].to_str().unwrap();
    assert!(broken.text.contains(number), "{}", broken.text);
    let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    let line = written.lines().find(|line| line.contains("ERROR")).unwrap();
    assert!(line.contains(&format!("request={number}")), "{line}");
    // The cause is for the log, and without the statement.
    assert!(
        line.contains("telemetry_sent") || line.contains("(statement)"),
        "{line}"
    );
    assert!(!broken.text.contains("telemetry_sent"), "{}", broken.text);
}
