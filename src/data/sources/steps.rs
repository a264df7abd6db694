//! The steps of getting to a database elsewhere, and which of them failed.

use crate::egress;

/// The steps of getting there, in the order they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::data) enum Step {
    Name,
    Route,
    Tls,
    SignIn,
    /// Past a header.
    LetIn,
    Database,
    Powers,
    /// What is described is what it answers.
    Tables,
    /// As the account that changes rows.
    Writer,
}

impl Step {
    /// Those of a database that one signs in to.
    pub(super) const OF_SERVERS: [Step; 6] = [
        Step::Name,
        Step::Route,
        Step::Tls,
        Step::SignIn,
        Step::Database,
        Step::Powers,
    ];

    /// For people.
    pub(in crate::data) fn title(self) -> &'static str {
        match self {
            Step::Name => "Find the machine",
            Step::Route => "Reach it at that port",
            Step::Tls => "Secure the connection and believe who it is",
            Step::SignIn => "Sign in",
            Step::LetIn => "Be let in",
            Step::Database => "Open the database",
            Step::Powers => "See what the account may do",
            Step::Tables => "Read a page of each table as it is described",
            Step::Writer => "Sign in as the account that changes rows",
        }
    }

    /// What to do when it fails.
    pub(in crate::data) fn advice(self) -> &'static str {
        match self {
            Step::Name => "Check the host's name.",
            Step::Route => {
                "Check the port, that the server listens to other machines, that no firewall stands between, and that the configuration file of this server allows it."
            }
            Step::Tls => {
                "Check that the server has TLS on and shows a certificate for this host; if its authority is your own, enter that authority's certificate."
            }
            Step::SignIn => {
                "Check user and password, and that the server lets this user in from this machine."
            }
            Step::Database => "Check the database's name and that the user may connect to it.",
            Step::LetIn => {
                "Check the header and what it says, and that the API lets this machine in."
            }
            Step::Tables => {
                "Check what is described of that table: `get`, `rows`, how it goes on, and the paths and types of its columns."
            }
            Step::Powers => "Check that the user may read the catalog of its tables.",
            Step::Writer => "Check the account that changes rows, and enter its password again.",
        }
    }
}

/// Why one could not get there.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{why}")]
pub(in crate::data) struct Trouble {
    pub(in crate::data) step: Step,
    pub(in crate::data) why: String,
}

impl Trouble {
    /// On the way out nothing was said that is secret.
    pub(super) fn of(error: &egress::Error) -> Trouble {
        let step = match error {
            egress::Error::BadHost(_)
            | egress::Error::UnknownName { .. }
            | egress::Error::NoNames(_) => Step::Name,
            egress::Error::BadCa(_) | egress::Error::Untrusted { .. } => Step::Tls,
            _ => Step::Route,
        };
        let why = error.to_string();
        Trouble { step, why }
    }
}
