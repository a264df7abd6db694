//! The key of one file.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use zeroize::{Zeroize, Zeroizing};

use super::Error;
use crate::base::Secret;

/// 256 random bits that open one file, or what one column keeps sealed. Never
/// printed; wiped when dropped.
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
        Zeroizing::new(HEXLOWER.encode(&self.0))
    }

    /// Reads what [`hex`](Key::hex) writes, white space around it forgiven.
    pub fn from_hex(text: &str) -> Option<Key> {
        let text = text.trim().as_bytes();
        let mut bytes = [0; 32];
        let is_whole = HEXLOWER_PERMISSIVE.decode_len(text.len()) == Ok(bytes.len());
        let read = is_whole.then(|| HEXLOWER_PERMISSIVE.decode_mut(text, &mut bytes));
        matches!(read, Some(Ok(_))).then_some(Key(bytes))
    }

    /// AES-256-GCM under a nonce of its own. `place` says where the result is
    /// kept: moved elsewhere, it does not open.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut bytes = plain.to_vec();
        let nonce = self
            .sealing()
            .and_then(|key| {
                key.seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut bytes)
                    .ok()
            })
            .ok_or(Error::NoRandomness)?;
        Ok([&nonce.as_ref()[..], &bytes].concat())
    }

    /// What [`seal`](Key::seal) sealed; an error if one bit of it, of the key or
    /// of the place is another.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let wrong = || Error::WrongKey(place.to_owned());
        let (nonce, bytes) = sealed.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_unspecified| wrong())?;
        let mut bytes = Zeroizing::new(bytes.to_vec());
        let key = self.sealing().ok_or_else(wrong)?;
        let length = key
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut bytes)
            .map_err(|_unspecified| wrong())?
            .len();
        bytes.truncate(length);
        Ok(bytes)
    }

    /// Words that nobody is to read, sealed for that place.
    pub fn seal_secret(&self, place: &str, secret: &Secret) -> Result<Vec<u8>, Error> {
        self.seal(place, secret.reveal().as_bytes())
    }

    /// What [`seal_secret`](Key::seal_secret) sealed; `None`: it does not open.
    pub fn open_secret(&self, place: &str, sealed: &[u8]) -> Option<Secret> {
        let plain = self.open(place, sealed).ok()?;
        let words = str::from_utf8(&plain).ok()?;
        Some(Secret::from(words.to_owned()))
    }

    fn sealing(&self) -> Option<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_place_only_and_unchanged() {
        let key = Key::random().unwrap();
        let sealed = key.seal("totp|ada", b"seed").unwrap();

        assert_eq!(key.open("totp|ada", &sealed).unwrap().as_slice(), b"seed");
        assert!(!sealed.windows(4).any(|part| part == b"seed"));
        assert!(key.open("totp|bob", &sealed).is_err());
        assert!(Key::random().unwrap().open("totp|ada", &sealed).is_err());
        assert!(key.open("totp|ada", &sealed[..5]).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open("totp|ada", &changed).is_err(), "byte {at}");
        }
    }
}
