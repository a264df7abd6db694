//! Sign-ins, what people prove who they are with, and what a workspace demands.

use crate::base::{Agent, Time};
use crate::web::Role;

/// One time somebody came in.
#[derive(Clone, Debug)]
pub(in crate::people) struct SignIn {
    pub(in crate::people) at: Time,
    pub(in crate::people) address: String,
    pub(in crate::people) agent: String,
    pub(in crate::people) method: String,
}

impl SignIn {
    pub(in crate::people) fn device(&self) -> Agent {
        Agent::read(&self.agent)
    }
}

/// What somebody can prove who they are with.
#[derive(Clone, Debug, Default)]
pub(in crate::people) struct Holds {
    pub(in crate::people) password: bool,
    /// Since when they have an authenticator app.
    pub(in crate::people) app: Option<Time>,
    pub(in crate::people) passkeys: i64,
    /// Recovery codes that are left.
    pub(in crate::people) codes: i64,
}

impl Holds {
    pub(in crate::people) fn has_factor(&self) -> bool {
        self.app.is_some() || self.passkeys > 0
    }
}

/// A passkey, as it may be shown.
#[derive(Clone, Debug)]
pub(in crate::people) struct PasskeyShown {
    pub(in crate::people) id: String,
    pub(in crate::people) credential: Vec<u8>,
    /// The host it is good on.
    pub(in crate::people) host: String,
    pub(in crate::people) name: String,
    pub(in crate::people) created: Time,
    pub(in crate::people) used: Option<Time>,
}

/// A workspace's rules about signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::people) struct Rules {
    /// Minutes without use after which a session locks.
    pub(in crate::people) idle: i64,
    /// Hours after which a session ends.
    pub(in crate::people) longest: i64,
    /// Who must have a second factor, besides admins and operators.
    pub(in crate::people) roles: Vec<Role>,
}

impl Rules {
    pub(in crate::people) const IDLE: i64 = 15;
    pub(in crate::people) const LONGEST: i64 = 12;

    /// Roles about which a workspace may decide; the others always must.
    pub(in crate::people) const OPEN_ROLES: [Role; 3] = [Role::Builder, Role::User, Role::Auditor];
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            idle: Rules::IDLE,
            longest: Rules::LONGEST,
            roles: Vec::new(),
        }
    }
}
