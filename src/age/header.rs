//! The header of a sealed file: the file's key, sealed for each recipient.

use std::io::Read;

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::{hmac, rand};
use data_encoding::BASE64_NOPAD;
use zeroize::Zeroizing;

use super::{Error, Identity, Recipient};
use crate::base::Secret;

const VERSION: &str = "age-encryption.org/v1";
const X: &str = "age-encryption.org/v1/X25519";
const WORDS: &str = "age-encryption.org/v1/scrypt";
/// How long words are stretched, as a power of two: 64 MiB of memory.
const WORK: u8 = 16;
/// More than this is refused: a header must not take a machine's memory.
const MOST_WORK: u8 = 20;
/// A header for a thousand recipients is shorter.
const LARGEST: usize = 128 << 10;

/// Opens one file.
pub(super) type FileKey = Zeroizing<[u8; 16]>;

/// The header of a new file for those recipients.
pub(super) fn write(recipients: &[Recipient], key: &FileKey) -> Result<Vec<u8>, Error> {
    let mut stanzas = String::new();
    for recipient in recipients {
        let once = Identity::random()?;
        let wrapping = wrapping_key(&once, *recipient, &once.recipient, recipient)
            .ok_or(Error::BadRecipient)?;
        let body = wrap(&wrapping, key)?;
        let share = BASE64_NOPAD.encode(&once.recipient.0);
        stanzas += &["-> X25519 ", &share, "\n", &body, "\n"].concat();
    }
    Ok(signed(&stanzas, key))
}

/// The header of a new file for whoever knows the words.
pub(super) fn write_for_words(words: &Secret, key: &FileKey) -> Result<Vec<u8>, Error> {
    let mut salt = [0; 16];
    rand::fill(&mut salt).map_err(|_unspecified| Error::NoRandomness)?;
    let wrapping = stretched(words, &salt, WORK).ok_or(Error::NoRandomness)?;
    let body = wrap(&wrapping, key)?;
    let salt = BASE64_NOPAD.encode(&salt);
    Ok(signed(&format!("-> scrypt {salt} {WORK}\n{body}\n"), key))
}

fn wrap(wrapping: &LessSafeKey, key: &FileKey) -> Result<String, Error> {
    let mut wrapped = key.to_vec();
    wrapping
        .seal_in_place_append_tag(nothing(), Aad::empty(), &mut wrapped)
        .map_err(|_unspecified| Error::NoRandomness)?;
    Ok(BASE64_NOPAD.encode(&wrapped))
}

fn signed(stanzas: &str, key: &FileKey) -> Vec<u8> {
    let mut text = format!("{VERSION}\n{stanzas}---");
    let mac = hmac::sign(&mac_key(key), text.as_bytes());
    text += &[" ", &BASE64_NOPAD.encode(mac.as_ref()), "\n"].concat();
    text.into_bytes()
}

/// What the file's key is sealed with for who knows the words.
fn stretched(words: &Secret, salt: &[u8], work: u8) -> Option<LessSafeKey> {
    let params = scrypt::Params::new(work, 8, 1).ok()?;
    let salt = [WORDS.as_bytes(), salt].concat();
    let mut bytes = Zeroizing::new([0; 32]);
    scrypt::scrypt(
        words.reveal().as_bytes(),
        &salt,
        &params,
        bytes.as_mut_slice(),
    )
    .ok()?;
    cipher(&bytes)
}

