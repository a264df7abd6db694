//! A report as a file that is carried by hand: the very bytes, who signed them
//! and the signature, checked where it arrives.

use serde_json::{Value, json};

use crate::journal::{Signer, hex, is_signed, unhex};

use super::model::{Error, MOST};

const FORM: &str = "onsight usage report 1";

/// What is signed: no other signature of this instance fits a report.
fn message(body: &str) -> Vec<u8> {
    let mut message = b"onsight usage report\0".to_vec();
    message.extend(body.as_bytes());
    message
}

/// The file.
pub(super) fn file(signer: &Signer, body: &str) -> Result<String, Error> {
    let file = json!({
        "form": FORM,
        "report": body,
        "key": hex(&signer.public()),
        "signature": hex(&signer.sign(&message(body))),
    });
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// A file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The report, byte for byte.
    pub report: String,
    /// The key it is signed with.
    pub key: String,
}

/// Reads a file and checks its signature; with `key` also who signed.
pub fn check(file: &str, key: Option<&str>) -> Result<Checked, Error> {
    if file.len() > 4 * MOST {
        return Err(Error::BadFile("it is larger than a report can be"));
    }
    let no_report = Error::BadFile("it is no usage report of Onsight");
    let Ok(file) = serde_json::from_str::<Value>(file) else {
        return Err(no_report);
    };
    let word = |name: &str| file[name].as_str();
    let (Some(FORM), Some(report), Some(public), Some(signature)) =
        (word("form"), word("report"), word("key"), word("signature"))
    else {
        return Err(no_report);
    };
    let (Some(bytes), Some(signature)) = (unhex(public), unhex(signature)) else {
        return Err(no_report);
    };
    if !is_signed(&bytes, &message(report), &signature) {
        return Err(Error::BadFile("its signature does not fit: it was changed"));
    }
    if key.is_some_and(|key| !key.trim().eq_ignore_ascii_case(public)) {
        return Err(Error::BadFile("it is signed with another key"));
    }
    Ok(Checked {
        report: report.to_owned(),
        key: public.to_owned(),
    })
}
