//! A message to a webhook: JSON, signed with a secret that both sides have.

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use super::target::{Target, Way};
use crate::base::{Time, text};
use crate::egress::{Post, Purpose, Trust};
use crate::journal::hex;
use crate::site::Site;
use crate::store::Key;

/// The form of the message, for whoever reads it.
const VERSION: u32 = 1;
/// Letters of a fault that are kept.
const FAULT: usize = 300;

/// What is sent about an alert.
pub(super) fn body(alert: &Value, now: Time) -> Value {
    json!({ "version": VERSION, "kind": "alert", "sent": now.rfc3339(), "alert": alert })
}

/// What is sent to see whether it arrives.
pub(super) fn trial(now: Time) -> Value {
    let text = "This is a test: alerts of Onsight are sent to this address.";
    json!({ "version": VERSION, "kind": "test", "sent": now.rfc3339(), "text": text })
}

/// The signature's header: when, and HMAC-SHA256 over that, a dot and the body.
/// Whoever checks the time as well takes no message twice.
pub(super) fn signature(secret: &[u8], at: Time, body: &str) -> String {
    let seconds = at.0.div_euclid(Time::SECOND);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", hex(tag.as_ref()))
}

/// Hands one message over. `number` stays the same when it is tried again. What
/// went wrong is said without the path of the address.
pub(super) async fn send(
    site: &Site,
    (target, key): (&Target, &Key),
    (number, body): (&str, String),
) -> Result<(), String> {
    let sent = try_send(site, (target, key), (number, body)).await;
    sent.map_err(|why| {
        let why = why.replace(&target.place, &target.shown());
        text::shorten(&why, FAULT).into_owned()
    })
}

async fn try_send(
    site: &Site,
    (target, key): (&Target, &Key),
    (number, body): (&str, String),
) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    if target.way != Way::Webhook {
        return Err("letters go by mail".to_owned());
    }
    let sealed = target.sealed.as_deref().unwrap_or_default();
    let secret = key
        .open(&target.seal_place(), sealed)
        .map_err(|_no_key| "its secret cannot be opened; remove it and add it again".to_owned())?;
    let client = Trust::new(&target.ca).and_then(|trust| trust.client());
    let client = client.map_err(|error| said(&error))?;
    let headers = [
        (
            "x-onsight-signature",
            signature(&secret, site.clock.now(), &body),
        ),
        ("x-onsight-delivery", number.to_owned()),
    ];
    let post = Post {
        url: &target.place,
        purpose: Purpose::Alerts,
        json: body,
        headers: &headers,
    };
    let answer = site.egress.post(&client, post).await;
    let answer = answer.map_err(|error| said(&error))?;
    if (200..300).contains(&answer.status) {
        Ok(())
    } else {
        Err(format!("it answered {}", answer.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_covers_the_time_and_every_byte() {
        // RFC 4231 has no case with a time in front: counted with Python's hmac.
        assert_eq!(
            signature(b"secret", Time(1_800_000_000_999), r#"{"a":1}"#),
            "t=1800000000,v1=440dfbb83aabca24d9e5027629cfd81cb45254690f8d410bb28f1cc17c990dbc"
        );
        let at = Time(1_800_000_000_000);
        let one = signature(b"secret", at, "{}");
        assert_ne!(one, signature(b"secreu", at, "{}"));
        assert_ne!(one, signature(b"secret", at.plus(Time::SECOND), "{}"));
        assert_ne!(one, signature(b"secret", at, "{} "));
    }
}
