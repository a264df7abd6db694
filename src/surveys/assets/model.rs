//! A picture as a survey knows it: its name, its content's hash, its size.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clean::{Clean, Form};
use crate::base::Time;
use crate::base::text::slug;
use crate::journal::{hex, sha256};

/// What one picture may weigh, in bytes.
pub const MOST_BYTES: usize = 4 << 20;
/// How many pictures a survey may have.
pub const MOST: usize = 80;
/// The longest name.
const NAME: usize = 80;

/// A picture, but for its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// SHA-256 of the bytes, in hexadecimal.
    pub hash: String,
    pub form: Form,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

impl Asset {
    pub fn of(clean: &Clean) -> Asset {
        Asset {
            hash: hex(&sha256(&clean.body)),
            form: clean.form,
            width: clean.width,
            height: clean.height,
            bytes: clean.body.len() as u64,
        }
    }
}

/// Pictures by the names that a survey's text says: those of a draft, or those a version
/// was published with, which stay what they were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assets(BTreeMap<String, Asset>);

impl Assets {
    pub fn new(all: impl IntoIterator<Item = (String, Asset)>) -> Assets {
        Assets(all.into_iter().collect())
    }

    /// What a version keeps of them; nothing where it cannot be read.
    pub fn read(json: &str) -> Assets {
        serde_json::from_str(json).unwrap_or_default()
    }

    pub fn json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.0.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.0.iter().map(|(name, asset)| (name.as_str(), asset))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn hashes(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|asset| asset.hash.as_str())
    }

    pub fn has_hash(&self, hash: &str) -> bool {
        self.hashes().any(|known| known == hash)
    }

    /// Those of them that are named.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Assets {
        let chosen = self.0.iter().filter(|(name, _)| names.contains(&&***name));
        Assets::new(chosen.map(|(name, asset)| (name.clone(), asset.clone())))
    }
}

/// A picture in the list of a survey's.
#[derive(Clone, Debug)]
pub struct Listed {
    pub name: String,
    pub asset: Asset,
    pub at: Time,
    pub by: String,
}

/// What a picture can be called: `pack-a.png`.
pub fn is_name(name: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    name.len() <= NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.chars().all(fine)
        && ending.is_some_and(|ending| Form::ALL.iter().any(|form| form.ending() == ending))
}

/// The name of a picture that came as that file: small letters, and the ending of what it is.
pub fn name_of(file: &str, form: Form) -> String {
    let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = match slug(stem) {
        stem if stem.is_empty() => "picture".to_owned(),
        stem => stem,
    };
    format!("{stem}.{}", form.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_a_name_that_a_text_can_say() {
        for (file, name) in [
            ("Pack A.PNG", "pack-a.png"),
            ("C:\\photos\\Müsli (2).jpeg", "muesli-2.png"),
            ("../../etc/passwd", "passwd.png"),
            ("日本.png", "picture.png"),
            ("", "picture.png"),
        ] {
            assert_eq!(name_of(file, Form::Png), name);
            assert!(is_name(name), "{name}");
        }
        for wrong in ["", "a", "a.svg", ".png", "A.png", "a/b.png", "a b.png"] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_a_version_keeps_is_read_as_it_was_written() {
        let asset = Asset {
            hash: "ab".to_owned(),
            form: Form::WebP,
            width: 3,
            height: 4,
            bytes: 5,
        };
        let all = Assets::new([
            ("a.webp".to_owned(), asset.clone()),
            ("b.webp".to_owned(), asset),
        ]);

        let kept = all.only(&["b.webp", "c.webp"]);

        assert_eq!(kept.names().collect::<Vec<_>>(), ["b.webp"]);
        assert_eq!(Assets::read(&kept.json()), kept);
        assert_eq!(Assets::read("{}"), Assets::default());
        assert!(kept.has_hash("ab") && !kept.has_hash("cd"));
    }
}
