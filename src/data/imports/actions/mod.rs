//! What can be done about bringing data. What changes something is one
//! transaction and one line in the journal.

mod files;
mod settle;
mod start;

pub use files::clear_copies;
pub(super) use files::{Receiving, delete, drop_file};
pub(super) use settle::{cancelled, settle};
pub use start::import_bytes;
pub(super) use start::{check, import, look};
