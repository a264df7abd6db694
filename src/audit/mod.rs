//! The trail: looked at, filtered, exported, sealed, sent on and proved.
//! Writing the journal is everyone's business; see [`crate::journal`].

mod actions;
mod file;
mod filter;
mod forward;
mod leaving;
mod pages;
mod sql;
mod watch;

pub use actions::seal_old;
pub use file::{Checked, Flaw, check};
pub use forward::{JOURNALD, SYSLOG, Sender};
pub use leaving::{Leaving, extract};
pub use pages::{notice, routes};
pub use watch::watch;
