//! Records as a file that proves itself: written here, checked anywhere.
//!
//! A file begins with a row that names the key and the filter, holds a row for
//! each record, then the checkpoints that fall among them, and ends with a
//! signature. Every record carries its hash, the hash it builds upon, and the
//! hash of the file up to it, so a record changed, taken out, put in or moved
//! is named, also where a filter left gaps in the chain.

mod read;
mod write;

pub use read::{Checked, Flaw, check};
pub(super) use write::{Export, Format, time};

use crate::journal::sha256;

/// The form of the file.
const FORM: i64 = 1;

/// The columns of a file with columns, in order.
const COLUMNS: [&str; 36] = [
    "row",
    "n",
    "seq",
    "time",
    "workspace",
    "actor_kind",
    "actor",
    "actor_name",
    "email",
    "grant",
    "via",
    "address",
    "proxies",
    "device",
    "browser",
    "system",
    "session",
    "method",
    "request",
    "action",
    "kind",
    "object_id",
    "object",
    "result",
    "reason",
    "row_count",
    "detail",
    "diff",
    "at",
    "file",
    "line",
    "version",
    "before",
    "hash",
    "proof",
    "signature",
];
/// Those of them that hold numbers.
const NUMBERS: [&str; 6] = ["n", "seq", "row_count", "at", "line", "version"];

/// The hash of the file's first row.
fn begins(key: &str, filter: &str, at: i64) -> Vec<u8> {
    let mut bytes = b"onsight audit file\0".to_vec();
    for field in [
        key.as_bytes(),
        filter.as_bytes(),
        &at.to_be_bytes(),
        &FORM.to_be_bytes(),
    ] {
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(field);
    }
    sha256(&bytes)
}

/// The hash of the file up to the record with that hash.
fn goes_on(before: &[u8], hash: &[u8]) -> Vec<u8> {
    sha256(&[&[1], before, hash].concat())
}

/// What the last row signs.
fn ends(count: i64, proof: &[u8]) -> Vec<u8> {
    [
        b"onsight audit file ends\0",
        &count.to_be_bytes()[..],
        proof,
    ]
    .concat()
}

#[cfg(test)]
mod tests;
