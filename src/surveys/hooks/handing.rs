//! One message handed over, and what the other side made of it.

use std::time::Duration;

use tokio::time::timeout;

use super::model::{Hook, MessageId};
use super::signing::headers;
use crate::base::{Secret, text};
use crate::egress::{Answer, Client, Post, Purpose};
use crate::site::Site;

/// How long the other side may take.
const WHOLE: Duration = Duration::from_secs(15);
/// Letters of a fault, and of an answer in it, that are kept.
const FAULT: usize = 300;
const EXCERPT: usize = 120;

/// What came of it.
#[derive(Debug)]
pub(super) enum Went {
    Taken,
    /// It wants no more messages at all.
    Gone,
    Failed(Fault),
}

#[derive(Debug)]
pub(super) struct Fault {
    pub(super) why: String,
    /// Others would fare no better just now: it is not there, or asks to be left alone.
    pub(super) is_general: bool,
    /// The seconds it asks to be left alone.
    pub(super) asked: Option<u32>,
}

impl Fault {
    /// Here, before anybody was called.
    pub(super) fn here(why: impl Into<String>) -> Fault {
        Fault {
            why: why.into(),
            is_general: true,
            asked: None,
        }
    }
}

/// Hands it over. What went wrong is said without the path of the address.
pub(super) async fn hand_over(
    site: &Site,
    client: &Client,
    (hook, secrets): (&Hook, &[Secret]),
    (id, body): (MessageId, String),
) -> Went {
    let headers = headers(secrets, (id, site.clock.now()), &body);
    // A builder chose the address: only where the configuration file lets it.
    let post = Post {
        url: &hook.address,
        purpose: Purpose::Linked,
        json: body,
        headers: &headers,
    };
    match timeout(WHOLE, site.egress.post(client, post)).await {
        Ok(Ok(answer)) => read(&answer, hook),
        Ok(Err(error)) => Went::Failed(Fault::here(said(&error.to_string(), hook))),
        Err(_elapsed) => {
            let seconds = WHOLE.as_secs();
            Went::Failed(Fault::here(format!("no answer within {seconds} seconds")))
        }
    }
}

/// The same words without the path of the address, and not too many.
pub(super) fn said(why: &str, hook: &Hook) -> String {
    let why = why.replace(&hook.address, &hook.shown());
    text::shorten(&why, FAULT).into_owned()
}

fn read(answer: &Answer, hook: &Hook) -> Went {
    let why = match (answer.status, excerpt(&answer.body)) {
        (200..300, _) => return Went::Taken,
        (410, _) => return Went::Gone,
        (status, words) if words.is_empty() => format!("it answered {status}"),
        (status, words) => format!("it answered {status}: {words}"),
    };
    Went::Failed(Fault {
        why: said(&why, hook),
        is_general: matches!(answer.status, 429 | 503),
        asked: answer
            .retry_after
            .filter(|_| matches!(answer.status, 429 | 503)),
    })
}

/// The first words of an answer, in one line.
fn excerpt(body: &[u8]) -> String {
    let first = String::from_utf8_lossy(&body[..body.len().min(4 * EXCERPT)]).into_owned();
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = first
        .split(is_gap)
        .filter(|word| !word.is_empty())
        .collect();
    text::shorten(&words.join(" "), EXCERPT).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_short_line() {
        assert_eq!(
            excerpt(b"<b>no\r\n\x07such\tthing</b> "),
            "<b>no such thing</b>"
        );
        assert_eq!(excerpt(b""), "");
        let long = excerpt("ä".repeat(10_000).as_bytes());
        assert!(long.chars().count() <= EXCERPT + 1, "{long}");
    }
}
