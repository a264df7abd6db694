//! What stands in a respondent's address: 128 bits nobody guesses, kept as their hash.

use aws_lc_rs::{digest, hmac, rand};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

use crate::store;

const BYTES: usize = 16;

/// A new token, as it stands in an address.
pub fn fresh() -> Result<String, store::Error> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(|_unspecified| store::Error::NoRandomness)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// Is it shaped like one? Nothing else is looked for.
pub fn is_one(text: &str) -> bool {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
    bytes.is_ok_and(|bytes| bytes.len() == BYTES)
}

pub fn hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes())
        .as_ref()
        .to_vec()
}

/// Does the last parameter of the address, `sig`, sign what stands before it?
/// In hexadecimal or base64url, HMAC with SHA-256.
pub fn is_signed(secret: &[u8], query: &str) -> bool {
    let (message, tag) = match query.rsplit_once("&sig=") {
        Some(parts) => parts,
        None => ("", query.strip_prefix("sig=").unwrap_or_default()),
    };
    if tag.is_empty() || tag.contains('&') {
        return false;
    }
    let hex = HEXLOWER_PERMISSIVE
        .decode(tag.as_bytes())
        .ok()
        .filter(|tag| tag.len() == 32);
    let tag = hex.or_else(|| BASE64URL_NOPAD.decode(tag.as_bytes()).ok());
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    tag.is_some_and(|tag| hmac::verify(&key, message.as_bytes(), &tag).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(secret: &[u8], message: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let tag = hmac::sign(&key, message.as_bytes());
        format!("{message}&sig={}", HEXLOWER_PERMISSIVE.encode(tag.as_ref()))
    }

    #[test]
    fn only_what_was_signed_gets_through() {
        let query = signed(b"secret", "pid=7&x=a%20b");

        assert!(is_signed(b"secret", &query));
        assert!(!is_signed(b"other", &query));
        assert!(!is_signed(b"secret", &query.replace("pid=7", "pid=8")));
        assert!(!is_signed(b"secret", &format!("{query}&pid=9")));
        assert!(!is_signed(b"secret", "pid=7&sig="));
        assert!(!is_signed(b"secret", "pid=7"));
        assert!(!is_signed(b"secret", ""));
    }

    #[test]
    fn a_token_is_told_by_its_shape() {
        let token = fresh().unwrap();

        assert!(is_one(&token) && token.len() == 22);
        assert_ne!(fresh().unwrap(), token);
        for hostile in [
            "",
            "a",
            "../../etc/passwd",
            &token[1..],
            &format!("{token}A"),
        ] {
            assert!(!is_one(hostile), "{hostile}");
        }
    }
}
