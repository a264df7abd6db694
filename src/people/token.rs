//! Words nobody can guess, and what is kept of them.

use aws_lc_rs::{digest, rand};

use crate::base::Secret;
use crate::{journal, store};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Nothing that is mistaken for something else when read from a screen.
const PLAIN: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// 256 random bits as 43 letters that an address can carry.
pub(super) fn token() -> Result<Secret, store::Error> {
    words::<43>(LETTERS)
}

/// 80 random bits as 16 letters that a person can type, in groups of four.
pub(super) fn code() -> Result<Secret, store::Error> {
    let letters = words::<16>(PLAIN)?;
    let groups: Vec<&str> = (0..4)
        .map(|group| &letters.reveal()[4 * group..4 * group + 4])
        .collect();
    Ok(groups.join("-").into())
}

fn words<const N: usize>(alphabet: &[u8]) -> Result<Secret, store::Error> {
    let mut bytes = [0u8; N];
    rand::fill(&mut bytes).map_err(|_unspecified| store::Error::NoRandomness)?;
    // Both alphabets have a power of two letters, so none comes more often.
    let letters = bytes
        .iter()
        .map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]));
    Ok(letters.collect::<String>().into())
}

/// What is kept of a token: it tells whether a token is the one, and no more.
/// The token is random, so nobody can try them all and a slow hash gains nothing.
pub(super) fn hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes())
        .as_ref()
        .to_vec()
}

/// What a record calls the session or key with that hash: too short to open
/// anything, long enough to tell it from others.
pub(super) fn name(hash: &[u8]) -> String {
    journal::hex(&hash[..hash.len().min(6)])
}

/// A code as it was meant: case, spaces and dashes do not matter.
pub(super) fn code_hash(typed: &str) -> Vec<u8> {
    let meant: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    hash(&meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_without_its_dashes() {
        let code = code().unwrap();
        let typed = code.reveal().replace('-', " ").to_lowercase();
        assert_eq!(code_hash(&typed), code_hash(code.reveal()));
        assert_ne!(code_hash(&typed), code_hash("AAAA-AAAA-AAAA-AAAA"));
    }
}
