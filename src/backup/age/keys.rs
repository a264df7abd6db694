//! Recipients and identities: two ends of one key, written in Bech32.

use std::fmt;

use aws_lc_rs::agreement::{PrivateKey, X25519};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use super::Error;

const RECIPIENT: &str = "age";
const IDENTITY: &str = "age-secret-key-";
const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Whom something is sealed for. Anybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient(pub(super) [u8; 32]);

/// What opens it.
#[derive(Clone)]
pub struct Identity {
    pub(super) secret: Zeroizing<[u8; 32]>,
    pub(super) recipient: Recipient,
}

impl Recipient {
    /// `age1…`
    pub fn parse(text: &str) -> Result<Recipient, Error> {
        let text = text.trim();
        if text != text.to_lowercase() {
            return Err(Error::BadRecipient);
        }
        decode(RECIPIENT, text)
            .map(|bytes| Recipient(*bytes))
            .ok_or(Error::BadRecipient)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode(RECIPIENT, &self.0))
    }
}

impl Identity {
    pub fn random() -> Result<Identity, Error> {
        let mut secret = Zeroizing::new([0; 32]);
        rand::fill(secret.as_mut_slice()).map_err(|_unspecified| Error::NoRandomness)?;
        Identity::of(secret)
    }

    fn of(secret: Zeroizing<[u8; 32]>) -> Result<Identity, Error> {
        let public = PrivateKey::from_private_key(&X25519, secret.as_slice())
            .ok()
            .and_then(|key| key.compute_public_key().ok())
            .and_then(|key| key.as_ref().try_into().ok());
        Ok(Identity {
            secret,
            recipient: Recipient(public.ok_or(Error::BadIdentity)?),
        })
    }

    /// `AGE-SECRET-KEY-1…`
    pub fn parse(text: &str) -> Result<Identity, Error> {
        let lower = Zeroizing::new(text.trim().to_lowercase());
        let secret = decode(IDENTITY, &lower).ok_or(Error::BadIdentity)?;
        Identity::of(secret)
    }

    /// Those in a file as `age-keygen` writes it: a line each, `#` for remarks.
    pub fn parse_file(text: &str) -> Result<Vec<Identity>, Error> {
        let lines = text.lines().map(str::trim);
        let keys = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let found = keys.map(Identity::parse).collect::<Result<Vec<_>, _>>()?;
        if found.is_empty() {
            return Err(Error::BadIdentity);
        }
        Ok(found)
    }

    pub fn recipient(&self) -> Recipient {
        self.recipient
    }

    /// The identity in words, for whoever keeps it.
    pub fn words(&self) -> Zeroizing<String> {
        let lower = Zeroizing::new(encode(IDENTITY, &self.secret));
        Zeroizing::new(lower.to_uppercase())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(… of {})", self.recipient)
    }
}

/// BIP 173, with 32 bytes.
fn encode(prefix: &str, bytes: &[u8; 32]) -> String {
    let mut values = Vec::with_capacity(58);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            values.push(low(bits >> count));
        }
    }
    values.push(low(bits << (5 - count)));
    let sum = checksum(prefix, &[&values[..], &[0; 6]].concat()) ^ 1;
    values.extend((0..6).map(|place| low(sum >> (5 * (5 - place)))));
    let letters = values.iter();
    let letters = letters.map(|value| char::from(LETTERS[usize::from(*value)]));
    format!("{prefix}1{}", letters.collect::<String>())
}

/// `text` is in lower case.
fn decode(prefix: &str, text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let letters = text.strip_prefix(prefix)?.strip_prefix('1')?;
    let mut values = Zeroizing::new(Vec::with_capacity(58));
    for letter in letters.bytes() {
        let place = LETTERS.iter().position(|known| *known == letter)?;
        values.push(u8::try_from(place).ok()?);
    }
    // 52 letters hold 32 bytes, and six the sum.
    if values.len() != 58 || checksum(prefix, &values) != 1 {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let (mut bits, mut count, mut at) = (0_u32, 0, 0);
    for value in &values[..52] {
        bits = bits << 5 | u32::from(*value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes[at] = u8::try_from(bits >> count & 255).ok()?;
            at += 1;
        }
    }
    // What fills up the last letter says nothing.
    (bits & ((1 << count) - 1) == 0).then_some(bytes)
}

fn low(bits: u32) -> u8 {
    u8::try_from(bits & 31).expect("five bits fit into eight")
}

fn checksum(prefix: &str, values: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let all = high.chain([0]).chain(low).chain(values.iter().copied());
    all.fold(1, |sum: u32, value| {
        let top = sum >> 25;
        let next = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        GENERATOR
            .iter()
            .enumerate()
            .fold(next, |next, (bit, word)| {
                if top >> bit & 1 == 1 {
                    next ^ word
                } else {
                    next
                }
            })
    })
}
