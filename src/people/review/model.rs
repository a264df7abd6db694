//! What a review of access tells.

use crate::base::Time;
use crate::web::UserId;

/// How far back it looks, in days.
pub(super) const DAYS: i64 = 30;

/// One person: a member of a workspace, or an account of the instance.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: UserId,
    pub(super) email: String,
    pub(super) name: String,
    /// Of a member the role; of an account how many workspaces it is in.
    pub(super) role: String,
    pub(super) operator: bool,
    pub(super) disabled: bool,
    pub(super) entered: Option<Time>,
    pub(super) address: String,
    pub(super) agent: String,
    pub(super) sessions: i64,
    pub(super) keys: i64,
    pub(super) key_used: Option<Time>,
    pub(super) refusals: i64,
    pub(super) apps: i64,
}

impl Line {
    pub(super) fn device(&self) -> String {
        device(&self.agent)
    }
}

/// One session that is open.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) created: Time,
    pub(super) seen: Time,
    pub(super) address: String,
    pub(super) agent: String,
}

impl Session {
    pub(super) fn device(&self) -> String {
        device(&self.agent)
    }
}

/// One key that works.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) created: Time,
    pub(super) used: Option<Time>,
}

/// One app that was opened.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) app: String,
    pub(super) days: i64,
    pub(super) last: Time,
}

/// One person, looked at closely.
#[derive(Clone, Debug)]
pub(super) struct Detail {
    pub(super) line: Line,
    pub(super) sessions: Vec<Session>,
    pub(super) keys: Vec<Key>,
    pub(super) apps: Vec<Opened>,
    /// Day and number of wrong passwords.
    pub(super) refusals: Vec<(Time, i64)>,
}

/// A browser's own words about itself, in few of ours: `Firefox, Windows`.
/// What it says is a claim and nothing is decided by it.
pub(super) fn device(agent: &str) -> String {
    // Browsers name those they descend from: the more particular word first.
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrom", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let word = |words: &[(&str, &'static str)]| {
        let mut words = words.iter();
        let found = words.find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (word(&browsers), word(&systems)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => crate::base::text::shorten(agent, 40).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_goes_by_its_own_name_and_not_by_its_ancestors() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36 Edg/141.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";
        assert_eq!(device(edge), "Edge, Windows");
        assert_eq!(device(phone), "Safari, iPhone");
        assert_eq!(device("curl/8.5"), "curl/8.5");
        assert_eq!(device(""), "");
    }
}
