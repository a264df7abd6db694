//! A zip that proves itself: written piece by piece, with a signed list of what
//! is in it; checked anywhere.

mod out;
mod read;

pub(super) use out::Out;
pub use read::{Checked, Flaw, check};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The names of the two entries that are on no list.
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
/// The form of the list.
const FORM: u32 = 1;
const MARK: &[u8] = b"onsight pack manifest\0";

/// What a pack says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub form: u32,
    /// The public key of the instance that made it, in hexadecimal.
    pub key: String,
    /// What it is, for which period, by whom: name and value.
    pub about: Value,
    pub files: Vec<Listed>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub name: String,
    /// What it holds, for whoever reads the list.
    pub about: String,
    pub bytes: u64,
    pub sha256: String,
}

/// What is signed of a list.
fn message(manifest: &[u8]) -> Vec<u8> {
    [MARK, manifest].concat()
}

#[cfg(test)]
mod tests;
