//! A record as journald's own socket takes it.

use super::{fields, message, severity};
use crate::journal::Link;

/// Where journald listens.
pub(in crate::audit) const SOCKET: &str = "/run/systemd/journal/socket";

/// One datagram: a line for each field.
pub(super) fn datagram(link: &Link) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, "MESSAGE", &message(link));
    put(
        &mut out,
        "PRIORITY",
        &severity(&link.past.result).to_string(),
    );
    put(&mut out, "SYSLOG_IDENTIFIER", "onsight");
    put(&mut out, "SYSLOG_FACILITY", "13");
    for (name, value) in fields(link) {
        put(&mut out, &field(name), &value);
    }
    out
}

/// `actorKind` is `ONSIGHT_ACTOR_KIND`.
fn field(name: &str) -> String {
    let mut out = "ONSIGHT_".to_owned();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

/// Values hold no line break: what controls was written out.
fn put(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend(name.as_bytes());
    out.push(b'=');
    out.extend(value.as_bytes());
    out.push(b'\n');
}
