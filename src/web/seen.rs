//! What a request tells of where it comes from, for the journal.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::http::{Extensions, HeaderMap, header};

use super::access::Peer;
use crate::base::text;
use crate::journal::{Device, Seen};

/// The proxies a request came through, if a declared one says so. The edge
/// leaves it on the request.
#[derive(Clone, Debug)]
pub struct Through(pub String);

/// User agents that were looked at a moment ago.
static KNOWN: LazyLock<Mutex<HashMap<String, Agent>>> = LazyLock::new(Mutex::default);
const MOST: usize = 500;
/// Letters of a user agent that are looked at.
const LONGEST: usize = 400;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Agent {
    device: Device,
    browser: String,
    system: String,
}

/// What is known of a request that nobody has signed for yet.
pub(super) fn look(extensions: &Extensions, headers: &HeaderMap, request: &str) -> Seen {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .map(|agent| known(&text::shorten(agent, LONGEST)))
        .unwrap_or_default();
    Seen {
        address: Peer::of(extensions).to_string(),
        proxies: extensions
            .get::<Through>()
            .map(|through| through.0.clone())
            .unwrap_or_default(),
        device: hinted(headers, agent.device),
        browser: agent.browser,
        system: agent.system,
        request: request.to_owned(),
        ..Seen::default()
    }
}

/// What the edge left on the request.
pub fn seen(extensions: &Extensions) -> Arc<Seen> {
    extensions.get::<Arc<Seen>>().cloned().unwrap_or_default()
}

/// A browser that says it is mobile is a phone, whatever else it claims to be.
fn hinted(headers: &HeaderMap, device: Device) -> Device {
    let says_mobile = headers
        .get("sec-ch-ua-mobile")
        .is_some_and(|hint| hint == "?1");
    match device {
        Device::Desktop | Device::Unknown if says_mobile => Device::Phone,
        device => device,
    }
}

fn known(agent: &str) -> Agent {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(agent) {
        return found.clone();
    }
    let found = parse(agent);
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(agent.to_owned(), found.clone());
    found
}

/// Programs people run from a terminal.
const TERMINALS: [&str; 5] = ["curl/", "wget/", "httpie/", "xh/", "onsight/"];
/// Libraries that programs are written with.
const LIBRARIES: [&str; 12] = [
    "python-requests/",
    "python-urllib",
    "python/",
    "aiohttp/",
    "go-http-client/",
    "okhttp/",
    "java/",
    "axios/",
    "node",
    "undici",
    "powerquery",
    "microsoft.data.mashup",
];
const TABLETS: [&str; 5] = ["ipad", "tablet", "kindle", "silk/", "playbook"];

fn parse(agent: &str) -> Agent {
    let lower = agent.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let first = agent.split(' ').next().unwrap_or_default();
    if begins(&TERMINALS) || begins(&LIBRARIES) {
        let is_terminal = begins(&TERMINALS);
        return Agent {
            device: if is_terminal {
                Device::Cli
            } else {
                Device::Api
            },
            browser: words(&first.replacen('/', " ", 1)),
            system: String::new(),
        };
    }
    let Some(found) = woothee::parser::Parser::new().parse(agent) else {
        return Agent {
            browser: words(first),
            ..Agent::default()
        };
    };
    let is_android = lower.contains("android");
    let is_tablet =
        TABLETS.iter().any(|word| lower.contains(word)) || is_android && !lower.contains("mobile");
    let device = match found.category {
        "crawler" => Device::Bot,
        _ if is_tablet => Device::Tablet,
        "smartphone" | "mobilephone" => Device::Phone,
        "pc" => Device::Desktop,
        _ => Device::Unknown,
    };
    Agent {
        device,
        browser: words(&format!("{} {}", named(found.name), whole(found.version))),
        system: words(&format!("{} {}", named(found.os), named(&found.os_version))),
    }
}

fn named(word: &str) -> &str {
    if word.eq_ignore_ascii_case("unknown") {
        ""
    } else {
        word
    }
}

/// `130.0.6723.58` gives `130`: the rest identifies people rather than browsers.
fn whole(version: &str) -> &str {
    named(version.split('.').next().unwrap_or_default())
}

/// At most 60 letters on one line.
fn words(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    text::shorten(plain.trim(), 60).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_device_is_read_from_the_user_agent() {
        let cases = [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
                Device::Tablet,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                Device::Tablet,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                Device::Bot,
            ),
            ("curl/8.5.0", Device::Cli),
            ("python-requests/2.32.3", Device::Api),
            ("something nobody knows", Device::Unknown),
            ("", Device::Unknown),
        ];
        for (agent, device) in cases {
            assert_eq!(parse(agent).device, device, "{agent}");
        }
    }

    #[test]
    fn browser_and_system_are_words() {
        let agent = parse("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
        assert_eq!(
            (agent.browser.as_str(), agent.system.as_str()),
            ("Firefox 130", "Linux")
        );
        assert_eq!(parse("curl/8.5.0").browser, "curl 8.5.0");
    }

    #[test]
    fn a_user_agent_brings_in_no_line_of_its_own() {
        let agent = parse("curl/8\u{7}\r\n2026-11-21 session.opened root");
        assert!(!agent.browser.contains(char::is_control), "{agent:?}");
        assert!(agent.browser.chars().count() <= 61);
    }
}
