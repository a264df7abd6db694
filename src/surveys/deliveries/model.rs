//! A delivery: what leaves, whither and when; and what became of each.

use serde::{Deserialize, Serialize};

use crate::age::{self, Recipient};
use crate::base::{Secret, Time};
use crate::id;
use crate::store::{self, Key};
use crate::surveys::exports;
use crate::surveys::keeping::Of;
use crate::surveys::projects::Wanted;
use crate::{people, places, web};

id!(DeliveryId);
id!(DeliveredId);

/// Somebody set this up.
#[derive(Clone, Debug)]
pub(in crate::surveys) struct Delivery {
    pub(in crate::surveys) of: Of,
    pub(in crate::surveys) id: DeliveryId,
    pub(in crate::surveys) settings: Settings,
    /// What it signs in with, sealed for that account; for a link the passphrase.
    pub(in crate::surveys) secret: Option<Vec<u8>>,
    /// Its schedule goes on.
    pub(in crate::surveys) is_on: bool,
    /// Why it stopped by itself; empty: it did not.
    pub(in crate::surveys) stopped: String,
    /// The newest moment of its schedule that was seen to.
    pub(in crate::surveys) slot: Option<Time>,
    pub(in crate::surveys) changed: Time,
    /// Whose right it leans on.
    pub(in crate::surveys) user: String,
    pub(in crate::surveys) by: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::surveys) struct Settings {
    pub(in crate::surveys) name: String,
    /// The ids of kinds of files, in the order people read them.
    pub(in crate::surveys) formats: Vec<String>,
    pub(in crate::surveys) wanted: Wanted,
    /// Whom it is sealed for: public keys of age.
    pub(in crate::surveys) recipients: Vec<String>,
    /// How files are called, with `{survey}` and `{time}`.
    pub(in crate::surveys) pattern: String,
    pub(in crate::surveys) whither: Whither,
    pub(in crate::surveys) when: When,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::surveys) enum Whither {
    /// It lies here for so many days, for who has a link that opens it once.
    Link { days: u32, has_words: bool },
    /// It is brought elsewhere.
    Place {
        address: String,
        /// Whom to believe: see [`places::Way`].
        pin: String,
    },
}

impl Whither {
    /// Whose account a secret is for.
    pub(in crate::surveys) fn account(&self) -> Option<String> {
        match self {
            Whither::Link { .. } => Some("link".to_owned()),
            Whither::Place { address, .. } => places::of_address(address)?.account(address),
        }
    }

