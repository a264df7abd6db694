//! An API as the form says it: an address instead of a host with a database, a header instead
//! of an account, and the tables it has.

use super::Kind;
use super::form::Whereabouts;
use super::model::{Guard, Place};
use crate::egress::{Egress, Host};
use crate::web::{Faults, Fields};

/// Letters of a header's name, and of what it says.
const NAME: usize = 60;
const WORDS: usize = 4_000;
/// Letters of the path.
const PATH: usize = 500;

/// Where it is and which header lets one in. `is_plain`: there is no TLS.
pub(super) fn entered(fields: &Fields, is_plain: bool, faults: &mut Faults) -> Whereabouts {
    let word = |name: &str| fields.get(name).map(str::trim).unwrap_or_default();
    let user = word("user");
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if user.len() > NAME || !user.chars().all(is_sign) {
        faults.add("user", "write the name of a header, such as Authorization");
    } else if Egress::sets_header(user) {
        faults.add(
            "user",
            "this header is set by the server itself; choose another",
        );
    }
    // It is kept as it was typed: spaces at its ends would be lost on the way.
    let secret = fields.get("password").unwrap_or_default();
    let is_fit = |c: char| c.is_ascii_graphic() || c == ' ';
    if secret.len() > WORDS || !secret.chars().all(is_fit) || secret.trim() != secret {
        let why = "write it in one line, without accents and without spaces around it";
        faults.add("password", why);
    } else if !secret.is_empty() && user.is_empty() {
        faults.add("user", "write the name of the header that says this");
    }
    let found = read(word("address"), is_plain);
    let (host, port, database) = found.unwrap_or_else(|why| {
        faults.add("address", why);
        (String::new(), 0, String::new())
    });
    Whereabouts {
        host,
        port,
        database,
        user: user.to_owned(),
    }
}

/// Host, port and path of an address.
fn read(address: &str, is_plain: bool) -> Result<(String, u16, String), String> {
    let (scheme, usual) = if is_plain {
        ("http", 80)
    } else {
        ("https", 443)
    };
    let begins = format!("{scheme}://");
    let rest = address.strip_prefix(&begins).ok_or_else(|| {
        let way = if is_plain { "without TLS" } else { "with TLS" };
        format!("{way} it begins with {begins}; write an address such as {begins}api.corp/v1")
    })?;
    let (machine, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (host, port) = match machine.rsplit_once(':') {
        Some((host, port)) if is_port(port) => (host, port.parse().unwrap_or_default()),
        _ => (machine, usual),
    };
    Host::parse(host).map_err(|error| error.to_string())?;
    if port == 0 {
        return Err("a port is a number from 1 to 65535".to_owned());
    }
    let path = path.trim_end_matches('/');
    let is_odd = |c: char| !c.is_ascii_graphic() || "\\\"<>^`{|}#?".contains(c);
    let leads_up = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    if path.len() > PATH || path.contains(is_odd) || path.split('/').any(leads_up) {
        let why = "behind the machine stands a path and no more: no spaces, no .., no ? and no #";
        return Err(why.to_owned());
    }
    Ok((host.to_owned(), port, path.to_owned()))
}

/// The address as it was entered.
pub(super) fn written(place: &Place) -> String {
    let (scheme, usual) = match place.guard {
        Guard::Off => ("http", 80),
        _ => ("https", 443),
    };
    let host = Host::parse(&place.host).map_or_else(|_| place.host.clone(), |h| h.to_string());
    let port = if place.port == usual {
        String::new()
    } else {
        format!(":{}", place.port)
    };
    format!("{scheme}://{host}{port}/{}", place.database)
}

/// The tables as they are described.
pub(super) fn tables(kind: &dyn Kind, fields: &Fields, faults: &mut Faults) -> String {
    let text = fields.get("tables").unwrap_or_default();
    let text = text.replace("\r\n", "\n");
    if let Err(why) = kind.described(&text) {
        faults.add("tables", why);
    }
    text
}
