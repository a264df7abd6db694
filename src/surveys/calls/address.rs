//! The address that is asked: fixed words and answers between them. An answer is one segment
//! of the path or one value of the query, whatever is in it; it never reaches the machine's
//! name, and where it cannot stand as one segment nobody is asked.

use crate::egress::Egress;
use crate::surveys::format::{Piece, is_name};

/// Longer addresses are not asked.
const LONGEST: usize = 4_000;

/// An address as a definition writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `https://crm.example.org:8443`
    machine: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Answer { name: String, is_query: bool },
}

impl Address {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// Why nobody is asked there, and what to write.
    pub fn parse(text: &str) -> Result<Address, String> {
        let Some(rest) = text.strip_prefix("https://") else {
            return Err("machines are asked at addresses that begin with https://".to_owned());
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, behind) = rest.split_at(end);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        let machine = format!("https://{host}");
        if !host.chars().all(is_plain) || Egress::place(&machine).is_err() {
            return Err(
                "the name of the machine stands fast: no ${…}, no @ and no spaces before the first /"
                    .to_owned(),
            );
        }
        if !behind.starts_with('/') {
            return Err("write at least a / behind the name of the machine".to_owned());
        }
        let (mut parts, mut is_query) = (Vec::new(), false);
        for piece in Piece::of(behind) {
            match piece {
                Piece::Answer(name) => parts.push(Part::Answer {
                    name: name.to_owned(),
                    is_query,
                }),
                Piece::Text(text) => {
                    fixed(text)?;
                    is_query |= text.contains('?');
                    parts.push(Part::Text(text.to_owned()));
                }
            }
        }
        Ok(Address { machine, parts })
    }

    /// The machine, as it is shown: nothing of the path.
    pub fn machine(&self) -> &str {
        &self.machine
    }

    /// The answers in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Answer { name, .. } => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The whole address; `None`: an answer cannot stand in it.
    pub fn with(&self, answer: impl Fn(&str) -> String) -> Option<String> {
        let mut whole = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Answer { name, is_query } => {
                    let value = answer(name);
                    if !is_query && !is_segment(&value) {
                        return None;
                    }
                    encode(&value, &mut whole);
                }
            }
        }
        let path = whole.split('?').next().unwrap_or_default();
        let leads_up = |segment: &str| {
            let plain = segment.to_ascii_lowercase().replace("%2e", ".");
            plain == "." || plain == ".."
        };
        let fits = self.machine.len() + whole.len() <= LONGEST && !path.split('/').any(leads_up);
        fits.then(|| format!("{}{whole}", self.machine))
    }
}

/// What stands fast behind the machine.
fn fixed(text: &str) -> Result<(), String> {
    if text.contains("${") || text.contains(['{', '}']) {
        return Err(format!(
            "`{text}`: an answer is put in by its name alone, like ${{pid}}"
        ));
    }
    if text.contains('#') {
        return Err("nothing stands behind a # in an address that is asked".to_owned());
    }
    let is_odd = |c: char| !c.is_ascii_graphic() || "\\\"<>^`|".contains(c);
    if text.contains(is_odd) {
        return Err(
            "an address has no spaces and no letters with accents; write them like %20".to_owned(),
        );
    }
    // A cut-off `%2` would take the first letter of an answer into itself.
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    let mut signs = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    if signs.any(|(at, _)| !is_hex(bytes.get(at + 1)) || !is_hex(bytes.get(at + 2))) {
        return Err("behind a % stand two digits, like %20".to_owned());
    }
    Ok(())
}

/// Can it stand for one segment? A slash is not even encoded: servers there are that decode
/// an address before they part it.
fn is_segment(value: &str) -> bool {
    let is_apart = |c: char| c == '/' || c == '\\' || c.is_control();
    !value.is_empty() && !value.contains(is_apart)
}

const HEX: [char; 16] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
];

fn encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
}

