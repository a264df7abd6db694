//! Addresses as signatures see them: letter by letter, as they came.

use crate::web::Fields;

/// The address somebody came by, in full: `https://host/s/slug?pid=7&hash=…`.
#[derive(Clone, Copy, Debug)]
pub struct Came<'a> {
    pub address: &'a str,
}

impl<'a> Came<'a> {
    /// What stands behind the question mark.
    pub fn query(self) -> &'a str {
        self.address.split_once('?').map_or("", |(_, query)| query)
    }

    pub fn fields(self) -> Fields {
        Fields::parse(self.query())
    }

    /// The address without its last parameter, and that parameter's value, when it
    /// has this name and is the last. Behind a signature nothing may stand.
    pub(super) fn cut(self, name: &str) -> Option<(&'a str, &'a str)> {
        let at = self.address.rfind(['?', '&'])?;
        let value = self.address[at + 1..].strip_prefix(name)?;
        let value = value.strip_prefix('=')?;
        Some((&self.address[..at], value))
    }
}

/// The address with a parameter more. What stands behind a `#` is left out: no
/// server sees it, and no signature covers it.
pub fn with(address: &str, name: &str, value: &str) -> String {
    let address = plain(address);
    format!("{address}{}{name}={value}", mark(address))
}

/// The sign before another parameter.
pub(super) fn mark(address: &str) -> char {
    if address.contains('?') { '&' } else { '?' }
}

/// Without what stands behind a `#`.
pub(super) fn plain(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_last_parameter_or_none() {
        let cut = |address| Came { address }.cut("hash");

        assert_eq!(
            cut("https://a/s/x?p=1&hash=zz"),
            Some(("https://a/s/x?p=1", "zz"))
        );
        assert_eq!(cut("https://a/s/x?hash=zz"), Some(("https://a/s/x", "zz")));
        for other in [
            "https://a/s/x?hash=zz&p=1",
            "https://a/s/x?p=1&hashed=zz",
            "https://a/s/x?p=1",
            "https://a/s/x",
            "",
        ] {
            assert_eq!(cut(other), None, "{other}");
        }
    }

    #[test]
    fn a_parameter_is_added_where_servers_see_it() {
        assert_eq!(with("https://a/x", "s", "1"), "https://a/x?s=1");
        assert_eq!(with("https://a/x?b=2#top", "s", "1"), "https://a/x?b=2&s=1");
    }
}
