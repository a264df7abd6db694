//! A database on another machine, what may be asked of it, and what goes wrong there.

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(in crate::data) use super::steps::{Step, Trouble};
use super::{Kind, named};
use crate::base::{Secret, Time};
use crate::data::sql_text::Dialect;
use crate::egress::Egress;
use crate::{id, journal, store, web};

id!(SourceId);

/// How far the server has to prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::data) enum Guard {
    /// By a certificate of an authority this machine trusts.
    Verify,
    /// By a certificate of the authority that was entered.
    Ca,
    /// Encrypted, by whomever.
    Require,
    /// Everybody on the way reads along.
    Off,
}

impl Guard {
    pub(in crate::data) const ALL: [Guard; 4] =
        [Guard::Verify, Guard::Ca, Guard::Require, Guard::Off];

    pub(in crate::data) fn name(self) -> &'static str {
        match self {
            Guard::Verify => "verify",
            Guard::Ca => "ca",
            Guard::Require => "require",
            Guard::Off => "off",
        }
    }

    pub(in crate::data) fn title(self) -> &'static str {
        match self {
            Guard::Verify => "TLS, certificate of an authority this machine trusts",
            Guard::Ca => "TLS, certificate of the authority below",
            Guard::Require => "TLS, any certificate: not safe from somebody in between",
            Guard::Off => "None: readable on the way, the password too",
        }
    }

    pub(super) fn named(name: &str) -> Option<Guard> {
        Guard::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Somebody on the way could read along or answer instead.
    pub(in crate::data) fn is_weak(self) -> bool {
        matches!(self, Guard::Require | Guard::Off)
    }
}

/// Where it is and as whom it is asked. The password is given for exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::data) struct Place {
    pub(in crate::data) host: String,
    pub(in crate::data) port: u16,
    pub(in crate::data) database: String,
    pub(in crate::data) user: String,
    pub(in crate::data) guard: Guard,
    /// As PEM; empty but for [`Guard::Ca`].
    pub(in crate::data) ca: String,
}

/// How much of it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::data) struct Bounds {
    /// Connections at a time.
    pub(in crate::data) connections: u32,
    /// A statement may take.
    pub(in crate::data) seconds: u32,
    /// An answer may have.
    pub(in crate::data) rows: u32,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            connections: 5,
            seconds: 10,
            rows: 10_000,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::data) struct Settings {
    #[serde(flatten)]
    pub(in crate::data) place: Place,
    /// Who signs in to change rows; empty: nobody does.
    #[serde(default)]
    pub(in crate::data) writer: String,
    /// Why its guard is weak, where it is.
    pub(in crate::data) reason: String,
    pub(in crate::data) bounds: Bounds,
    /// The tables it has, of a kind where that is described.
    #[serde(default)]
    pub(in crate::data) tables: String,
}

/// As whom it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::data) enum Account {
    /// Only reads.
    Reader,
    /// Changes rows, and is used for nothing else.
    Writer,
}

impl Settings {
    /// The place as that account gets there.
    pub(super) fn place_of(&self, account: Account) -> Place {
        let mut place = self.place.clone();
        if account == Account::Writer {
            place.user.clone_from(&self.writer);
        }
        place
    }
}

/// As it is kept.
#[derive(Clone, Debug)]
pub(in crate::data) struct Source {
    pub(in crate::data) workspace: web::WorkspaceId,
    pub(in crate::data) id: SourceId,
    pub(in crate::data) name: String,
    pub(super) kind: String,
    pub(in crate::data) settings: Settings,
    pub(super) sealed: Option<Vec<u8>>,
    /// The password of the account that changes rows.
    pub(super) sealed_writer: Option<Vec<u8>>,
    pub(super) revision: i64,
    pub(in crate::data) changed: Time,
    pub(in crate::data) changed_by: String,
}

impl Source {
    pub(in crate::data) fn kind(&self) -> Result<&'static dyn Kind, Error> {
        named(&self.kind).ok_or(Error::NoSource)
    }

    /// In whose grammar it is asked; of a kind that this version does not know, in ours.
    pub(in crate::data) fn dialect(&self) -> Dialect {
        self.kind().map_or(Dialect::default(), Kind::dialect)
    }

    /// For people.
    pub(in crate::data) fn kind_title(&self) -> &'static str {
        named(&self.kind).map_or("a kind this version does not know", Kind::title)
    }

    /// Where nobody signs in none is needed.
    pub(in crate::data) fn lacks_password(&self) -> bool {
        self.sealed.is_none() && !self.settings.place.user.is_empty()
    }

    /// Rows can be changed there.
    pub(in crate::data) fn can_write(&self) -> bool {
        !self.settings.writer.is_empty() && self.sealed_writer.is_some()
    }

    /// As the audit trail may show it: no password.
    pub(super) fn described(&self) -> serde_json::Value {
        described((&self.name, &self.kind), &self.settings)
    }
}

