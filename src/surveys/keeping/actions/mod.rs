//! What changes how long answers are kept, and who is forgotten.

mod erasing;
mod holding;
mod ruling;

pub use erasing::{erase, erase_again};
pub use holding::{hold, release};
pub(super) use ruling::{fall_due, fall_due_each};
