//! Where a request came from when declared proxies stand between.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::base::Networks;
use crate::config::Told;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address nearest to us that no declared proxy has. What stands further
/// away anybody may have written; from anybody but a declared proxy nothing
/// counts but the socket.
///
/// With it the proxies in between, nearest to us last.
pub fn client(
    socket: IpAddr,
    headers: &HeaderMap,
    proxies: &Networks,
    told: Told,
) -> (IpAddr, Vec<IpAddr>) {
    let (mut nearest, mut through) = (socket.to_canonical(), Vec::new());
    if proxies.have(nearest) {
        for hop in hops(headers, told).iter().rev() {
            // Somebody who would not say: the proxy before them is who we know.
            let Some(address) = hop.as_deref().and_then(literal) else {
                break;
            };
            through.insert(0, nearest);
            nearest = address;
            if !proxies.have(nearest) {
                break;
            }
        }
    }
    (nearest, through)
}

/// What the proxies say, furthest first; `None` where one says no address.
fn hops(headers: &HeaderMap, told: Told) -> Vec<Option<String>> {
    let name = match told {
        Told::XForwardedFor => X_FORWARDED_FOR,
        Told::Forwarded => header::FORWARDED,
    };
    let lines = headers.get_all(name);
    let lines = lines
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()));
    let parts = lines.flat_map(|line| {
        let parts: Vec<String> = line.split(',').map(|part| part.trim().to_owned()).collect();
        parts
    });
    match told {
        Told::XForwardedFor => parts.map(Some).collect(),
        Told::Forwarded => parts.map(|part| said_for(&part)).collect(),
    }
}

/// `for=192.0.2.60;proto=https` gives `192.0.2.60`.
fn said_for(element: &str) -> Option<String> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let is_for = name.trim().eq_ignore_ascii_case("for");
        is_for.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]`, `[::1]:5`.
fn literal(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = bare.unwrap_or(hop).parse::<IpAddr>();
    let address = address.or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    Some(address.ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(socket: &str, header: &'static str, lines: &[&str]) -> String {
        let told = match header {
            "forwarded" => Told::Forwarded,
            _ => Told::XForwardedFor,
        };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static(header), line.parse().unwrap());
        }
        let proxies = Networks::parse("10.0.0.5 192.168.1.0/24").unwrap();
        let (address, _) = client(socket.parse().unwrap(), &headers, &proxies, told);
        address.to_string()
    }

    #[test]
    fn nobody_is_believed_but_a_declared_proxy() {
        for header in ["x-forwarded-for", "forwarded"] {
            assert_eq!(seen("10.0.0.6", header, &["127.0.0.1"]), "10.0.0.6");
            assert_eq!(seen("10.0.0.6", header, &["for=127.0.0.1"]), "10.0.0.6");
        }
        assert_eq!(
            seen("10.0.0.5", "x-forwarded-for", &["203.0.113.9"]),
            "203.0.113.9"
        );
        assert_eq!(
            seen("::ffff:10.0.0.5", "x-forwarded-for", &["2001:db8::9"]),
            "2001:db8::9"
        );
    }

    #[test]
    fn of_several_addresses_the_nearest_that_is_no_proxy_counts() {
        let forged = "127.0.0.1, 203.0.113.9, 192.168.1.7";
        assert_eq!(
            seen("10.0.0.5", "x-forwarded-for", &[forged]),
            "203.0.113.9"
        );
        let split = ["127.0.0.1", "203.0.113.9", "192.168.1.7"];
        assert_eq!(seen("10.0.0.5", "x-forwarded-for", &split), "203.0.113.9");
        assert_eq!(
            seen("10.0.0.5", "x-forwarded-for", &["192.168.1.8"]),
            "192.168.1.8"
        );
        assert_eq!(seen("10.0.0.5", "x-forwarded-for", &[]), "10.0.0.5");
    }

    #[test]
    fn an_address_comes_in_several_clothes() {
        let clothes = [
            ("for=203.0.113.9;proto=https;by=10.0.0.5", "203.0.113.9"),
            ("For=\"203.0.113.9:4711\"", "203.0.113.9"),
            ("proto=https;for=\"[2001:db8::9]:4711\"", "2001:db8::9"),
            ("for=127.0.0.1, for=\"[2001:db8::9]\"", "2001:db8::9"),
        ];
        for (said, address) in clothes {
            assert_eq!(seen("10.0.0.5", "forwarded", &[said]), address, "{said}");
        }
    }

    #[test]
    fn what_is_no_address_hides_what_stands_behind_it() {
        for said in [
            "127.0.0.1, unknown",
            "127.0.0.1, _secret",
            "127.0.0.1,",
            "127.0.0.1, 1.2.3",
        ] {
            assert_eq!(
                seen("10.0.0.5", "x-forwarded-for", &[said]),
                "10.0.0.5",
                "{said}"
            );
        }
        for said in [
            "for=127.0.0.1, proto=https",
            "for=127.0.0.1, for=unknown",
            "127.0.0.1",
        ] {
            assert_eq!(seen("10.0.0.5", "forwarded", &[said]), "10.0.0.5", "{said}");
        }
    }

    #[test]
    fn the_header_that_was_not_declared_says_nothing() {
        let mut headers = HeaderMap::new();
        headers.insert(header::FORWARDED, "for=127.0.0.1".parse().unwrap());
        let proxies = Networks::parse("10.0.0.5").unwrap();
        let proxy = "10.0.0.5".parse().unwrap();
        let (address, through) = client(proxy, &headers, &proxies, Told::XForwardedFor);
        assert_eq!((address, through), (proxy, Vec::new()));
    }

    #[test]
    fn the_proxies_in_between_are_told_too() {
        let mut headers = HeaderMap::new();
        let said = "127.0.0.1, 203.0.113.9, 192.168.1.7";
        headers.insert(X_FORWARDED_FOR, said.parse().unwrap());
        let proxies = Networks::parse("10.0.0.5 192.168.1.0/24").unwrap();
        let socket = "10.0.0.5".parse().unwrap();
        let (_, through) = client(socket, &headers, &proxies, Told::XForwardedFor);
        let expected: [IpAddr; 2] = [[192, 168, 1, 7].into(), [10, 0, 0, 5].into()];
        assert_eq!(through, expected);
    }
}
