//! What leaves by agreement, and how the process does: the usage report with its
//! ledger, the figures, health, the latest warnings, and whether the program is
//! still the one that was installed.

mod actions;
mod collect;
mod features;
mod figures;
mod model;
mod pages;
mod program;
mod send;
mod signed;
mod sql;
mod watch;

pub use actions::{agree, decline, is_decided, preview, state, take_file};
pub use model::{Choice, Error, InstanceId, MOST, Report, Sent, State};
pub use pages::routes;
pub use send::{Outcome, send};
pub use signed::{Checked, check};
pub use watch::{Watch, watch};
