//! What needs somebody's attention: raised by any floor above and by rules that
//! read the journal, told to those who asked for it, and worked off in an inbox.

mod actions;
mod model;
mod sql;

pub use actions::{raise, settle};
pub use model::{Alert, AlertId, Severity};
