//! What needs somebody's attention: raised by any floor above and by rules that
//! read the journal, told to those who asked for it, and worked off in an inbox.

mod actions;
mod checks;
mod model;
mod pages;
#[cfg(test)]
mod raising_tests;
mod reading;
mod rules;
mod sql;
mod target;
mod watch;
mod webhook;

pub use actions::{hand_over, raise, settle, tell};
pub use checks::renewed;
pub use model::{Alert, AlertId, Severity};
pub use pages::routes;
pub use reading::Reader;
pub use rules::{ALL as RULES, Adds, Count, Reached, Rule};
pub use target::{MessageId, TargetId};
pub use watch::watch;
