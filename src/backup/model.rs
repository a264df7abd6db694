//! What there is of backups: plan, destinations, points, holds, tests; and what
//! can go wrong with them.

use serde_json::{Value, json};

use super::retention::Reason;
use super::schedule::Schedule;
use crate::base::Time;
use crate::id;
use crate::{age, egress, places, site, store};

id!(DestinationId);
id!(HoldId);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "nobody could open a backup: make an identity with onsight backup identity, keep it off this host, and enter its public key"
    )]
    NoRecipient,
    #[error("there is nowhere to put a backup: add a destination")]
    NoDestination,
    #[error("another backup is being made or restored; let it end and try again")]
    Busy,
    #[error("it was told to stop")]
    Stopped,
    #[error("{0} is damaged: it is not what was written")]
    Damaged(String),
    #[error("what lies there is no backup of Onsight, or is damaged")]
    NoManifest,
    #[error("the manifest is not signed by the instance that this keyring belongs to")]
    NotSigned,
    #[error("Onsight {0} made that backup in a form this version does not know: use that version")]
    OtherForm(String),
    #[error("there is no such point at this destination")]
    NoPoint,
    #[error("there is no keyring at this destination: without it nothing there can be opened")]
    NoKeyring,
    #[error("that folder lies in the data folder: what destroys the one destroys the other")]
    Inside,
    #[error("{0}")]
    Taken(&'static str),
    #[error("nobody of that public key can open backups")]
    NoSuchHolder,
    #[error("there is no such destination")]
    NoSuchDestination,
    #[error("a hold is open: release it first")]
    Held,
    #[error("there is no such hold, or it is released already")]
    NoSuchHold,
    #[error("{0} holds data already: name an empty folder, or one workspace with --workspace")]
    NotEmpty(String),
    #[error("the newest point has no workspace {0}")]
    NoWorkspace(String),
    /// What a step at a destination met.
    #[error("{place}: {why}")]
    Place { place: String, why: String },
    /// The words say what was compared.
    #[error("what was put back is not what was backed up: {0}")]
    Differs(String),
    #[error(transparent)]
    Age(#[from] age::Error),
    #[error(transparent)]
    Egress(#[from] egress::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Ending(#[from] crate::ending::Error),
    #[error(transparent)]
    Delivery(#[from] crate::surveys::deliveries::Error),
    #[error(transparent)]
    Folder(#[from] store::FolderError),
    #[error(transparent)]
    Site(#[from] site::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<places::Error> for Error {
    fn from(error: places::Error) -> Error {
        match error {
            places::Error::At { place, why, .. } => Error::Place { place, why },
            places::Error::Egress(error) => error.into(),
            places::Error::Io(error) => error.into(),
        }
    }
}

impl Error {
    /// The disk of this machine has no room.
    pub(super) fn is_full(&self) -> bool {
        let full = std::io::ErrorKind::StorageFull;
        match self {
            Error::Store(store::Error::Full) => true,
            Error::Io(error)
            | Error::Age(age::Error::Io(error))
            | Error::Store(store::Error::Io(error)) => error.kind() == full,
            _ => false,
        }
    }
}

/// What an operator decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub schedule: Schedule,
    /// How many nightly points stay.
    pub nights: u32,
    /// Days between two restore tests.
    pub test_days: u32,
    /// Points are made in their slots.
    pub is_on: bool,
    /// Why nothing is made or destroyed until somebody looks.
    pub waits: Option<String>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            schedule: Schedule {
                every: 6,
                nightly: 120,
                zone: "UTC".to_owned(),
            },
            nights: 7,
            test_days: 30,
            is_on: true,
            waits: None,
        }
    }
}

impl Plan {
    /// For the journal.
    pub(super) fn said(&self) -> Value {
        json!({
            "every_hours": self.schedule.every,
            "nightly": self.nightly(),
            "zone": self.schedule.zone,
            "nights": self.nights,
            "test_days": self.test_days,
            "on": self.is_on,
        })
    }

    /// `02:00`
    pub fn nightly(&self) -> String {
        let minutes = self.schedule.nightly;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// Where points go. What opens it lies in the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    pub id: DestinationId,
    pub name: String,
    /// `/mnt/nas/onsight`, `sftp://user@host/path`, `s3://key@host/bucket/path?region=…`
    pub address: String,
    /// Whom to believe: the fingerprint of a host key, or the certificate of an
    /// authority.
    pub pin: String,
    pub is_required: bool,
    pub created: Time,
    /// When it was last used, and what was wrong then.
    pub used: Option<Time>,
    pub fault: Option<String>,
}

/// Somebody who can open backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub recipient: age::Recipient,
    pub name: String,
    pub added: Time,
    pub added_by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is being made.
    Making,
    /// Every required destination holds a verified copy.
    Whole,
    /// At least one does, and at least one does not.
    Degraded,
    Failed,
}

impl State {
    pub const ALL: [State; 4] = [State::Making, State::Whole, State::Degraded, State::Failed];

    pub fn name(self) -> &'static str {
        match self {
            State::Making => "making",
            State::Whole => "whole",
            State::Degraded => "degraded",
            State::Failed => "failed",
        }
    }

    pub(super) fn named(name: &str) -> State {
        let known = State::ALL.into_iter().find(|one| one.name() == name);
        known.unwrap_or(State::Failed)
    }

    /// The class of its badge.
    pub(super) fn badge(self) -> &'static str {
        match self {
            State::Making => "info",
            State::Whole => "good",
            State::Degraded => "warn",
            State::Failed => "bad",
        }
    }
}

/// A moment one can go back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub id: String,
    pub began: Time,
    pub ended: Option<Time>,
    /// The slot it was made for, if it was made for one.
    pub slot: Option<Time>,
    pub reason: Reason,
    pub base: Option<String>,
    pub state: State,
    pub fault: Option<String>,
    /// Of everything in it, before compression.
    pub bytes: u64,
    /// Of what it added at each destination.
    pub stored: u64,
    /// Names of the destinations that hold a verified copy.
    pub copies: Vec<String>,
    pub is_held: bool,
}

impl Point {
    pub fn is_full(&self) -> bool {
        self.base.is_none()
    }
}

/// Keeps points from being destroyed as long as it is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub reason: String,
    /// A point, or all of them.
    pub point: Option<String>,
    pub opened: Time,
    pub opened_by: String,
    /// When somebody has to look whether it is still needed.
    pub review: Time,
    pub released: Option<(Time, String)>,
}

/// A line of the ledger: what was destroyed where, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destroyed {
    pub at: Time,
    pub point: String,
    pub made: Time,
    pub destination: String,
    pub why: String,
    pub files: u64,
}

/// A restore test that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    pub at: Time,
    pub point: String,
    pub destination: String,
    pub took: i64,
    pub fault: Option<String>,
    /// JSON, and the instance's signature over it.
    pub report: String,
    pub signature: Vec<u8>,
}
