//! What an alert is, and what becomes of it.

use crate::base::{Time, text};
use crate::id;
use crate::store;
use crate::web::{self, Fields, UserId, WorkspaceId};

id!(AlertId);

/// How soon somebody has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Warning,
    Critical,
}

impl Severity {
    pub const ALL: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Info];

    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }

    pub fn named(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|one| one.name() == name)
    }

    /// The class of its badge.
    pub(super) fn badge(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warn",
            Severity::Critical => "bad",
        }
    }

    /// The higher, the worse.
    pub(super) fn rank(self) -> i64 {
        match self {
            Severity::Info => 1,
            Severity::Warning => 2,
            Severity::Critical => 3,
        }
    }

    pub(super) fn ranked(rank: i64) -> Severity {
        match rank {
            ..=1 => Severity::Info,
            2 => Severity::Warning,
            3.. => Severity::Critical,
        }
    }
}

/// Something that needs attention. One with a key that is open already counts
/// up that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What it is about, beginning with its part of the product:
    /// `backup.late:nas`.
    pub key: String,
    pub severity: Severity,
    pub title: String,
    /// What happened and what to do.
    pub text: String,
    /// Whose admins see it besides the operators.
    pub workspace: Option<WorkspaceId>,
}

/// What has become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// Somebody looks after it.
    Acknowledged,
    /// Somebody looked, and it was nothing. The same is not told again for a day.
    FalseAlarm,
    /// What it was about is over.
    Settled,
}

impl State {
    pub(super) const ALL: [State; 4] = [
        State::Open,
        State::Acknowledged,
        State::FalseAlarm,
        State::Settled,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Acknowledged => "acknowledged",
            State::FalseAlarm => "false_alarm",
            State::Settled => "settled",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Acknowledged => "acknowledged",
            State::FalseAlarm => "false alarm",
            State::Settled => "settled",
        }
    }

    pub(super) fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|one| one.name() == name)
    }

    pub(super) fn is_over(self) -> bool {
        matches!(self, State::FalseAlarm | State::Settled)
    }
}

/// An alert as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) id: AlertId,
    pub(super) alert: Alert,
    pub(super) state: State,
    pub(super) count: i64,
    pub(super) first: Time,
    pub(super) last: Time,
    pub(super) assignee: Option<UserId>,
    /// Empty: nobody.
    pub(super) assignee_name: String,
    pub(super) workspace_name: String,
    pub(super) note: String,
    pub(super) ended: Option<Time>,
    pub(super) told: Option<Time>,
    pub(super) told_severity: i64,
}

/// How long an alert that was told stays quiet unless it gets worse.
const QUIET: i64 = Time::HOUR;
/// How long a false alarm stays one when the same comes again.
pub(super) const STILL: i64 = Time::DAY;

impl Kept {
    /// Has to be told now: it is new, worse than what was told, or came again
    /// after a while.
    pub(super) fn is_due(&self, now: Time) -> bool {
        if self.state != State::Open {
            return false;
        }
        match self.told {
            None => true,
            Some(_) if self.alert.severity.rank() > self.told_severity => true,
            Some(told) => self.last > told && told.plus(QUIET) <= now,
        }
    }
}

/// Where somebody reads more about it: keys begin with the part of the product.
pub(super) fn about(key: &str, has_workspace: bool) -> Option<String> {
    let (part, rest) = key.split_once(['.', ':']).unwrap_or((key, ""));
    let trail = if has_workspace {
        "/audit"
    } else {
        "/audit/instance"
    };
    let subject = rest.split_once(':').map_or("", |(_, subject)| subject);
    let looked_for = |field: &str, action: &str| {
        let fields = Fields::default().with("action", Some(action));
        let fields = fields.with(field, Some(subject));
        format!("{trail}?{}", fields.query())
    };
    let kind = rest.split(':').next().unwrap_or_default();
    Some(match (part, kind) {
        ("sign-in", "account" | "disabled") => looked_for("object", "session."),
        ("sign-in", _) => looked_for("address", "session."),
        ("key", _) => format!("{trail}?action=key."),
        ("access", _) => format!("{trail}?action=access."),
        ("export", _) => format!("{trail}?action=rows."),
        ("audit", "forwarding") => "/audit/forwarding".to_owned(),
        ("audit", _) => "/audit/settings".to_owned(),
        ("certificate" | "disk", _) => "/security".to_owned(),
        ("mail", _) => "/mail/server".to_owned(),
        ("backup", _) => "/backup".to_owned(),
        ("ending", _) => "/deleting".to_owned(),
        ("alerts", _) => "/alerts/delivery".to_owned(),
        _ => return None,
    })
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("alerts are sent there already; remove that one first")]
    Known,
    #[error("this alert is over; when the same comes again, there is a new one")]
    Over,
    #[error("whoever looks after an alert is an operator, or an admin of its workspace")]
    NotTheirs,
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::NotTheirs => web::Error::Invalid(error.to_string()),
            Error::Known | Error::Over => web::Error::Conflict(error.to_string()),
        }
    }
}

