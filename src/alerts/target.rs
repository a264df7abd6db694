//! Who is told of alerts, and how.

use crate::base::Time;
use crate::egress::{Egress, Trust};
use crate::id;
use crate::mail;
use crate::web::{Faults, Fields};

use super::model::Severity;

id!(TargetId);
id!(MessageId);

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Mail,
    Webhook,
}

impl Way {
    pub(super) fn name(self) -> &'static str {
        match self {
            Way::Mail => "mail",
            Way::Webhook => "webhook",
        }
    }

    pub(super) fn named(name: &str) -> Option<Way> {
        [Way::Mail, Way::Webhook]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

/// Somebody who is told of alerts from a severity on.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) id: TargetId,
    pub(super) way: Way,
    /// An e-mail address, or one that begins with https://.
    pub(super) place: String,
    pub(super) severity: Severity,
    /// The authority that vouches for a webhook, as PEM; empty: the machine's roots.
    pub(super) ca: String,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) sent: Option<Time>,
    pub(super) fault: Option<String>,
}

impl Target {
    /// What its secret is sealed for.
    pub(super) fn seal_place(&self) -> String {
        format!("alert_target|{}|secret|{}", self.id, self.place)
    }

    /// As the audit trail may show it: an address for a webhook often has a
    /// secret in its path.
    pub(super) fn shown(&self) -> String {
        match self.way {
            Way::Mail => self.place.clone(),
            Way::Webhook => match Egress::place(&self.place) {
                Ok((host, port)) => format!("https://{host}:{port}"),
                Err(_) => String::new(),
            },
        }
    }
}

/// A target as its form says it.
#[derive(Clone, Debug)]
pub(super) struct NewTarget {
    pub(super) way: Way,
    pub(super) place: String,
    pub(super) severity: Severity,
    pub(super) ca: String,
}

/// Letters of an address.
const LONGEST: usize = 500;

impl NewTarget {
    pub(super) fn parse(fields: &Fields) -> Result<NewTarget, Faults> {
        let word = |name: &str| fields.get(name).map(str::trim).unwrap_or_default();
        let mut faults = Faults::default();
        let place = word("place").to_owned();
        let way = if place.contains("://") {
            Way::Webhook
        } else {
            Way::Mail
        };
        let is_long = place.chars().count() > LONGEST;
        match way {
            _ if is_long => faults.add("place", "that is too long for an address"),
            Way::Webhook => {
                if let Err(error) = Egress::place(&place) {
                    faults.add("place", error.to_string());
                }
            }
            Way::Mail if !mail::is_address(&place) => {
                faults.add(
                    "place",
                    "write an e-mail address, or one that begins with https://",
                );
            }
            Way::Mail => {}
        }
        let severity = Severity::named(word("severity"));
        if severity.is_none() {
            faults.add("severity", "choose from which severity on");
        }
        let ca = word("ca").to_owned();
        if let Err(error) = Trust::new(&ca) {
            faults.add("ca", error.to_string());
        }
        match severity {
            Some(severity) if faults.is_empty() => Ok(NewTarget {
                way,
                place,
                severity,
                ca: if way == Way::Mail { String::new() } else { ca },
            }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_go_to_an_address_or_by_https_and_nowhere_else() {
        let parse = |place: &str| {
            let fields = Fields::default()
                .with("place", Some(place))
                .with("severity", Some("warning"));
            NewTarget::parse(&fields).map(|new| new.way)
        };
        assert_eq!(parse("ops@corp.example").unwrap(), Way::Mail);
        assert_eq!(parse("https://hooks.corp/x?y=1").unwrap(), Way::Webhook);
        for wrong in [
            "",
            "ops",
            "http://hooks.corp/",
            "https://user@hooks.corp/",
            "file:///etc/passwd",
            "ops@corp.example\r\nBcc: eve@evil.example",
        ] {
            let faults = parse(wrong).unwrap_err();
            assert!(faults.at("place").is_some(), "{wrong}");
        }
    }

    #[test]
    fn the_path_of_a_webhook_stays_out_of_the_trail() {
        let target = Target {
            id: TargetId::new(Time(0)),
            way: Way::Webhook,
            place: "https://hooks.corp/services/T0/B0/hunter2".to_owned(),
            severity: Severity::Info,
            ca: String::new(),
            sealed: None,
            sent: None,
            fault: None,
        };
        assert_eq!(target.shown(), "https://hooks.corp:443");
    }
}
