//! Origins of other sites: whose pages and pictures apps may show.

use toml_edit::Item;

use super::values::words;

pub(super) const KEY: &str = "apps.show";

/// The list of the file, if each is an origin and no more.
pub(super) fn origins(item: &Item) -> Result<Vec<String>, Option<&'static str>> {
    const MUST: &str = "a list of origins, such as [\"https://maps.example.org\"]";
    let words = words(item).ok_or(Some(MUST))?.into_iter();
    let each = words.map(|word| {
        let is_bare = word.matches('/').count() == 2 && !word.contains(['?', '#']);
        origin(&word).filter(|_| is_bare)
    });
    each.collect::<Option<_>>().ok_or(Some(MUST))
}

/// Scheme, host and port of an address, as a policy for browsers writes them; only
/// of https, and of nothing that could say more than an origin.
pub fn origin(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let place = rest[..end].to_ascii_lowercase();
    let (host, port) = match place.split_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
        None => (place.as_str(), None),
    };
    let is_host = host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
        && host.split('.').all(|label| !label.is_empty());
    if !is_host {
        return None;
    }
    Some(match port {
        None | Some(443) => format!("https://{host}"),
        Some(port) => format!("https://{host}:{port}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_origins_and_nothing_else() {
        let list = |text: &str| {
            let file: toml_edit::DocumentMut = text.parse().unwrap();
            origins(&file["show"])
        };
        assert_eq!(
            list("show = [\"https://a.example\"]").unwrap(),
            ["https://a.example"]
        );
        for wrong in [
            "1",
            "\"https://a.example\"",
            "[\"https://a.example/\"]",
            "[\"a.example\"]",
            "[\"*\"]",
        ] {
            assert!(list(&format!("show = {wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_origin_is_a_name_and_a_port() {
        assert_eq!(
            origin("https://A.example:443/x?y").as_deref(),
            Some("https://a.example")
        );
        assert_eq!(
            origin("https://a.example:8443").as_deref(),
            Some("https://a.example:8443")
        );
        for wrong in [
            "http://a.example",
            "https://",
            "https://*",
            "https://*.a.example",
            "https://a b",
            "https://a;b",
            "https://x@y",
            "https://a.example:",
            "https://a..b",
            "ftp://a",
        ] {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }
}