    /// For the log: nothing of it opens anything.
    pub(in crate::surveys) fn shown(&self) -> &str {
        match self {
            Whither::Link { .. } => "a link that opens once",
            Whither::Place { address, .. } => address,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::surveys) enum Every {
    Never,
    Day,
    Week,
    Month,
}

impl Every {
    pub(in crate::surveys) const ALL: [Every; 4] =
        [Every::Never, Every::Day, Every::Week, Every::Month];

    pub(in crate::surveys) fn name(self) -> &'static str {
        match self {
            Every::Never => "never",
            Every::Day => "day",
            Every::Week => "week",
            Every::Month => "month",
        }
    }

    /// For people.
    pub(in crate::surveys) fn title(self) -> &'static str {
        match self {
            Every::Never => "Only when somebody asks",
            Every::Day => "Every day",
            Every::Week => "Every week",
            Every::Month => "Every month",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::surveys) struct When {
    pub(in crate::surveys) every: Every,
    /// Of the week, Monday is 1; of the month, at most 28.
    pub(in crate::surveys) day: u32,
    /// Minutes after midnight.
    pub(in crate::surveys) at: u32,
    /// Whose midnight: a name such as `Europe/Berlin`.
    pub(in crate::surveys) zone: String,
    /// Not when nothing came, went on or went since the last one.
    pub(in crate::surveys) is_new_only: bool,
}

impl When {
    /// `06:30`
    pub(in crate::surveys) fn of_day(&self) -> String {
        format!("{:02}:{:02}", self.at / 60, self.at % 60)
    }
}

/// Who can open a file.
pub(super) enum Lock {
    Nobody,
    Recipients(Vec<Recipient>),
    Words(Secret),
}

impl Settings {
    /// Is it sealed, with a passphrase where there is one?
    pub(super) fn lock(&self, words: Option<Secret>) -> Result<Lock, Error> {
        if let Some(words) = words {
            return Ok(Lock::Words(words));
        }
        let all = self.recipients.iter().map(|text| Recipient::parse(text));
        let all = all.collect::<Result<Vec<_>, _>>()?;
        if all.is_empty() {
            return Ok(Lock::Nobody);
        }
        Ok(Lock::Recipients(all))
    }

    pub(in crate::surveys) fn is_sealed(&self) -> bool {
        let has_words = matches!(
            self.whither,
            Whither::Link {
                has_words: true,
                ..
            }
        );
        has_words || !self.recipients.is_empty()
    }

    /// For records.
    pub(super) fn said(&self) -> serde_json::Value {
        let when = &self.when;
        serde_json::json!({
            "name": self.name,
            "formats": self.formats,
            "which": self.wanted.which,
            "lang": self.wanted.lang,
            "personal": self.wanted.has_personal,
            "sealed": self.is_sealed(),
            "recipients": self.recipients,
            "file": self.pattern,
            "to": self.whither.shown(),
            "every": when.every.name(),
            "day": when.day,
            "at": when.of_day(),
            "zone": when.zone,
            "only_new": when.is_new_only,
        })
    }
}

/// Where a secret is sealed for: moved to another delivery or another account it does not
/// open.
fn place(of: &Of, id: DeliveryId, account: &str) -> String {
    let Of { workspace, survey } = of;
    format!("delivery|{workspace}|{survey}|{id}|{account}")
}

/// The secret for the table, where nobody reads it.
pub(super) fn sealed(
    key: &Key,
    (of, id): (&Of, DeliveryId),
    (account, secret): (&str, &Secret),
) -> Result<Vec<u8>, store::Error> {
    key.seal_secret(&place(of, id, account), secret)
}

/// Out of its seal.
pub(super) fn opened(
    key: &Key,
    (of, id): (&Of, DeliveryId),
    (account, sealed): (&str, &[u8]),
) -> Result<Secret, store::Error> {
    let plain = key.open(&place(of, id, account), sealed)?;
    Ok(String::from_utf8_lossy(&plain).into_owned().into())
}

/// How far one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::surveys) enum State {
    /// Its file is to be made.
    Waiting,
    /// Its file is made and on its way.
    Made,
    /// Its file lies here for who has the link.
    There,
    Delivered,
    /// The time of its link is over.
    Over,
    Failed,
    /// Somebody took it back before it arrived, or its link with it.
    Withdrawn,
}

impl State {
    const ALL: [State; 7] = [
        State::Waiting,
        State::Made,
        State::There,
        State::Delivered,
        State::Over,
        State::Failed,
        State::Withdrawn,
    ];

    pub(in crate::surveys) fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Made => "made",
            State::There => "there",
            State::Delivered => "delivered",
            State::Over => "over",
            State::Failed => "failed",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The database holds one of them.
    pub(super) fn named(name: &str) -> State {
        let known = State::ALL.into_iter().find(|state| state.name() == name);
        known.unwrap_or(State::Failed)
    }

    /// For people, and the class of its badge.
    pub(in crate::surveys) fn told(self) -> (&'static str, &'static str) {
        match self {
            State::Waiting => ("waits", " info"),
            State::Made => ("on its way", " info"),
            State::There => ("lies here", " info"),
            State::Delivered => ("delivered", " good"),
            State::Over => ("its time is over", ""),
            State::Failed => ("failed", " bad"),
            State::Withdrawn => ("taken back", ""),
        }
    }

