//! Hashes and how they are written, for the kinds of suppliers.

use aws_lc_rs::{constant_time, digest, hmac};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};

/// Keyed, as RFC 2104 has it.
pub(super) fn mac(of: hmac::Algorithm, secret: &str, text: &str) -> Vec<u8> {
    let key = hmac::Key::new(of, secret.as_bytes());
    hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

pub(super) fn hash(of: &'static digest::Algorithm, text: &str) -> Vec<u8> {
    digest::digest(of, text.as_bytes()).as_ref().to_vec()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Base64 with `-` and `_`, and nothing at its end.
pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Does the signature say these bytes, in hexadecimal or base64? Takes as long
/// whatever it says.
pub(super) fn says(signature: &str, bytes: &[u8]) -> bool {
    let hex = HEXLOWER_PERMISSIVE.decode(signature.as_bytes()).ok();
    let hex = hex.filter(|said| said.len() == bytes.len());
    let said = hex.or_else(|| BASE64URL_NOPAD.decode(signature.as_bytes()).ok());
    said.is_some_and(|said| constant_time::verify_slices_are_equal(&said, bytes).is_ok())
}
