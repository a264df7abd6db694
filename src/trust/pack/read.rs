//! Checks a pack: its list is signed, and it holds what the list names, no byte
//! more or less.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Read, Seek};

use zip::ZipArchive;

use super::{FORM, Listed, MANIFEST, Manifest, SIGNATURE, message};
use crate::base::Weight;
use crate::journal::{is_signed, unhex};

/// Bytes a list may have.
const LONGEST: u64 = 4 << 20;

/// A pack that is whole.
#[derive(Clone, Debug)]
pub struct Checked {
    pub manifest: Manifest,
}

/// What is wrong with a pack.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    #[error("it is no zip that can be read: {0}")]
    NoZip(String),
    #[error("it has no {0}")]
    Lacks(&'static str),
    #[error("its list cannot be read: {0}")]
    NoList(String),
    #[error("it is of a newer form than this version knows")]
    TooNew,
    #[error("it was made by the key {0}, not by the one you named")]
    OtherKey(String),
    #[error("its list was changed after it was signed")]
    Unsigned,
    #[error("{0} is on the list and not in it")]
    Missing(String),
    #[error("{0} is in it and not on the list")]
    Added(String),
    #[error("{0} was changed")]
    Changed(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads the whole of it. `key` is the public key it has to be signed with;
/// without one it is the key it names itself.
pub fn check(file: impl Read + Seek, key: Option<&str>) -> Result<Checked, Flaw> {
    let mut zip = ZipArchive::new(file).map_err(|error| Flaw::NoZip(error.to_string()))?;
    let text = short(&mut zip, MANIFEST)?;
    let signature = short(&mut zip, SIGNATURE)?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| Flaw::NoList(error.to_string()))?;
    if manifest.form > FORM {
        return Err(Flaw::TooNew);
    }
    if key.is_some_and(|key| !key.eq_ignore_ascii_case(&manifest.key)) {
        return Err(Flaw::OtherKey(manifest.key));
    }
    let signature = std::str::from_utf8(&signature)
        .ok()
        .and_then(|text| unhex(text.trim()));
    let is_fine = match (unhex(&manifest.key), signature) {
        (Some(key), Some(signature)) => is_signed(&key, &message(&text), &signature),
        _ => false,
    };
    if !is_fine {
        return Err(Flaw::Unsigned);
    }
    compare(&mut zip, &manifest)?;
    Ok(Checked { manifest })
}

fn compare(zip: &mut ZipArchive<impl Read + Seek>, manifest: &Manifest) -> Result<(), Flaw> {
    let names = zip.file_names().map(|name| name.map(Cow::into_owned));
    let names: Result<BTreeSet<String>, _> = names.collect();
    let mut names = names.map_err(|error| Flaw::NoZip(error.to_string()))?;
    for listed in &manifest.files {
        if !names.remove(&listed.name) {
            return Err(Flaw::Missing(listed.name.clone()));
        }
        if sum(zip, listed)? != listed.sha256 {
            return Err(Flaw::Changed(listed.name.clone()));
        }
    }
    let mut left = names.into_iter();
    match left.find(|name| name != MANIFEST && name != SIGNATURE) {
        Some(name) => Err(Flaw::Added(name)),
        None => Ok(()),
    }
}

/// The hash of an entry, or of as much of it as the list allows.
fn sum(zip: &mut ZipArchive<impl Read + Seek>, listed: &Listed) -> Result<String, Flaw> {
    let entry = zip.by_name(&listed.name);
    let entry = entry.map_err(|error| Flaw::NoZip(error.to_string()))?;
    let entry = entry.take(listed.bytes.saturating_add(1));
    // What cannot be unpacked is not what was packed.
    let weight = Weight::of(entry).map_err(|_broken| Flaw::Changed(listed.name.clone()))?;
    Ok(weight.hex())
}

fn short(zip: &mut ZipArchive<impl Read + Seek>, name: &'static str) -> Result<Vec<u8>, Flaw> {
    let entry = zip.by_name(name).map_err(|_absent| Flaw::Lacks(name))?;
    let mut bytes = Vec::new();
    entry.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
