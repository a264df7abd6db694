//! Which version of the program a data folder belongs to, the copy that is made
//! before a newer one changes it, and the way back.

mod back;
mod begin;
mod copy;
mod mark;
mod proof;
mod snapshot;
#[cfg(test)]
mod tests;

pub use back::{Back, roll_back};
pub use begin::{Upgrade, is_ready};
pub use mark::{Build, Note, Turn, note, noted};
pub use snapshot::{Snapshot, forget_old, snapshots};
