//! Addresses below an API's own: checked as they are written, put together, and followed
//! where an answer names the next page, never to another machine.

use crate::egress::Host;

/// Longer ones are not asked.
const LONGEST: usize = 4_000;

/// A place as links name it: whether by TLS, host and port.
pub(super) type Machine<'a> = (bool, &'a str, u16);

/// Is it fit to stand below an address: a path, and a query if it has one?
///
/// # Errors
///
/// What to write instead.
pub(super) fn check(get: &str) -> Result<(), String> {
    if !get.starts_with('/') || get.starts_with("//") {
        return Err("begin `get` with a / below the address, like /v1/orders".to_owned());
    }
    if is_fit(get) {
        return Ok(());
    }
    Err(
        "an address has no spaces, no .. and nothing behind a #; write other letters like %20"
            .to_owned(),
    )
}

fn is_fit(path: &str) -> bool {
    let is_odd = |c: char| !c.is_ascii_graphic() || "\\\"<>^`{|}#".contains(c);
    let before = path.split('?').next().unwrap_or_default();
    let leads_up = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    path.len() <= LONGEST
        && path.starts_with('/')
        && !path.contains(is_odd)
        && !before.split('/').any(leads_up)
}

/// Has the query a value of that name?
pub(super) fn names(get: &str, name: &str) -> bool {
    let query = get.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = query.split('&');
    pairs.any(|pair| pair.split('=').next() == Some(name))
}

/// The same with a value more in its query, whatever is in that.
pub(super) fn with(get: &str, name: &str, value: &str) -> String {
    let sign = if get.contains('?') { '&' } else { '?' };
    let mut more = form_urlencoded::Serializer::new(String::new());
    more.append_pair(name, value);
    format!("{get}{sign}{}", more.finish())
}

/// Path and query of the next page, where `link` stands in what was asked for at `path`.
/// `None`: it leads to another machine, or is none.
pub(super) fn next(link: &str, machine: Machine<'_>, path: &str) -> Option<String> {
    let folder = |path: &str| {
        let before = path.split('?').next().unwrap_or_default();
        let end = before.rfind('/').map_or(0, |at| at + 1);
        before[..end].to_owned()
    };
    let whole = if let Some(rest) = link.strip_prefix("//") {
        there(rest, machine)?
    } else if link.starts_with('/') {
        link.to_owned()
    } else if link.starts_with('?') {
        let before = path.split('?').next().unwrap_or_default();
        format!("{before}{link}")
    } else if let Some((scheme, rest)) = link.split_once("://") {
        let wanted = if machine.0 { "https" } else { "http" };
        if !scheme.eq_ignore_ascii_case(wanted) {
            return None;
        }
        there(rest, machine)?
    } else if link.split(['/', '?']).next()?.contains(':') {
        return None;
    } else {
        format!("{}{link}", folder(path))
    };
    is_fit(&whole).then_some(whole)
}

/// Path and query of `host[:port]/…`, if that is this machine.
fn there(rest: &str, (is_safe, host, port): Machine<'_>) -> Option<String> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (named, path) = rest.split_at(end);
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (name, said) = match named.rsplit_once(':') {
        Some((name, said)) if is_port(said) => (name, Some(said.parse().ok()?)),
        _ => (named, None),
    };
    let usual = if is_safe { 443 } else { 80 };
    let is_here = Host::parse(name).ok()? == Host::parse(host).ok()?;
    if !is_here || said.unwrap_or(usual) != port {
        return None;
    }
    Some(match path.as_bytes().first() {
        Some(b'/') => path.to_owned(),
        _ => format!("/{path}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_followed_on_its_own_machine_only() {
        let machine = (true, "api.corp", 8443);
        for (link, path) in [
            ("/v1/orders?page=2", "/v1/orders?page=2"),
            ("?page=2", "/v1/orders?page=2"),
            ("orders?page=2", "/v1/orders?page=2"),
            ("https://api.corp:8443/v1/x", "/v1/x"),
            ("HTTPS://API.corp.:8443", "/"),
            ("https://api.corp:8443?a=1", "/?a=1"),
            ("//api.corp:8443/x", "/x"),
            ("/x?to=https://evil.example/", "/x?to=https://evil.example/"),
        ] {
            let found = next(link, machine, "/v1/orders?limit=2");
            assert_eq!(found.as_deref(), Some(path), "{link}");
        }
        for link in [
            "https://evil.example:8443/",
            "https://api.corp/",
            "https://api.corp:443/",
            "http://api.corp:8443/",
            "//evil.example/",
            "https://api.corp@evil.example:8443/",
            "https://evil.example:8443@api.corp:8443/",
            "https://api.corp.evil.example:8443/",
            "https://169.254.169.254/",
            "https:/evil.example",
            "javascript:alert(1)",
            "/\\evil.example",
            "\\\\evil.example",
            "/a b",
            "/a\r\nX: y",
            "/../admin",
            "/a/%2E%2e/b",
            "/x#y",
            "ftp://api.corp:8443/",
        ] {
            assert_eq!(next(link, machine, "/v1/orders"), None, "{link}");
        }
        let plain = (false, "::1", 80);
        assert_eq!(next("http://[::1]/x", plain, "/").as_deref(), Some("/x"));
    }

    #[test]
    fn a_value_is_put_into_the_query_encoded() {
        assert_eq!(with("/a", "page", "2"), "/a?page=2");
        assert_eq!(
            with("/a?b=1", "after", "x&y=z/#?"),
            "/a?b=1&after=x%26y%3Dz%2F%23%3F"
        );
        assert!(names("/a?limit=2&page=1", "page") && !names("/page?limit=page", "page"));
    }
}