/// What we have to open a file with.
#[derive(Clone, Copy)]
pub(super) enum Ours<'a> {
    Identities(&'a [Identity]),
    Words(&'a Secret),
}

/// Reads a header off the front of a file. Gives the file's key and the length
/// of the header.
pub(super) fn read(from: &mut impl Read, ours: Ours<'_>) -> Result<(FileKey, u64), Error> {
    let mut all = Vec::new();
    let mut key = None;
    let first = line(from, &mut all)?;
    if first != VERSION {
        return Err(Error::NotAge);
    }
    loop {
        let said = line(from, &mut all)?;
        if let Some(mac) = said.strip_prefix("--- ") {
            let key: FileKey = key.ok_or(Error::NotForUs)?;
            let mac = BASE64_NOPAD
                .decode(mac.as_bytes())
                .map_err(|_wrong| Error::Damaged)?;
            // The mac is over everything up to the dashes.
            let signed = all.len() - said.len() - 1 + 3;
            hmac::verify(&mac_key(&key), &all[..signed], &mac).map_err(|_wrong| Error::Damaged)?;
            return Ok((key, all.len() as u64));
        }
        let words = said.strip_prefix("-> ").ok_or(Error::Damaged)?.to_owned();
        let body = body(from, &mut all)?;
        key = key.or_else(|| match ours {
            Ours::Identities(ours) => unwrap(words.strip_prefix("X25519 ")?, &body, ours),
            Ours::Words(ours) => unwrap_by_words(words.strip_prefix("scrypt ")?, &body, ours),
        });
    }
}

/// The lines of a stanza's body: all but the last have 64 letters.
fn body(from: &mut impl Read, all: &mut Vec<u8>) -> Result<String, Error> {
    let mut body = String::new();
    loop {
        let next = line(from, all)?;
        if next.len() > 64 {
            return Err(Error::Damaged);
        }
        body.push_str(&next);
        if next.len() < 64 {
            return Ok(body);
        }
    }
}

fn line(from: &mut impl Read, all: &mut Vec<u8>) -> Result<String, Error> {
    let start = all.len();
    loop {
        let mut byte = [0];
        if from.read(&mut byte)? == 0 || all.len() > LARGEST {
            return Err(Error::NotAge);
        }
        all.push(byte[0]);
        if byte[0] == b'\n' {
            let line = all[start..all.len() - 1].to_vec();
            return String::from_utf8(line).map_err(|_not_text| Error::NotAge);
        }
    }
}

fn unwrap(share: &str, body: &str, ours: &[Identity]) -> Option<FileKey> {
    let share = Recipient(
        BASE64_NOPAD
            .decode(share.as_bytes())
            .ok()?
            .try_into()
            .ok()?,
    );
    let wrapped = BASE64_NOPAD.decode(body.as_bytes()).ok()?;
    ours.iter().find_map(|identity| {
        let wrapping = wrapping_key(identity, share, &share, &identity.recipient)?;
        let mut bytes = Zeroizing::new(wrapped.clone());
        let plain = wrapping
            .open_in_place(nothing(), Aad::empty(), &mut bytes)
            .ok()?;
        Some(Zeroizing::new((&*plain).try_into().ok()?))
    })
}

fn unwrap_by_words(said: &str, body: &str, words: &Secret) -> Option<FileKey> {
    let (salt, work) = said.split_once(' ')?;
    let work = work.parse().ok().filter(|work| *work <= MOST_WORK)?;
    let wrapping = stretched(words, &BASE64_NOPAD.decode(salt.as_bytes()).ok()?, work)?;
    let mut bytes = Zeroizing::new(BASE64_NOPAD.decode(body.as_bytes()).ok()?);
    let plain = wrapping
        .open_in_place(nothing(), Aad::empty(), &mut bytes)
        .ok()?;
    Some(Zeroizing::new((&*plain).try_into().ok()?))
}

/// What the file's key is sealed with, from what `mine` and `theirs` share.
fn wrapping_key(
    mine: &Identity,
    theirs: Recipient,
    share: &Recipient,
    recipient: &Recipient,
) -> Option<LessSafeKey> {
    let private = PrivateKey::from_private_key(&X25519, mine.secret.as_slice()).ok()?;
    let peer = UnparsedPublicKey::new(&X25519, theirs.0);
    let salt = [share.0, recipient.0].concat();
    agree(&private, peer, (), |shared| {
        derive(&salt, shared, X).ok_or(())
    })
    .ok()
    .and_then(|bytes| cipher(&bytes))
}

fn mac_key(key: &FileKey) -> hmac::Key {
    let bytes = derive(&[], key.as_slice(), "header").expect("32 bytes can always be derived");
    hmac::Key::new(hmac::HMAC_SHA256, bytes.as_slice())
}

/// What the content is sealed with; the nonce stands before the content.
pub(super) fn payload_key(key: &FileKey, nonce: &[u8; 16]) -> Option<LessSafeKey> {
    derive(nonce, key.as_slice(), "payload").and_then(|bytes| cipher(&bytes))
}

fn cipher(bytes: &Zeroizing<[u8; 32]>) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, bytes.as_slice());
    key.ok().map(LessSafeKey::new)
}

/// Such a key seals one thing only.
fn nothing() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

fn derive(salt: &[u8], secret: &[u8], purpose: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[purpose.as_bytes()], Length)
        .and_then(|derived| derived.fill(bytes.as_mut_slice()))
        .ok()?;
    Some(bytes)
}
