//! What a program's key is, what it may do, and from where.

use std::net::IpAddr;

use crate::base::{Networks, Time};
use crate::web::{Faults, UserId, WorkspaceId};

/// A key is good for this many days unless its maker says otherwise.
pub(super) const DAYS: i64 = 90;
const MOST_DAYS: i64 = 365;
/// Apps and networks a key may name.
const MOST: usize = 50;

/// A key about to be made, with the words of its maker checked.
#[derive(Clone, Debug)]
pub(super) struct NewKey {
    pub(super) name: String,
    /// `None`: all that its owner may open.
    pub(super) apps: Option<Vec<String>>,
    /// Empty: from everywhere.
    pub(super) networks: Networks,
    pub(super) days: i64,
}

impl NewKey {
    /// Faults stand at `name`, `apps`, `networks` and `days`.
    pub(super) fn parse(
        name: &str,
        apps: &str,
        networks: &str,
        days: &str,
    ) -> Result<NewKey, Faults> {
        let mut faults = Faults::default();
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 || name.contains(char::is_control) {
            faults.add("name", "write a name of at most 80 characters");
        }
        let is_id = |word: &&str| {
            let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let of_survey = word.strip_prefix("survey:");
            let word = of_survey.or(word.strip_prefix("erase:")).unwrap_or(word);
            (1..=64).contains(&word.len()) && word.chars().all(fine)
        };
        let apps: Vec<&str> = words(apps).collect();
        if let Some(wrong) = apps.iter().find(|word| !is_id(word)) {
            faults.add("apps", format!("`{wrong}` is not the id of an app: it stands in its address, as in /apps/orders"));
        } else if apps.len() > MOST {
            faults.add("apps", format!("name at most {MOST} apps, or none for all"));
        }
        let networks = Networks::parse(networks).unwrap_or_else(|wrong| {
            faults.add("networks", wrong.to_string());
            Networks::default()
        });
        if networks.0.len() > MOST {
            faults.add("networks", format!("name at most {MOST} networks"));
        }
        let days = match days.trim() {
            "" => Some(DAYS),
            days => days
                .parse()
                .ok()
                .filter(|days| (1..=MOST_DAYS).contains(days)),
        };
        if days.is_none() {
            faults.add(
                "days",
                format!("write a number of days from 1 to {MOST_DAYS}"),
            );
        }
        match days {
            Some(days) if faults.is_empty() => Ok(NewKey {
                name: name.to_owned(),
                apps: (!apps.is_empty()).then(|| apps.into_iter().map(str::to_owned).collect()),
                networks,
                days,
            }),
            _ => Err(faults),
        }
    }
}

/// The words of a list with commas or spaces between.
pub(super) fn words(list: &str) -> impl Iterator<Item = &str> {
    let words = list.split(|c: char| c == ',' || c.is_whitespace());
    words.filter(|word| !word.is_empty())
}

/// A key as it may be shown: all but the key.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) workspace: WorkspaceId,
    pub(super) owner: UserId,
    pub(super) owner_name: String,
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) apps: Option<Vec<String>>,
    pub(super) networks: Networks,
    pub(super) expires: Time,
    pub(super) used: Option<Time>,
    pub(super) used_address: Option<String>,
    pub(super) is_revoked: bool,
    /// Its owner may not sign in either, or has left the workspace.
    pub(super) is_orphan: bool,
}

/// Why a key opens nothing: for the audit log, never for whoever holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Unknown,
    Revoked,
    Expired,
    Network,
    Owner,
}

impl Refusal {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Refusal::Unknown => "no such key",
            Refusal::Revoked => "revoked",
            Refusal::Expired => "expired",
            Refusal::Network => "another network",
            Refusal::Owner => "owner disabled or gone",
        }
    }
}

impl Key {
    /// The key opens something for whoever shows it there and then.
    pub(super) fn opens(&self, address: IpAddr, now: Time) -> Result<(), Refusal> {
        if self.is_revoked {
            Err(Refusal::Revoked)
        } else if self.is_expired(now) {
            Err(Refusal::Expired)
        } else if self.is_orphan {
            Err(Refusal::Owner)
        } else if !self.networks.allow(address) {
            Err(Refusal::Network)
        } else {
            Ok(())
        }
    }

    pub(super) fn is_expired(&self, now: Time) -> bool {
        self.expires <= now
    }

    /// `all` or the ids.
    pub(super) fn reads(&self) -> String {
        match &self.apps {
            None => "all apps".to_owned(),
            Some(apps) => apps.join(", "),
        }
    }

    pub(super) fn from(&self) -> String {
        if self.networks.is_empty() {
            "everywhere".to_owned()
        } else {
            self.networks.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key {
            id: "k".into(),
            workspace: WorkspaceId::new(Time(0)),
            owner: UserId::new(Time(0)),
            owner_name: "Ada".into(),
            name: "Excel".into(),
            prefix: "onsight_abcd".into(),
            apps: None,
            networks: Networks::parse("10.0.0.0/8").unwrap(),
            expires: Time(1_000),
            used: None,
            used_address: None,
            is_revoked: false,
            is_orphan: false,
        }
    }

    #[test]
    fn a_key_opens_only_from_its_networks_and_until_it_ends() {
        let (inside, outside) = ([10, 1, 2, 3].into(), [192, 168, 0, 1].into());
        assert_eq!(key().opens(inside, Time(999)), Ok(()));
        assert_eq!(key().opens(outside, Time(999)), Err(Refusal::Network));
        assert_eq!(key().opens(inside, Time(1_000)), Err(Refusal::Expired));
        let revoked = Key {
            is_revoked: true,
            ..key()
        };
        assert_eq!(revoked.opens(inside, Time(0)), Err(Refusal::Revoked));
        let orphan = Key {
            is_orphan: true,
            ..key()
        };
        assert_eq!(orphan.opens(inside, Time(0)), Err(Refusal::Owner));
    }

    #[test]
    fn what_is_wrong_with_a_new_key_is_said_at_its_field() {
        let fault = |name, apps, networks, days| {
            let faults = NewKey::parse(name, apps, networks, days).unwrap_err();
            let fields: Vec<String> = faults.iter().map(|(field, _)| field.to_owned()).collect();
            fields.join(" ")
        };
        assert_eq!(fault(" ", "", "", ""), "name");
        assert_eq!(fault("Excel", "../secret", "", ""), "apps");
        assert_eq!(fault("Excel", "", "10.0.0.1/8", ""), "networks");
        for days in ["0", "366", "-1", "ten", "1e3"] {
            assert_eq!(fault("Excel", "", "", days), "days", "{days}");
        }
        assert_eq!(fault("Excel", "survey:", "", ""), "apps");
        assert_eq!(fault("Excel", "survey:a:b", "", ""), "apps");
        assert!(NewKey::parse("R", "survey:brands", "", "").is_ok());
        let fine = NewKey::parse("Excel", "orders, stock", "10.0.0.0/8", "").unwrap();
        assert_eq!(fine.apps.unwrap(), ["orders", "stock"]);
        assert_eq!(fine.days, 90);
    }
}