/// May an answer of that name stand in an expression?
pub(super) fn pipe(name: &str) -> String {
    debug_assert!(is_name(name), "read as a name");
    format!("${{{name}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, value: &str) -> Option<String> {
        Address::parse(text).unwrap().with(|_| value.to_owned())
    }

    #[test]
    fn an_answer_is_put_in_encoded() {
        for (text, value, whole) in [
            ("https://a.b/c/${x}", "7", "https://a.b/c/7"),
            ("https://a.b/c/${x}/d", "ä b", "https://a.b/c/%C3%A4%20b/d"),
            (
                "https://a.b/?q=${x}&r=1",
                "a/b&c=d#e?",
                "https://a.b/?q=a%2Fb%26c%3Dd%23e%3F&r=1",
            ),
            ("https://a.b/?q=${x}", "", "https://a.b/?q="),
            (
                "https://[::1]:9/v${x}.json",
                "..",
                "https://[::1]:9/v...json",
            ),
            ("https://a.b/${x}", "%2e", "https://a.b/%252e"),
        ] {
            assert_eq!(made(text, value).as_deref(), Some(whole), "{text} {value}");
        }
        for (text, value) in [
            ("https://a.b/c/${x}/d", ""),
            ("https://a.b/c/${x}/d", "."),
            ("https://a.b/c/${x}", ".."),
            ("https://a.b/c/.${x}", "."),
            ("https://a.b/c/%2e${x}", "."),
            ("https://a.b/c/${x}${x}", "."),
            ("https://a.b/c/${x}", "../d"),
            ("https://a.b/c/${x}", "..\\d"),
            ("https://a.b/c/${x}", "a\r\nX: y"),
            ("https://a.b/c/${x}", "a\0"),
        ] {
            assert_eq!(made(text, value), None, "{text} {value:?}");
        }
        assert_eq!(made("https://a.b/?q=${x}", &"x".repeat(5_000)), None);
    }

    #[test]
    fn the_machine_stands_fast() {
        for wrong in [
            "http://a.b/",
            "a.b/",
            "https://${x}/",
            "https://${x}.a.b/",
            "https://a.b:${x}/",
            "https://a.b${x}/",
            "https://x@a.b/",
            "https:///c",
            "https://",
            "https://a.b",
            "https://a.b?x=1",
            "https://a.b/#x",
            "https://a.b/a b",
            "https://a.b/ä",
            "https://a.b/${not a name}",
            "https://a.b/${open",
            "https://a.b/%2${x}",
            "https://a.b/%${x}",
            "https://a.b/%zz",
            "https://a.b\\c/",
        ] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    /// Whatever is answered, the address leads to the same machine, and has as many segments
    /// and values as it was written with.
    #[test]
    fn no_answer_leaves_its_segment() {
        let signs: Vec<char> = "/\\.%?#&=@:;[]{}$ \t\r\n\0ab2eEfF+~äß日\u{202e}'\"<>|"
            .chars()
            .collect();
        let texts = [
            "https://crm.example.org/customers/${x}/orders/${x}",
            "https://crm.example.org/v1/a${x}b?who=${x}&what=${x}&k=1",
            "https://crm.example.org:8443/${x}.json?${x}",
            "https://crm.example.org/%2e${x}/%41${x}/",
        ];
        let (mut dice, mut asked) = (11_u64, 0);
        for _ in 0..40_000 {
            let mut throw = |below: usize| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                usize::try_from(dice >> 33).unwrap() % below
            };
            let text = texts[throw(texts.len())];
            let long = throw(7);
            let value: String = (0..long).map(|_| signs[throw(signs.len())]).collect();
            let written = made(text, "x").unwrap();
            let Some(whole) = made(text, &value) else {
                continue;
            };
            asked += 1;
            assert_eq!(
                Egress::place(&whole).unwrap(),
                Egress::place(&written).unwrap(),
                "{whole}"
            );
            for sign in ["/", "?", "&", "=", "#", "@", ":", ";", "\\"] {
                assert_eq!(
                    whole.matches(sign).count(),
                    written.matches(sign).count(),
                    "{sign} of {whole}, from {value:?}"
                );
            }
            let path = whole.split('?').next().unwrap();
            assert!(
                !path
                    .split('/')
                    .any(|one| [".", "..", "%2e.", "%2E."].contains(&one))
            );
            assert!(whole.is_ascii() && !whole.contains(char::is_whitespace));
        }
        assert!(asked > 5_000, "{asked}");
    }
}
