//! A survey as far as keeping it is concerned, and what in it tells who somebody is.

use std::collections::BTreeSet;

use super::sql;
use crate::base::Time;
use crate::site::Site;
use crate::store::{self, Connection, project_file};
use crate::surveys::format::{Retention, Since, Survey};
use crate::web::{self, WorkspaceId};

/// Which survey, of which workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Of {
    pub workspace: WorkspaceId,
    pub survey: String,
}

impl Of {
    pub(super) fn file(&self) -> String {
        project_file(self.workspace, &self.survey)
    }
}

/// What was decided about a survey's answers, and how far its rule is.
#[derive(Clone, Debug)]
pub struct Standing {
    pub of: Of,
    pub title: String,
    /// What the published version says.
    pub rule: Option<Retention>,
    /// Since when nobody new comes in.
    pub closed: Option<Time>,
    pub hold: Option<Hold>,
    pub done: Done,
    pub done_at: Option<Time>,
    /// What answers left that went one by one is not overwritten yet.
    pub(super) is_wiping: bool,
    /// How urgently somebody was reminded: 0, 1, 2.
    pub(super) reminded: i64,
}

/// Somebody wants the answers kept, whatever the rule says.
#[derive(Clone, Debug)]
pub struct Hold {
    pub reason: String,
    pub at: Time,
    pub by: String,
}

impl Standing {
    /// What falls due then was done already.
    pub(super) fn is_over(&self, due: Option<Time>) -> bool {
        let is_done = matches!(self.done, Done::Deleted | Done::Anonymised);
        let pair = self.done_at.zip(due);
        is_done && pair.is_some_and(|(done, due)| done >= due)
    }

    /// Has that rule something to do? Not while somebody holds the answers.
    pub(super) fn is_due(&self, rule: Retention, now: Time) -> bool {
        let is_time = match rule.since {
            Since::Close => self.closed.is_some_and(|closed| rule.due(closed) <= now),
            Since::Answer => true,
        };
        is_time && self.hold.is_none() && self.rule == Some(rule)
    }

    /// What its rule says should have been done so long ago.
    pub(super) fn is_late(&self, now: Time, by: i64) -> bool {
        let from = match self.rule.map(|rule| rule.since) {
            Some(Since::Close) => self.closed,
            Some(Since::Answer) | None => None,
        };
        let due = self.rule.zip(from).map(|(rule, from)| rule.due(from));
        due.is_some_and(|due| now > due.plus(by))
    }
}

/// What the rule did last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Done {
    #[default]
    Nothing,
    /// Recorded, and not whole yet.
    Deleting,
    Deleted,
    Anonymising,
    Anonymised,
}

impl Done {
    const ALL: [Done; 5] = [
        Done::Nothing,
        Done::Deleting,
        Done::Deleted,
        Done::Anonymising,
        Done::Anonymised,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Done::Nothing => "",
            Done::Deleting => "deleting",
            Done::Deleted => "deleted",
            Done::Anonymising => "anonymising",
            Done::Anonymised => "anonymised",
        }
    }

    /// The database holds one of them.
    pub(super) fn named(name: &str) -> Done {
        let found = Done::ALL.into_iter().find(|done| done.name() == name);
        found.unwrap_or_default()
    }
}

/// How much there is in a survey's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Tests among them.
    pub respondents: u64,
    pub answers: u64,
    pub entries: u64,
    pub pages: u64,
    /// People written to by mail: those who came, and those who never did.
    pub invitees: u64,
}

/// The names under which a survey holds what tells who somebody is, in all
/// versions there were.
#[derive(Clone, Debug, Default)]
pub(super) struct Telling {
    /// Entry variables that tell nobody: all others go with the person.
    pub(super) plain: BTreeSet<String>,
    /// Variables of personal questions.
    pub(super) personal: BTreeSet<String>,
}

impl Telling {
    pub(super) fn of(conn: &Connection, of: &Of) -> Result<Telling, store::Error> {
        let mut telling = Telling::default();
        let mut named = BTreeSet::new();
        for text in sql::texts(conn, of)? {
            // What was published was whole when it was; a draft may be anything.
            let Ok(survey) = Survey::read(&text) else {
                continue;
            };
            for entry in &survey.entries {
                let into = if entry.tells() {
                    &mut named
                } else {
                    &mut telling.plain
                };
                into.insert(entry.name.clone());
            }
            let variables = survey.blocks().flat_map(|block| {
                let variables = block.kind.variables(block).into_iter();
                variables.filter(|variable| variable.is_personal || block.is_personal)
            });
            telling
                .personal
                .extend(variables.map(|variable| variable.key));
        }
        // What told somebody in one version does not become plain by another.
        telling.plain = &telling.plain - &named;
        Ok(telling)
    }
}

/// How a survey of a workspace stands.
pub async fn standing(site: &Site, of: &Of) -> Result<Standing, Error> {
    let (of, now) = (of.clone(), site.clock.now());
    let read = move |conn: &Connection| sql::standing(conn, &of, now);
    site.system.read(read).await?.ok_or(Error::Missing)
}

/// What can go wrong, in the words of researchers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such survey")]
    Missing,
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Missing => web::Error::NotFound,
            Error::Refused(words) => web::Error::Invalid(words),
            Error::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_does_nothing_that_was_stopped_meanwhile() {
        let rule = Retention::parse("2d after close").unwrap();
        let (closed, now) = (Time(5), Time(5 + 2 * Time::DAY));
        let standing = || Standing {
            of: Of {
                workspace: WorkspaceId::new(Time(0)),
                survey: "brands".to_owned(),
            },
            title: String::new(),
            rule: Some(rule),
            closed: Some(closed),
            hold: None,
            done: Done::Nothing,
            done_at: None,
            is_wiping: false,
            reminded: 0,
        };
        assert!(standing().is_due(rule, now));
        assert!(
            !standing().is_due(rule, now.plus(-1)),
            "its day is tomorrow"
        );

        let hold = Some(Hold {
            reason: "Dispute 7".to_owned(),
            at: now,
            by: "ada".to_owned(),
        });
        assert!(!Standing { hold, ..standing() }.is_due(rule, now));
        let closed = None;
        let open = Standing {
            closed,
            ..standing()
        };
        assert!(!open.is_due(rule, now), "it was opened again");
        let longer = Retention::parse("3d after close").ok();
        let other = Standing {
            rule: longer,
            ..standing()
        };
        assert!(!other.is_due(rule, now), "another version was published");
        let each = Retention::parse("2d after answer").unwrap();
        let open = Standing {
            rule: Some(each),
            ..open
        };
        assert!(open.is_due(each, now), "each answer has its own day");
    }
}
