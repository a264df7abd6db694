//! The apps of a workspace: their drafts, their published versions, and those
//! in use read once and kept.

mod model;
mod policies;
mod shelf;
pub(super) mod sql;

pub use model::{Draft, Error, Listed, RequestId, Version};
pub(super) use model::{NewVersion, Request, Side, Step, Stood, Verdict};
pub(super) use policies::{binding, layers, within};
pub use shelf::Apps;
pub(super) use shelf::{Look, Published};
