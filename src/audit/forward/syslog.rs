//! A record as RFC 5424 says it.

use super::{fields, message, severity};
use crate::audit::file::time;
use crate::journal::Link;

/// `log audit`
const FACILITY: u8 = 13;
/// The number set aside for examples: we have none of our own.
const SD_ID: &str = "onsight@32473";

/// One message. `host` is what this machine is called.
pub(super) fn line(link: &Link, host: &str) -> Vec<u8> {
    let past = &link.past;
    let mut data = format!("[{SD_ID}");
    for (name, value) in fields(link) {
        data.push(' ');
        data.push_str(name);
        data.push_str("=\"");
        for c in value.chars() {
            if matches!(c, '"' | '\\' | ']') {
                data.push('\\');
            }
            data.push(c);
        }
        data.push('"');
    }
    data.push(']');
    let text = head(&past.result, &time(past.at), (host, &past.action));
    (text + &data + " \u{feff}" + &message(link)).into_bytes()
}

/// A message that is no record, to see whether one arrives.
pub(super) fn trial(host: &str, at: i64) -> Vec<u8> {
    let text = head("ok", &time(at), (host, "audit.test"))
        + "- \u{feff}Onsight can send its audit records here";
    text.into_bytes()
}

fn head(result: &str, time: &str, (host, action): (&str, &str)) -> String {
    let priority = FACILITY * 8 + severity(result);
    let (host, id) = (word(host, 255), word(action, 32));
    let process = std::process::id();
    format!("<{priority}>1 {time} {host} onsight {process} {id} ")
}

/// Printable letters without a space; `-` when none is left.
fn word(text: &str, most: usize) -> String {
    let kept: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(most)
        .collect();
    if kept.is_empty() {
        "-".to_owned()
    } else {
        kept
    }
}

/// The message with its length in front, as RFC 5425 and RFC 6587 frame it.
pub(super) fn framed(message: &[u8]) -> Vec<u8> {
    [message.len().to_string().as_bytes(), b" ", message].concat()
}
