//! Who did it, and what their request told of where they sat.

use std::sync::Arc;

use crate::base::Device;

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

/// What a request knows about itself: made once at the edge, carried along.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The peer's address: the socket's, or what a declared proxy says.
    pub address: String,
    /// The proxies it came through, nearest last; empty when there was none.
    pub proxies: String,
    pub device: Device,
    /// `Firefox 130`
    pub browser: String,
    /// `Windows 11`
    pub system: String,
    /// The first letters of the session's or key's hash: it names, it opens nothing.
    pub session: String,
    /// How they proved who they are: `password+app`, `link`, `key`, or the name of
    /// a sign-in method.
    pub method: String,
    /// What the answer's `x-request-id` says.
    pub request: String,
}

/// Who did it.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user's id; `None` for strangers and the system.
    pub user: Option<String>,
    pub name: String,
    pub email: String,
    pub via: Via,
    /// The workspace they act in; `None` for what concerns the instance.
    pub workspace: Option<String>,
    /// The break-glass grant they act under.
    pub grant: Option<String>,
    pub seen: Arc<Seen>,
}

impl Actor {
    pub fn system() -> Actor {
        Actor {
            user: None,
            name: "Onsight".to_owned(),
            email: String::new(),
            via: Via::System,
            workspace: None,
            grant: None,
            seen: Arc::default(),
        }
    }

    pub fn command_line() -> Actor {
        Actor {
            name: "command line".to_owned(),
            via: Via::CommandLine,
            seen: Arc::new(Seen {
                device: Device::Cli,
                ..Seen::default()
            }),
            ..Actor::system()
        }
    }

    /// Somebody on the network who has not said, or not proved, who they are.
    pub fn stranger(seen: &Arc<Seen>) -> Actor {
        Actor {
            name: "somebody".to_owned(),
            via: Via::Web,
            seen: Arc::clone(seen),
            ..Actor::system()
        }
    }

    /// The same actor in that workspace.
    #[must_use]
    pub fn in_workspace(self, workspace: impl Into<String>) -> Actor {
        Actor {
            workspace: Some(workspace.into()),
            ..self
        }
    }

    /// `person`, `key`, `stranger`, `console` or `system`.
    pub fn kind(&self) -> &'static str {
        match (self.via, &self.user) {
            (Via::System, _) => "system",
            (Via::CommandLine, _) => "console",
            (Via::Api, Some(_)) => "key",
            (Via::Web, Some(_)) => "person",
            (Via::Web | Via::Api, None) => "stranger",
        }
    }
}
