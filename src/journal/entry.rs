//! One thing that happened, and who did it.

use serde_json::Value;

use crate::base::Time;

/// Which door the actor came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Web,
    Api,
    CommandLine,
    System,
}

impl Via {
    pub fn name(self) -> &'static str {
        match self {
            Via::Web => "web",
            Via::Api => "api",
            Via::CommandLine => "command line",
            Via::System => "system",
        }
    }
}

/// Who did it.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user's id; `None` for strangers and the system.
    pub user: Option<String>,
    pub name: String,
    pub via: Via,
    /// The peer's address as the socket says; empty off the network.
    pub address: String,
}

impl Actor {
    pub fn system() -> Actor {
        Actor {
            user: None,
            name: "Onsight".to_owned(),
            via: Via::System,
            address: String::new(),
        }
    }

    pub fn command_line() -> Actor {
        Actor {
            name: "command line".to_owned(),
            via: Via::CommandLine,
            ..Actor::system()
        }
    }
}

/// A line for the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) at: Time,
    pub(super) actor: Actor,
    pub(super) action: String,
    pub(super) object: String,
    pub(super) detail: Value,
}

impl Entry {
    /// `action` is `noun.verb` in the past tense: `app.published`; `object` is
    /// the thing's own name.
    pub fn new(
        at: Time,
        actor: &Actor,
        action: impl Into<String>,
        object: impl Into<String>,
    ) -> Entry {
        Entry {
            at,
            actor: actor.clone(),
            action: action.into(),
            object: object.into(),
            detail: Value::Null,
        }
    }

    /// What else an auditor wants to know. Never a secret, never a row's content.
    #[must_use]
    pub fn with(self, detail: Value) -> Entry {
        Entry { detail, ..self }
    }
}

/// A line of the journal as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its number in the file it was written to.
    pub line: i64,
    pub at: Time,
    pub actor: Option<String>,
    pub actor_name: String,
    pub via: String,
    pub address: String,
    pub action: String,
    pub object: String,
    /// JSON, `null` when there is nothing to tell.
    pub detail: String,
}
