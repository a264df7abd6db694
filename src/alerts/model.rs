//! What an alert is, and what becomes of it.

use crate::base::Time;
use crate::id;
use crate::web::{UserId, WorkspaceId};

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

#[cfg(test)]
mod tests {
    use super::*;

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
