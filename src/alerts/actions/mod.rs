//! What is done with alerts, each with its line in the journal.

mod raising;

pub use raising::{raise, settle};