/// Letters of a note that are kept.
const NOTE: usize = 2_000;

/// What somebody does with an alert.
#[derive(Clone, Debug)]
pub(super) struct Handling {
    /// `None`: it stays what it is.
    pub(super) state: Option<State>,
    pub(super) assignee: Option<UserId>,
    pub(super) note: String,
}

impl Handling {
    pub(super) fn parse(fields: &Fields) -> Handling {
        let note = fields.get("note").unwrap_or_default().trim();
        Handling {
            state: fields.get("state").and_then(State::named),
            assignee: fields.get("assignee").and_then(UserId::parse),
            note: text::shorten(note, NOTE).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_leads_to_what_it_is_about() {
        let to = |key: &str| about(key, false).unwrap_or_default();
        assert_eq!(
            to("sign-in.account:ada@example.org"),
            "/audit/instance?action=session.&object=ada%40example.org"
        );
        assert_eq!(
            to("sign-in.spray:2001:db8::1"),
            "/audit/instance?action=session.&address=2001%3Adb8%3A%3A1"
        );
        assert_eq!(to("audit.forwarding:syslog"), "/audit/forwarding");
        assert_eq!(to("disk.low"), "/security");
        assert_eq!(to("backup.late:nas"), "/backup");
        assert_eq!(to("what.ever"), "");
        assert_eq!(to(""), "");
        assert_eq!(about("key.moved:x", true).unwrap(), "/audit?action=key.");
    }

    fn kept(told: Option<i64>, last: i64) -> Kept {
        Kept {
            id: AlertId::new(Time(0)),
            alert: Alert {
                key: "disk.low".to_owned(),
                severity: Severity::Warning,
                title: String::new(),
                text: String::new(),
                workspace: None,
            },
            state: State::Open,
            count: 1,
            first: Time(0),
            last: Time(last),
            assignee: None,
            assignee_name: String::new(),
            workspace_name: String::new(),
            note: String::new(),
            ended: None,
            told: told.map(Time),
            told_severity: told.map_or(0, |_| 2),
        }
    }

    #[test]
    fn an_alert_is_told_at_once_then_hourly_while_it_comes_again_and_when_it_gets_worse() {
        let hour = Time(Time::HOUR);
        assert!(kept(None, 0).is_due(Time(0)));
        assert!(!kept(Some(0), 5).is_due(Time(10)));
        assert!(kept(Some(0), 5).is_due(hour));
        assert!(!kept(Some(0), 0).is_due(hour), "nothing new");
        let mut worse = kept(Some(0), 5);
        worse.alert.severity = Severity::Critical;
        assert!(worse.is_due(Time(10)));
    }

    #[test]
    fn what_somebody_looks_after_is_not_told() {
        for state in [State::Acknowledged, State::FalseAlarm, State::Settled] {
            let mut one = kept(None, 0);
            one.state = state;
            assert!(!one.is_due(Time(0)), "{}", state.name());
        }
    }

    #[test]
    fn names_lead_back() {
        for severity in Severity::ALL {
            assert_eq!(Severity::named(severity.name()), Some(severity));
            assert_eq!(Severity::ranked(severity.rank()), severity);
        }
        for state in State::ALL {
            assert_eq!(State::named(state.name()), Some(state));
        }
        assert!(Severity::named("").is_none() && State::named("Open").is_none());
    }
}
