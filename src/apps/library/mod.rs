//! The apps of a workspace: their drafts, their published versions, and those
//! in use read once and kept.

mod model;
mod policies;
mod shelf;
pub(super) mod sql;
mod views;

pub(super) use model::NewVersion;
pub use model::{Draft, Error, Listed, Version};
pub(super) use policies::{layers, within};
pub use shelf::Apps;
pub(super) use shelf::Published;
