//! What a review of access tells.

use crate::base::{Agent, Time};
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
    /// Nothing for somebody who never came in.
    pub(super) fn device(&self) -> String {
        if self.agent.is_empty() {
            return String::new();
        }
        Agent::read(&self.agent).to_string()
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
    pub(super) fn device(&self) -> Agent {
        Agent::read(&self.agent)
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
