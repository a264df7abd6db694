//! What happened, written in the same transaction as the change itself, so
//! that nothing changes without a trace and no trace tells of nothing; and the
//! chain that binds the lines of all files together.

mod chain;
mod entry;
mod sql;

pub use chain::{Broken, Chain};
pub use entry::{Actor, Entry, Past, Via};
pub use sql::{latest, record};
