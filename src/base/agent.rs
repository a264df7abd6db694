//! What a program on the other side says it is: a browser on a machine, by its
//! user agent. It is a claim, and nothing is decided by it.

use std::fmt;

use super::text;

/// What a request came from, as far as its user agent tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    Desktop,
    Tablet,
    Phone,
    Bot,
    Api,
    Cli,
    #[default]
    Unknown,
}

impl Device {
    pub const ALL: [Device; 7] = [
        Device::Desktop,
        Device::Tablet,
        Device::Phone,
        Device::Bot,
        Device::Api,
        Device::Cli,
        Device::Unknown,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Device::Desktop => "desktop",
            Device::Tablet => "tablet",
            Device::Phone => "phone",
            Device::Bot => "bot",
            Device::Api => "api",
            Device::Cli => "cli",
            Device::Unknown => "unknown",
        }
    }
}

/// A user agent in few words; it prints as `Firefox 130 on Linux`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agent {
    pub device: Device,
    /// `Firefox 130`
    pub browser: String,
    /// `Windows 11`
    pub system: String,
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

impl Agent {
    /// Letters of a user agent that are looked at.
    pub const LONGEST: usize = 400;

    /// What a `User-Agent` header tells.
    pub fn read(text: &str) -> Agent {
        let agent = text::shorten(text, Agent::LONGEST);
        let lower = agent.to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
        let first = agent.split(' ').next().unwrap_or_default();
        if begins(&TERMINALS) || begins(&LIBRARIES) {
            return Agent {
                device: if begins(&TERMINALS) {
                    Device::Cli
                } else {
                    Device::Api
                },
                browser: words(&first.replacen('/', " ", 1)),
                system: String::new(),
            };
        }
        let Some(found) = woothee::parser::Parser::new().parse(&agent) else {
            return Agent {
                browser: words(first),
                ..Agent::default()
            };
        };
        let is_android = lower.contains("android");
        let is_tablet = TABLETS.iter().any(|word| lower.contains(word))
            || is_android && !lower.contains("mobile");
        let device = match found.category {
            "crawler" => Device::Bot,
            _ if is_tablet => Device::Tablet,
            "smartphone" | "mobilephone" => Device::Phone,
            "pc" => Device::Desktop,
            _ => Device::Unknown,
        };
        // `Windows 10` says it already; its version is `NT 10.0`.
        let version = named(&found.os_version);
        let version = Some(version).filter(|version| !version.starts_with("NT"));
        Agent {
            device,
            browser: words(&format!("{} {}", named(found.name), whole(found.version))),
            system: words(&format!(
                "{} {}",
                named(found.os),
                version.unwrap_or_default()
            )),
        }
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.browser.as_str(), self.system.as_str()) {
            ("", "") => f.write_str("a program without a name"),
            (one, "") | ("", one) => f.write_str(one),
            (browser, system) => write!(f, "{browser} on {system}"),
        }
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
            assert_eq!(Agent::read(agent).device, device, "{agent}");
        }
    }

    #[test]
    fn browser_and_system_are_words() {
        let agent =
            Agent::read("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
        assert_eq!(
            (agent.browser.as_str(), agent.system.as_str()),
            ("Firefox 130", "Linux")
        );
        assert_eq!(Agent::read("curl/8.5.0").browser, "curl 8.5.0");
    }

    #[test]
    fn a_user_agent_brings_in_no_line_of_its_own() {
        let agent = Agent::read("curl/8\u{7}\r\n2026-11-21 session.opened root");
        assert!(!agent.browser.contains(char::is_control), "{agent:?}");
        assert!(agent.browser.chars().count() <= 61);
    }

    #[test]
    fn people_read_what_they_call_their_browser_and_machine() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        for (agent, shown) in [
            (windows, "Chrome 141 on Windows 10"),
            (
                &format!("{windows} Edg/141.0.0.0"),
                "Edge 141 on Windows 10",
            ),
            (phone, "Safari 18 on iPhone 18.0"),
            ("curl/8.5", "curl 8.5"),
            ("", "a program without a name"),
        ] {
            assert_eq!(Agent::read(agent).to_string(), shown, "{agent}");
        }
    }
}
