//! What stands in a respondent's address: 128 bits nobody guesses, kept as their hash.

use aws_lc_rs::{digest, rand};
use data_encoding::BASE64URL_NOPAD;

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

#[cfg(test)]
mod tests {
    use super::*;

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
