//! Version 4 of the signatures that S3 asks for.

use aws_lc_rs::{digest, hmac};

use crate::base::Time;
use crate::journal::hex;

/// SHA-256 of nothing, as requests without a body say it.
pub(super) const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Who asks, and of which region.
pub(super) struct Signing<'a> {
    pub(super) key: &'a str,
    pub(super) secret: &'a str,
    pub(super) region: &'a str,
}

/// What is asked. `path` and `query` are written as they are sent; the names in
/// `query` are in order.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    /// SHA-256 of the body, in hexadecimal.
    pub(super) body: &'a str,
    pub(super) at: Time,
}

/// `20261122T020000Z`
pub(super) fn stamp(at: Time) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// What stands after `Authorization:`.
pub(super) fn authorization(who: &Signing<'_>, asked: &Asked<'_>) -> String {
    let stamp = stamp(asked.at);
    let day = &stamp[..8];
    let names = "host;x-amz-content-sha256;x-amz-date";
    let canonical = format!(
        "{}\n{}\n{}\nhost:{}\nx-amz-content-sha256:{}\nx-amz-date:{stamp}\n\n{names}\n{}",
        asked.method, asked.path, asked.query, asked.host, asked.body, asked.body
    );
    let scope = format!("{day}/{}/s3/aws4_request", who.region);
    let hash = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hash}");
    let first = format!("AWS4{}", who.secret);
    let key = [day, who.region, "s3", "aws4_request"]
        .iter()
        .fold(first.into_bytes(), |key, word| mac(&key, word.as_bytes()));
    let signature = hex(&mac(&key, text.as_bytes()));
    format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        who.key
    )
}

fn mac(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_covers_every_part_of_what_is_asked() {
        let who = Signing {
            key: "AKID",
            secret: "secret",
            region: "eu-1",
        };
        let asked = |method, path, query, body, at| Asked {
            method,
            host: "s3.corp",
            path,
            query,
            body,
            at: Time(at),
        };
        let first = authorization(&who, &asked("GET", "/b/k", "", NOTHING, 0));
        assert!(first.starts_with("AWS4-HMAC-SHA256 Credential=AKID/19700101/eu-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="), "{first}");
        for other in [
            asked("PUT", "/b/k", "", NOTHING, 0),
            asked("GET", "/b/l", "", NOTHING, 0),
            asked("GET", "/b/k", "x=", NOTHING, 0),
            asked("GET", "/b/k", "", "00", 0),
            asked("GET", "/b/k", "", NOTHING, 1000),
        ] {
            assert_ne!(authorization(&who, &other), first);
        }
    }
}
