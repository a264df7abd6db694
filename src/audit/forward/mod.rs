//! Records on their way to a log collector or to journald: each at least once,
//! in order, from where the last one was taken.

mod journald;
mod send;
pub(in crate::audit) mod sql;
mod syslog;
mod target;

pub(in crate::audit) use journald::SOCKET;
pub(in crate::audit) use send::probe;
pub use send::{JOURNALD, SYSLOG, Sender};
pub(in crate::audit) use target::{Target, Transport};

use crate::journal::Link;

/// What is said of a record outside: no before and after, no detail, which stay
/// with the workspace it belongs to. Empty values are left out.
fn fields(link: &Link) -> Vec<(&'static str, String)> {
    let past = &link.past;
    let rows = past.row_count.map(|rows| rows.to_string());
    let all = [
        ("seq", link.seq.to_string()),
        ("action", past.action.clone()),
        ("result", past.result.clone()),
        ("reason", past.reason.clone()),
        ("workspace", past.workspace.clone()),
        ("actorKind", past.actor_kind.clone()),
        ("actorId", past.actor.clone().unwrap_or_default()),
        ("actor", past.actor_name.clone()),
        ("email", past.email.clone()),
        ("grant", past.grant.clone()),
        ("via", past.via.clone()),
        ("address", past.address.clone()),
        ("proxies", past.proxies.clone()),
        ("device", past.device.clone()),
        ("browser", past.browser.clone()),
        ("system", past.system.clone()),
        ("session", past.session.clone()),
        ("method", past.method.clone()),
        ("request", past.request.clone()),
        ("objectKind", past.kind.clone()),
        ("objectId", past.object_id.clone()),
        ("object", past.object.clone()),
        ("rows", rows.unwrap_or_default()),
        ("hash", crate::journal::hex(&link.hash)),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, plain(&value)))
        .collect()
}

/// Letters of a value that are sent.
const LONGEST: usize = 1_000;

/// Text that cannot pretend to be a line, a colour or another direction: what
/// controls is written out as `<U+001B>`.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(LONGEST) {
        match c {
            c if c.is_control() => out.push_str(&code(c)),
            '\u{2028}'
            | '\u{2029}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                out.push_str(&code(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn code(c: char) -> String {
    format!("<U+{:04X}>", u32::from(c))
}

/// A sentence for people who read along.
fn message(link: &Link) -> String {
    let past = &link.past;
    plain(&format!(
        "{} {} {} ({})",
        past.actor_name, past.action, past.object, past.result
    ))
}

/// 6 is for information, 4 a warning, 3 an error.
fn severity(result: &str) -> u8 {
    match result {
        "refused" => 4,
        "failed" => 3,
        _ => 6,
    }
}

#[cfg(test)]
mod tests;
