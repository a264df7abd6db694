//! What the program says in its log: lines with a category and the number of
//! the request they belong to, and nothing in them that a log must not hold.

mod line;
mod recent;
mod redact;
mod scope;

pub use line::{Category, Format, Lines};
pub use recent::{Kept, recent};
pub use redact::redact;
pub use scope::{current, during};