pub(super) fn described((name, kind): (&str, &str), settings: &Settings) -> serde_json::Value {
    let (place, bounds) = (&settings.place, &settings.bounds);
    let mut described = serde_json::json!({
        "name": name,
        "kind": kind,
        "host": place.host,
        "port": place.port,
        "database": place.database,
        "user": place.user,
        "writer": settings.writer,
        "tls": place.guard.name(),
        "own_authority": !place.ca.is_empty(),
        "reason": settings.reason,
        "connections": bounds.connections,
        "seconds": bounds.seconds,
        "rows": bounds.rows,
    });
    if !settings.tables.is_empty() {
        let names = named(kind).map(|kind| kind.described(&settings.tables));
        let hash = journal::hex(&journal::sha256(settings.tables.as_bytes()));
        described["tables"] = names.and_then(Result::ok).into();
        described["description"] = hash.into();
    }
    described
}

/// All that is needed to get there and be let in.
pub(in crate::data) struct Way {
    pub(super) egress: Egress,
    pub(super) place: Place,
    pub(super) password: Secret,
    pub(super) bounds: Bounds,
    /// The tables as they are described, if they are.
    pub(super) tables: String,
}

impl Way {
    /// What a server may say, without the password it was told.
    pub(super) fn scrubbed(&self, words: &str) -> String {
        let password = self.password.reveal();
        if password.is_empty() {
            return words.to_owned();
        }
        words.replace(password, "…")
    }

    pub(super) fn trouble(&self, step: Step, why: impl std::fmt::Display) -> Trouble {
        let why = self.scrubbed(&why.to_string());
        Trouble { step, why }
    }
}

/// Which rule of a table a change broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Rule {
    /// A value that only one row may have.
    Unique,
    /// A column that may not be empty.
    Required,
    /// A row that another names, or that is named and is not there.
    Reference,
    /// A check.
    Check,
}

/// What can go wrong with a database elsewhere, in the words of those who ask it.
#[derive(Debug, thiserror::Error)]
pub(in crate::data) enum Error {
    #[error("this database is not connected any more; choose another")]
    NoSource,
    #[error("there is a database called `{0}` already; choose another name")]
    Exists(String),
    #[error("{0} changed it meanwhile; look at what it is now, then save again")]
    Changed(String),
    #[error("its password is missing: an admin enters it under Databases")]
    NoPassword,
    #[error("rows cannot be changed there: an admin enters an account that may, under Databases")]
    NoWriter,
    #[error("it cannot be reached: {0}")]
    Unreachable(#[from] Trouble),
    #[error("the connection broke: {0}")]
    Broke(String),
    #[error("all its connections are in use; try again in a moment")]
    Busy,
    #[error("the query took longer than {} seconds", .0.as_secs())]
    TooSlow(Duration),
    #[error("the query gave more than {0} MB")]
    TooMuch(usize),
    /// A rule of the table refused a change.
    #[error("{message}")]
    Rule {
        rule: Rule,
        /// The column or the key, where the server tells.
        column: String,
        code: String,
        message: String,
    },
    /// What a machine answered is not what was described, or is more than may be, in our
    /// words and none of its own.
    #[error("{message}")]
    Misfit {
        step: Step,
        code: String,
        message: String,
    },
    #[error("{found} rows instead of {wanted}")]
    Expected { wanted: u64, found: u64 },
    /// A policy of the app would not let a row through as it was changed.
    #[error("a row would be changed into one outside the policy; nothing was changed")]
    Outside,
    /// The connection broke while a change was made to stand: it may or may not.
    #[error("the connection broke while the change was made to stand: {0}")]
    Unknown(String),
    /// The server refused: its words and its code.
    #[error("{message}")]
    Denied { code: String, message: String },
    /// The statement is wrong: the server's words, its code and the offset if it tells.
    #[error("{message}")]
    BadQuery {
        code: String,
        message: String,
        offset: Option<usize>,
    },
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// What may be kept of it: never the server's words, which may hold values of rows.
    pub(in crate::data) fn kept(&self) -> String {
        match self {
            Error::Denied { code, .. }
            | Error::BadQuery { code, .. }
            | Error::Rule { code, .. } => {
                format!("refused by the database ({code})")
            }
            Error::Misfit { code, .. } => format!("the answer did not fit ({code})"),
            Error::Unreachable(trouble) => format!("not reached: {}", trouble.step.title()),
            Error::Broke(_) => "the connection broke".to_owned(),
            Error::Unknown(_) => "the connection broke: whether it stands is not known".to_owned(),
            other => other.to_string(),
        }
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::NoSource => web::Error::NotFound,
            Error::Changed(_) => web::Error::Conflict(error.to_string()),
            Error::Busy => web::Error::Busy,
            Error::Exists(_)
            | Error::NoPassword
            | Error::NoWriter
            | Error::Rule { .. }
            | Error::Misfit { .. }
            | Error::Expected { .. }
            | Error::Outside
            | Error::Unknown(_)
            | Error::Unreachable(_)
            | Error::Broke(_)
            | Error::TooSlow(_)
            | Error::TooMuch(_)
            | Error::Denied { .. }
            | Error::BadQuery { .. } => web::Error::Invalid(error.to_string()),
        }
    }
}
