//! What opens and seals personal values of one survey's file, each bound to its place.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lc_rs::hmac::{HMAC_SHA256, Key as Hashing, sign};
use zeroize::Zeroizing;

use super::cell;
use crate::site::Site;
use crate::store::{Error, Key};
use crate::surveys::map::Datum;

/// Who has it can read what is personal in that file.
pub struct Vault {
    key: Key,
    marks: Marks,
    file: String,
    /// Once is enough to say that something does not open.
    is_told: AtomicBool,
}

/// Who has it finds a respondent by a value they know, and reads none.
pub struct Marks(Hashing);

/// Where a value lies: what was moved to another place does not open.
#[derive(Clone, Copy, Debug)]
pub enum Spot<'a> {
    Answer(i64, &'a str, u32),
    Entry(i64, &'a str),
    /// The address a respondent is sent to in the end.
    Exit(i64),
    /// What their supplier's server is told.
    Postback(i64),
    /// The name of a file: respondent, question, turn.
    Name(i64, &'a str, u32),
    /// Respondent, file, and which piece of it.
    Piece(i64, i64, u32),
}

impl Spot<'_> {
    fn words(self, file: &str) -> String {
        match self {
            Spot::Answer(id, variable, turn) => format!("{file}\0answer\0{id}\0{variable}\0{turn}"),
            Spot::Entry(id, name) => format!("{file}\0entry\0{id}\0{name}"),
            Spot::Exit(id) => format!("{file}\0exit\0{id}"),
            Spot::Postback(id) => format!("{file}\0postback\0{id}"),
            Spot::Name(id, block, turn) => format!("{file}\0name\0{id}\0{block}\0{turn}"),
            Spot::Piece(id, upload, piece) => format!("{file}\0piece\0{id}\0{upload}\0{piece}"),
        }
    }
}

/// A key for one purpose, made of the file's second key.
fn derived(key: &Key, purpose: &str) -> Zeroizing<[u8; 32]> {
    let tag = sign(&Hashing::new(HMAC_SHA256, key.bytes()), purpose.as_bytes());
    let mut bytes = Zeroizing::new([0; 32]);
    bytes.copy_from_slice(tag.as_ref());
    bytes
}

impl Marks {
    pub fn of(site: &Site, file: &str) -> Result<Marks, Error> {
        Ok(Marks::made(&site.files.second_key(file)?))
    }

    fn made(key: &Key) -> Marks {
        Marks(Hashing::new(HMAC_SHA256, &*derived(key, "marks")))
    }

    /// What a value that came under that name is found by.
    pub fn entry(&self, name: &str, value: &str) -> Vec<u8> {
        let words = format!("{name}\0{value}");
        sign(&self.0, words.as_bytes()).as_ref().to_vec()
    }
}

impl Vault {
    /// The vault of a survey's file. Every place that asks for one stands in a list.
    pub fn of(site: &Site, file: &str) -> Result<Vault, Error> {
        Vault::made(&site.files.second_key(file)?, file)
    }

    fn made(key: &Key, file: &str) -> Result<Vault, Error> {
        let cells = Key::from_bytes(&*derived(key, "cells"));
        Ok(Vault {
            key: cells.ok_or_else(|| Error::WrongKey(file.to_owned()))?,
            marks: Marks::made(key),
            file: file.to_owned(),
            is_told: AtomicBool::new(false),
        })
    }

    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// `None`: nothing was answered, and nothing is sealed.
    pub fn seal_answer(
        &self,
        (respondent, variable, turn): (i64, &str, u32),
        datum: &Datum,
    ) -> Result<Option<Vec<u8>>, Error> {
        let spot = Spot::Answer(respondent, variable, turn);
        let bytes = cell::bytes(datum);
        bytes.map(|bytes| self.seal(spot, &bytes)).transpose()
    }

    /// What does not open is no answer any more.
    pub fn open_answer(
        &self,
        (respondent, variable, turn): (i64, &str, u32),
        sealed: &[u8],
    ) -> Datum {
        let spot = Spot::Answer(respondent, variable, turn);
        let opened = self.open(spot, sealed);
        opened
            .and_then(|bytes| cell::datum(&bytes))
            .unwrap_or(Datum::NotAnswered)
    }

    pub fn seal(&self, spot: Spot<'_>, plain: &[u8]) -> Result<Vec<u8>, Error> {
        self.key.seal(&spot.words(&self.file), plain)
    }

    /// `None`: its key was destroyed, or it was moved or changed.
    pub fn open(&self, spot: Spot<'_>, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let opened = self.key.open(&spot.words(&self.file), sealed).ok();
        if opened.is_none() && !self.is_told.swap(true, Ordering::Relaxed) {
            let file = &self.file;
            tracing::warn!(file = %file, "personal values of {file} do not open: their key was destroyed, or they were moved");
        }
        opened
    }

    /// The same as text.
    pub fn open_text(&self, spot: Spot<'_>, sealed: &[u8]) -> Option<String> {
        let bytes = self.open(spot, sealed)?;
        String::from_utf8(bytes.to_vec()).ok()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_in_its_own_place_only() {
        let key = Key::random().unwrap();
        let (one, other) = (Vault::made(&key, "w.a"), Vault::made(&key, "w.b"));
        let (one, other) = (one.unwrap(), other.unwrap());
        let of = Vault::made(&Key::random().unwrap(), "w.a").unwrap();
        let answer = Datum::Text("ada@example.org".to_owned());
        let sealed = one.seal_answer((7, "mail", 0), &answer).unwrap().unwrap();

        assert_eq!(one.open_answer((7, "mail", 0), &sealed), answer);
        for elsewhere in [(8, "mail", 0), (7, "phone", 0), (7, "mail", 1)] {
            assert_eq!(one.open_answer(elsewhere, &sealed), Datum::NotAnswered);
        }
        assert_eq!(
            other.open_answer((7, "mail", 0), &sealed),
            Datum::NotAnswered
        );
        assert_eq!(of.open_answer((7, "mail", 0), &sealed), Datum::NotAnswered);
        assert!(one.open(Spot::Entry(7, "mail"), &sealed).is_none());
        let none = one.seal_answer((7, "mail", 0), &Datum::NotAnswered);
        assert!(none.unwrap().is_none());
    }

    #[test]
    fn a_mark_is_the_same_for_the_same_value_of_the_same_name_in_the_same_file() {
        let key = Key::random().unwrap();
        let marks = Marks::made(&key);

        assert_eq!(marks.entry("pid", "7"), Marks::made(&key).entry("pid", "7"));
        assert_ne!(marks.entry("pid", "7"), marks.entry("pid", "8"));
        assert_ne!(marks.entry("pid", "7"), marks.entry("pi", "d\x007"));
        let others = Marks::made(&Key::random().unwrap());
        assert_ne!(marks.entry("pid", "7"), others.entry("pid", "7"));
    }
}
