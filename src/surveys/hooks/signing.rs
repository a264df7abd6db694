//! The three headers of a message, as the Standard Webhooks specification has them: a number
//! that stays the same when it is tried again, the moment it left, and signatures over both
//! and the body.

use aws_lc_rs::hmac;
use data_encoding::BASE64;

use super::model::MessageId;
use super::sealing::PREFIX;
use crate::base::{Secret, Time};

/// Names and values of the headers.
pub(super) fn headers(
    secrets: &[Secret],
    (id, at): (MessageId, Time),
    body: &str,
) -> [(&'static str, String); 3] {
    let seconds = at.0.div_euclid(Time::SECOND);
    let said = format!("msg_{id}.{seconds}.{body}");
    let signatures: Vec<String> = { secrets.iter() }
        .map(|secret| signature(secret, &said))
        .collect();
    [
        ("webhook-id", format!("msg_{id}")),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}

/// HMAC-SHA256 under the bytes that the secret writes in base64.
fn signature(secret: &Secret, said: &str) -> String {
    let letters = secret.reveal();
    let letters = letters.strip_prefix(PREFIX).unwrap_or(letters);
    // A secret is ours, and base64; what is not signs nothing anybody would accept.
    let bytes = BASE64.decode(letters.as_bytes()).unwrap_or_default();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
    let tag = hmac::sign(&key, said.as_bytes());
    format!("v1,{}", BASE64.encode(tag.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_the_specification_says() {
        // Counted with Python's hmac over `msg_x.1614265330.{"test": 2432232314}`.
        let secret = Secret::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());

        let signed = signature(&secret, "msg_x.1614265330.{\"test\": 2432232314}");

        assert_eq!(signed, "v1,vnvYvNQd3+670WmFEqWWQQJ9kB+ObhwM6GPOojxjhIg=");
    }

    #[test]
    fn two_secrets_sign_beside_each_other_and_every_byte_counts() {
        let one = Secret::from("whsec_AAAA".to_owned());
        let two = Secret::from("whsec_BBBB".to_owned());
        let id = MessageId::new(Time(0));
        let both = headers(&[one.clone(), two.clone()], (id, Time(1_999)), "{}");
        let alone = headers(&[one], (id, Time(1_999)), "{}");

        assert_eq!(both[1].1, "1");
        let (first, second) = both[2].1.split_once(' ').unwrap();
        assert_eq!(first, alone[2].1);
        assert_ne!(first, second);
        let other = headers(&[two], (id, Time(1_999)), "{} ");
        assert_ne!(other[2].1, second);
    }
}
