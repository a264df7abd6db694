//! What a workspace is, and a stay in one that is not one's own.

use crate::base::Time;
use crate::web::{Faults, Role, UserId, WorkspaceId};
use crate::{id, people, store, web};

id!(StayId);
id!(OfferId);

/// How long a request to come in waits for somebody to agree.
pub(super) const WAITS: i64 = Time::DAY;
/// How long a closed workspace waits for its data to be taken back.
pub(super) const RETURN_WINDOW: i64 = 30 * Time::DAY;
/// The longest stay, in hours.
pub(super) const LONGEST_STAY: i64 = 8;
/// How long an offer of support may stand, in hours.
pub(super) const LONGEST_OFFER: i64 = 72;
/// Fewer letters are no reason.
const SHORTEST_REASON: usize = 10;

/// A workspace, as operators see it: no content.
#[derive(Clone, Debug)]
pub(super) struct Workspace {
    pub(super) id: WorkspaceId,
    pub(super) name: String,
    pub(super) created: Time,
    pub(super) closed: Option<Time>,
    /// When it is destroyed, unless it is opened before.
    pub(super) purge: Option<Time>,
    pub(super) members: i64,
    pub(super) admins: i64,
    /// Somebody else has to agree before an operator comes in.
    pub(super) second_person: bool,
    pub(super) visits: i64,
}

/// A name for a workspace.
pub(super) fn name(text: &str) -> Result<String, Faults> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Faults::of("name", "write a name of at most 80 characters"));
    }
    Ok(name.to_owned())
}

/// What an operator asks for.
#[derive(Clone, Debug)]
pub(super) struct NewStay {
    pub(super) role: Role,
    pub(super) reason: String,
    /// Milliseconds.
    pub(super) lasts: i64,
}

impl NewStay {
    pub(super) fn parse(role: &str, reason: &str, hours: &str) -> Result<NewStay, Faults> {
        let mut faults = Faults::default();
        let role = Role::named(role);
        if role.is_none() {
            faults.add("role", "choose a role");
        }
        let reason = reason.trim();
        let letters = reason.chars().count();
        if letters < SHORTEST_REASON {
            let said = "say why, in at least 10 characters: the workspace's admins read it";
            faults.add("reason", said);
        } else if letters > 500 {
            faults.add("reason", "use at most 500 characters");
        }
        let hours = span(hours, LONGEST_STAY);
        if hours.is_none() {
            faults.add("hours", "choose 1 to 8 hours");
        }
        match (role, hours) {
            (Some(role), Some(lasts)) if faults.is_empty() => Ok(NewStay {
                role,
                reason: reason.to_owned(),
                lasts,
            }),
            _ => Err(faults),
        }
    }
}

/// Whole hours, as milliseconds.
fn span(hours: &str, most: i64) -> Option<i64> {
    let hours = hours.trim().parse::<i64>().ok()?;
    (1..=most).contains(&hours).then_some(hours * Time::HOUR)
}

/// What an admin offers.
#[derive(Clone, Debug)]
pub(super) struct NewOffer {
    pub(super) role: Role,
    pub(super) note: String,
    /// Milliseconds.
    pub(super) lasts: i64,
}

impl NewOffer {
    pub(super) fn parse(role: &str, note: &str, hours: &str) -> Result<NewOffer, Faults> {
        let mut faults = Faults::default();
        let (role, lasts) = (Role::named(role), span(hours, LONGEST_OFFER));
        if role.is_none() {
            faults.add("role", "choose a role");
        }
        if lasts.is_none() {
            faults.add("hours", "choose 1 to 72 hours");
        }
        if note.trim().chars().count() > 500 {
            faults.add("note", "use at most 500 characters");
        }
        match (role, lasts) {
            (Some(role), Some(lasts)) if faults.is_empty() => Ok(NewOffer {
                role,
                note: note.trim().to_owned(),
                lasts,
            }),
            _ => Err(faults),
        }
    }
}

/// An offer made for `offered` lets somebody in as `asked`.
pub(super) fn covers(offered: Role, asked: Role) -> bool {
    let rights = offered.rights();
    asked.rights().iter().all(|right| rights.contains(right))
}

/// How far a stay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Open,
    Refused,
    Over,
}

/// A stay that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) id: StayId,
    pub(super) workspace: WorkspaceId,
    pub(super) workspace_name: String,
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) reason: String,
    pub(super) asked: Time,
    pub(super) lasts: i64,
    pub(super) starts: Option<Time>,
    pub(super) ends: Option<Time>,
    /// Who agreed; nobody had to when it is empty.
    pub(super) agreed_by: String,
    pub(super) by_offer: bool,
    pub(super) ended: Option<Time>,
}

impl Stay {
    pub(super) fn state(&self, now: Time) -> State {
        match (self.starts, self.ends, self.ended) {
            (None, _, Some(_)) => State::Refused,
            (None, _, None) if self.asked.plus(WAITS) > now => State::Waiting,
            (Some(_), Some(ends), None) if ends > now => State::Open,
            _ => State::Over,
        }
    }

    pub(super) fn hours(&self) -> i64 {
        self.lasts / Time::HOUR
    }
}

/// An offer of support that stands.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) id: OfferId,
    pub(super) role: Role,
    pub(super) note: String,
    pub(super) made_by: String,
    pub(super) maker: UserId,
    pub(super) ends: Time,
}

/// What can go wrong with workspaces, in the words of whoever runs or visits one.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("you asked already, or are in: see your stays")]
    Asked,
    #[error("you are a member of this workspace and need nobody's leave")]
    Member,
    #[error(
        "nobody agrees to their own request; another operator or an admin of the workspace can"
    )]
    OwnRequest,
    #[error("this request is no longer waiting")]
    NotWaiting,
    #[error("this is over already")]
    Over,
    #[error("a visitor leaves this to the workspace's own admins")]
    Visitor,
    #[error(transparent)]
    People(#[from] people::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::People(error) => error.into(),
            Error::Asked
            | Error::Member
            | Error::OwnRequest
            | Error::NotWaiting
            | Error::Over
            | Error::Visitor => web::Error::Conflict(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_needs_a_reason_and_an_end_within_the_day() {
        assert!(NewStay::parse("user", "ticket 4711: totals wrong", "1").is_ok());
        for (role, reason, hours, at) in [
            ("outsider", "ticket 4711: totals", "1", "role"),
            ("user", "  because   ", "1", "reason"),
            ("user", "ticket 4711: totals", "9", "hours"),
            ("user", "ticket 4711: totals", "0", "hours"),
            ("user", "ticket 4711: totals", "-1", "hours"),
            ("user", "ticket 4711: totals", "1.5", "hours"),
        ] {
            let faults = NewStay::parse(role, reason, hours).unwrap_err();
            assert!(faults.at(at).is_some(), "{role} {reason} {hours}");
        }
    }

    #[test]
    fn an_offer_covers_what_it_names_and_less() {
        assert!(covers(Role::Admin, Role::Builder));
        assert!(covers(Role::Builder, Role::User));
        assert!(covers(Role::Admin, Role::Auditor));
        assert!(!covers(Role::User, Role::Builder));
        assert!(!covers(Role::Builder, Role::Auditor));
        assert!(!covers(Role::Auditor, Role::User));
    }
}
