//! JSON of other machines as it was written, and the way to a value in it.

mod path;
mod read;

pub use path::{Node, Path};
pub use read::{Fault, Json, is_number, read};
