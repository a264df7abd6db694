//! What a call says besides its address: headers of fixed words, and secrets by name.

use super::plan::Faults;
use crate::egress::Egress;
use crate::surveys::format::is_name;

/// Headers of one call.
const HEADERS: usize = 10;
/// What stands before the name of a secret.
const SECRET: &str = "secret:";
/// What stands in these opens a door.
const CLOSED: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "x-api-key",
    "api-key",
    "x-auth-token",
    "cookie",
];

/// What a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    Words(String),
    /// Words, and the name of a secret behind them.
    Secret(String, String),
}

/// The name of a secret: letters, digits, `_` and `-`.
pub fn is_secret_name(name: &str) -> bool {
    is_name(name) && !name.contains('.')
}

pub(super) fn headers(pairs: &[(String, String)], faults: &mut Faults) -> Vec<(String, Header)> {
    if pairs.len() > HEADERS {
        faults.push(("headers", format!("a call has at most {HEADERS} headers")));
    }
    let mut headers = Vec::new();
    for (name, value) in pairs {
        match header(name, value) {
            Ok(header) => headers.push((name.clone(), header)),
            Err(why) => faults.push(("headers", why)),
        }
    }
    headers
}

fn header(name: &str, value: &str) -> Result<Header, String> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let lower = name.to_ascii_lowercase();
    if name.is_empty() || name.len() > 60 || !name.chars().all(is_sign) {
        return Err(format!("`{name}` cannot be the name of a header"));
    }
    if Egress::sets_header(name) {
        return Err(format!("`{name}` is set by the server itself; remove it"));
    }
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
    if value.trim().is_empty() || value.len() > 1_000 || !value.chars().all(is_plain) {
        return Err(format!(
            "`{name}` needs some words without accents and line breaks"
        ));
    }
    match value.split_once(SECRET) {
        Some((before, name)) if is_secret_name(name) => {
            Ok(Header::Secret(before.to_owned(), name.to_owned()))
        }
        Some(_) => Err(format!(
            "`{name}`: behind {SECRET} stands the name of a secret and no more, like \"Bearer {SECRET}crm\""
        )),
        None if CLOSED.contains(&&*lower) => Err(format!(
            "`{name}` is a secret, and this text is none: enter it under Calls and name it here, like \"Bearer {SECRET}crm\""
        )),
        None => Ok(Header::Words(value.to_owned())),
    }
}