    /// Somebody can still take it back.
    pub(in crate::surveys) fn is_open(self) -> bool {
        matches!(self, State::Waiting | State::Made | State::There)
    }
}

/// One line of the log.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub(in crate::surveys) of: Of,
    pub(in crate::surveys) id: DeliveredId,
    pub(in crate::surveys) delivery: DeliveryId,
    /// The settings, as they were then.
    pub(in crate::surveys) said: Settings,
    pub(in crate::surveys) asked: Time,
    /// Who asked, or set the schedule up.
    pub(in crate::surveys) user: String,
    pub(in crate::surveys) by: String,
    /// The moment of the schedule; `None`: somebody asked.
    pub(in crate::surveys) slot: Option<Time>,
    pub(in crate::surveys) state: State,
    pub(in crate::surveys) why: String,
    pub(in crate::surveys) tries: i64,
    pub(in crate::surveys) next: Option<Time>,
    pub(in crate::surveys) file: String,
    pub(in crate::surveys) responses: Option<u64>,
    pub(in crate::surveys) bytes: Option<u64>,
    pub(in crate::surveys) digest: Option<Vec<u8>>,
    pub(super) file_key: Option<Vec<u8>>,
    pub(in crate::surveys) ended: Option<Time>,
    pub(in crate::surveys) expires: Option<Time>,
    /// When it was first taken by a link, and from where.
    pub(in crate::surveys) taken: Option<Time>,
    pub(in crate::surveys) taken_from: String,
}

impl Delivered {
    /// For records: what it is, and nothing of what it holds.
    pub(super) fn detail(&self) -> serde_json::Value {
        serde_json::json!({
            "delivery": self.id,
            "name": self.said.name,
            "formats": self.said.formats,
            "which": self.said.wanted.which,
            "personal": self.said.wanted.has_personal,
            "sealed": self.said.is_sealed(),
            "to": self.said.whither.shown(),
            "scheduled": self.slot.map(Time::rfc3339),
            "file": self.file,
            "rows": self.responses,
            "bytes": self.bytes,
            "sha256": self.digest.as_deref().map(crate::journal::hex),
        })
    }
}

/// What a link to a delivery opens, for whoever has it.
#[derive(Clone, Debug)]
pub struct Opens {
    pub file: String,
    pub bytes: u64,
    pub digest: Vec<u8>,
    /// `recipient`, `passphrase`, or nothing: it is not sealed.
    pub sealed: &'static str,
}

impl Delivered {
    pub fn opens(&self) -> Opens {
        let sealed = match &self.said.whither {
            Whither::Link {
                has_words: true, ..
            } => "passphrase",
            _ if self.said.recipients.is_empty() => "",
            _ => "recipient",
        };
        Opens {
            file: self.file.clone(),
            bytes: self.bytes.unwrap_or_default(),
            digest: self.digest.clone().unwrap_or_default(),
            sealed,
        }
    }
}

/// What can go wrong with a delivery, in the words of researchers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such delivery")]
    Missing,
    #[error("{0}")]
    Refused(String),
    #[error("enter what it signs in with: what was kept is for another account, or nothing was")]
    NoSecret,
    #[error("{0} may not take data out of this survey any more")]
    NoRight(String),
    #[error(transparent)]
    Place(#[from] places::Error),
    #[error("it cannot be sealed: {0}")]
    Age(#[from] age::Error),
    #[error(transparent)]
    People(#[from] people::Error),
    #[error(transparent)]
    Export(#[from] exports::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        store::Error::from(error).into()
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) | Error::Export(exports::Error::Store(error)) => error.into(),
            Error::Export(exports::Error::Disk(error)) => error.into(),
            Error::Export(error) => web::Error::broken(error),
            Error::People(error) => error.into(),
            Error::Missing => web::Error::NotFound,
            Error::Refused(_) | Error::NoRight(_) => web::Error::Conflict(error.to_string()),
            Error::NoSecret | Error::Place(_) | Error::Age(_) => {
                web::Error::Invalid(error.to_string())
            }
        }
    }
}
