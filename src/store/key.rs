//! The key of one file.

use std::fmt;

use aws_lc_rs::rand;
use zeroize::{Zeroize, Zeroizing};

use super::Error;

/// 256 random bits that open one file. Never printed; wiped when dropped.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    pub fn random() -> Result<Key, Error> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_unspecified| Error::NoRandomness)?;
        Ok(Key(bytes))
    }

    /// `None` unless there are exactly 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Key> {
        bytes.try_into().ok().map(Key)
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 hexadecimal digits.
    pub fn hex(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut out = Zeroizing::new(String::with_capacity(64));
        for byte in self.0 {
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        out
    }

    /// Reads what [`hex`](Key::hex) writes, white space around it forgiven.
    pub fn from_hex(text: &str) -> Option<Key> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Key(bytes))
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
